import type { ColumnVector, ColumnarBlock } from '../../../io/columnar-block.ts';
import { raise } from '../../../kernel/errors.ts';
import { CodeScope } from '../../expressions/code-scope.ts';
import { generateExpression } from '../../expressions/generate.ts';
import type { Attribute, TypedExpression } from '../../expressions/typed-expression.ts';
import { referencesOf, transformDown } from '../../expressions/typed-tree.ts';
import type { OperatorSetup, RowSink } from '../physical-operator.ts';
import { type BytesCode, writeJson } from './json-code.ts';
import { jsonField } from './json-field.ts';
import { writeGroup } from './group-code.ts';
import { writeLate } from './late-code.ts';
import { writeProbe } from './probe-code.ts';
import { lateTest } from './late-test.ts';
import type { LateCode, StageWriter } from './stage-writer.ts';
import { FieldUse, replaceFields } from './field-use.ts';
import { orNulls } from './or-nulls.ts';
import { failedAt, failedIn, placeOf, type StagePlace } from './stage-failure.ts';
import type { Stage, StageEnd, StageStep } from './stage.ts';
import { canSplit, type SplitSite, type SplitStruct, splitStruct, wholeStruct } from './split-struct.ts';

/** A stage as a function of one row; undefined where the platform forbids generated code. */
export function generateRows(stage: Stage, setup: OperatorSetup): RowSink | undefined {
  const code = new StageCode(stage, setup);
  stage.input.forEach((column, i) => {
    code.defineUsed(column, `row[${i}]`);
  });
  code.generate();
  const body = `let place = 0;
try {
${code.text}
} catch (error) {
throw ${code.scope.bind(failedIn)}(error, ${code.scope.bind(code.places)}[place]);
}`;
  return code.scope.build(['row'], body) as unknown as RowSink | undefined;
}

type BlockLoop = (columns: readonly ColumnVector[], count: number, cursor: { row: number }) => void;

/**
 * A stage as one loop over the rows of a block. How columns are stored may differ from block to block: each form of a block has its own
 * loop, made when it is first met.
 */
export function generateBlocks(
  stage: Stage,
  setup: OperatorSetup,
): ((columns: readonly ColumnVector[], block: ColumnarBlock) => void) | undefined {
  const loops = new Map<string, BlockLoop>();
  const loopFor = (columns: readonly ColumnVector[]): BlockLoop => {
    const form = columns.map((column) => column.kind).join();
    let loop = loops.get(form);
    if (loop === undefined) {
      loop =
        blockLoop(stage, setup, columns) ??
        raise('INTERNAL_INVARIANT', { what: `no code could be made for the stage of ${stage.name}` });
      loops.set(form, loop);
    }
    return loop;
  };
  // Whether code may be generated at all does not depend on the block.
  if (new CodeScope(setup, new Map()).build([], 'return 0;') === undefined) return undefined;
  return (columns, block) => {
    const cursor = { row: 0 };
    try {
      loopFor(columns)(columns, block.count, cursor);
    } catch (error) {
      throw failedAt(error, stage, block, cursor.row);
    }
  };
}

function blockLoop(stage: Stage, setup: OperatorSetup, columns: readonly ColumnVector[]): BlockLoop | undefined {
  const code = new StageCode(stage, setup);
  const head: string[] = [];
  columns.forEach(({ kind }, i) => {
    const column = stage.input[i] as Attribute;
    switch (kind) {
      case 'constant':
        head.push(`const c${i} = columns[${i}].value;`);
        code.attributes.set(column.id, `c${i}`);
        break;
      case 'values':
        head.push(`const c${i} = columns[${i}].values;`);
        code.define(column, `c${i}[i]`);
        break;
      case 'bytes':
        head.push(`const c${i} = columns[${i}].bytes, f${i} = columns[${i}].from, u${i} = columns[${i}].until;`);
        code.defineBytes(column, { bytes: `c${i}`, from: `f${i}[i]`, until: `u${i}[i]`, vector: [`f${i}`, `u${i}`] });
        break;
    }
  });
  code.isLoop = true;
  code.generate();
  const body = `${head.join('\n')}
${code.before.join('\n')}
let i = 0, place = 0;
try {
for (; i < count; i++) {
${code.text}
}
${code.after.join('\n')}
} catch (error) {
cursor.row = i;
throw ${code.scope.bind(failedIn)}(error, ${code.scope.bind(code.places)}[place]);
}`;
  return code.scope.build(['columns', 'count', 'cursor'], body) as unknown as BlockLoop | undefined;
}

/** Writes the code of a stage's steps, each within the blocks that those before it have opened. */
class StageCode implements StageWriter {
  readonly scope: CodeScope;
  readonly attributes = new Map<number, string>();
  /** Statements before the loop. */
  readonly before: string[] = [];
  /** Statements behind it. */
  readonly after: string[] = [];
  /** What is being computed when the variable `place` has an index of this list; none at 0. */
  readonly places: (StagePlace | undefined)[] = [undefined];
  isLoop = false;
  readonly #stage: Stage;
  readonly #setup: OperatorSetup;
  readonly lines: string[] = [];
  readonly #uses: FieldUse;
  readonly #split = new Map<number, SplitStruct>();
  readonly lateTexts = new Map<string, LateCode>();
  readonly #bytes = new Map<number, BytesCode>();
  /** The variable that counts rows here. */
  #counter: string | undefined;
  #nextId = -1_000_000;

  constructor(stage: Stage, setup: OperatorSetup) {
    this.#stage = stage;
    this.#setup = setup;
    this.#uses = new FieldUse(stage);
    this.scope = new CodeScope(setup, this.attributes);
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** An input column; read only once something needs it, at the top of the row. */
  define(column: Attribute, code: string): void {
    const name = this.scope.fresh();
    this.lines.push(`const ${name} = ${code};`);
    this.attributes.set(column.id, name);
  }

  /** The same, for a column that may be needed nowhere. */
  defineUsed(column: Attribute, code: string): void {
    if (this.#uses.isUsed(column.id)) this.define(column, code);
  }

  /** A column of bytes: no array is made of a row's part unless an expression asks for the value as such. */
  defineBytes(column: Attribute, bytes: BytesCode): void {
    this.#bytes.set(column.id, bytes);
    if (this.#uses.isWholeUsed(column.id)) {
      this.define(
        column,
        `${bytes.until} < ${bytes.from} ? null : ${bytes.bytes}.subarray(${bytes.from}, ${bytes.until})`,
      );
    }
  }

  generate(): void {
    let open = 0;
    for (const step of this.#stage.steps) {
      const opened = this.#step(step);
      // What stands in a block of its own has a number of rows of its own.
      if (opened > 0) this.#counter = undefined;
      open += opened;
    }
    this.#end(this.#stage.end);
    this.lines.push('}'.repeat(open));
  }

  /** Writes a step; returns how many blocks it has opened. */
  #step(step: StageStep): number {
    switch (step.kind) {
      case 'filter':
        this.lines.push(`if (${this.value(step.condition, { operator: 'filter' })} === true) {`);
        return 1;
      case 'project':
      case 'define':
        this.#project(step);
        return 0;
      case 'eventTime':
        this.lines.push(
          `${this.scope.bind(step.stats)}.observe(${this.value(step.column)}${this.isLoop ? ', i' : ''});`,
        );
        return 0;
      case 'generate':
        return this.#generator(step);
      case 'expand':
        return this.#expand(step);
      case 'probe':
        return writeProbe(this, step);
      case 'tap':
        writeGroup(this, step.groups, []);
        return 0;
      case 'watch':
        this.lines.push(
          `${this.scope.bind(step.take)}([${step.columns.map((column) => this.value(column)).join(', ')}]);`,
        );
        return 0;
      case 'count':
        this.#count(step);
        return 0;
      case 'late':
        writeLate(this, step);
        return 0;
      case 'sample':
        this.lines.push(`if (${this.scope.bind(step.takes)}()) {`);
        return 1;
      default:
        return step satisfies never;
    }
  }

  /** One addition for each row of the loop, however many steps are counted at this place. */
  #count({ tally }: Extract<StageStep, { kind: 'count' }>): void {
    const rows = `${this.scope.bind(tally)}.rows`;
    if (!this.isLoop) {
      this.lines.push(`${rows}++;`);
      return;
    }
    if (this.#counter === undefined) {
      this.#counter = this.scope.fresh();
      this.before.push(`let ${this.#counter} = 0;`);
      this.lines.push(`${this.#counter}++;`);
    }
    this.after.push(`${rows} += ${this.#counter};`);
  }

  /** The code of a value: a variable or a constant; its statements are written. */
  value(e: TypedExpression, place?: StagePlace): string {
    if (place !== undefined && e.kind !== 'attribute' && e.kind !== 'literal') this.setPlace(place);
    const withFields = this.#withLateTests(this.#withFields(e));
    const late = this.#defineLateBytes(withFields);
    const { statements, value } = generateExpression(withFields, this.scope);
    for (const id of late) this.attributes.delete(id);
    if (statements !== '') this.lines.push(statements);
    return value;
  }

  /** What fails from here on fails in this place. */
  setPlace(place: StagePlace): void {
    this.lines.push(`place = ${this.places.push(place) - 1};`);
  }

  /** Columns of bytes that nothing was expected to need: read for this expression alone, in its block. */
  #defineLateBytes(e: TypedExpression): readonly number[] {
    const late = [...referencesOf(e)].filter((id) => this.#bytes.has(id) && !this.attributes.has(id));
    for (const id of late) {
      const { bytes, from, until } = this.#bytes.get(id) as BytesCode;
      const name = this.scope.fresh();
      this.lines.push(`const ${name} = ${until} < ${from} ? null : ${bytes}.subarray(${from}, ${until});`);
      this.attributes.set(id, name);
    }
    return late;
  }

  /** A struct whose fields stand in variables. */
  splitOf(id: number): SplitStruct | undefined {
    return this.#split.get(id);
  }

  #splitSite(place: StagePlace): SplitSite {
    return {
      site: this.#setup,
      value: (e) => this.value(e, place),
      fresh: () => this.scope.fresh(),
      bind: (value) => this.scope.bind(value),
      lines: this.lines,
    };
  }

  /** What can be said of a text by its bytes needs no text. */
  #withLateTests(e: TypedExpression): TypedExpression {
    if (this.lateTexts.size === 0) return e;
    return transformDown(e, (node) => {
      const test = node.kind === 'call' ? lateTest(node, this) : undefined;
      return test === undefined ? undefined : this.#column(test, node);
    });
  }

  /** Fields of structs that stand in variables of their own become columns. */
  #withFields(e: TypedExpression): TypedExpression {
    return replaceFields(e, (struct, field, node) => {
      const split = this.#split.get(struct.id);
      const code = split?.fields[field];
      if (code === undefined) return undefined;
      return this.#column(code, node);
    });
  }

  /** Code in the place of an expression. */
  #column(code: string, { type }: TypedExpression): Attribute {
    const id = this.#nextId--;
    this.attributes.set(id, code);
    return { kind: 'attribute', id, name: '', qualifier: [], type, nullable: true };
  }

  #project(step: Extract<StageStep, { kind: 'project' | 'define' }>): void {
    const defined: [number, string][] = [];
    for (const { expression, attribute } of step.columns) {
      if (expression.kind === 'attribute') {
        const split = this.#split.get(expression.id);
        if (split !== undefined) this.#split.set(attribute.id, split);
        const code = this.attributes.get(expression.id);
        if (code !== undefined) defined.push([attribute.id, code]);
        continue;
      }
      if (this.#splitColumn(expression, attribute, placeOf(step, attribute))) continue;
      const value = this.value(expression, placeOf(step, attribute));
      if (this.lateTexts.has(value)) {
        // It may be that nobody asks for the text under this name either.
        defined.push([attribute.id, value]);
        continue;
      }
      const name = this.scope.fresh();
      this.lines.push(`const ${name} = ${value};`);
      defined.push([attribute.id, name]);
    }
    for (const [id, code] of defined) this.attributes.set(id, code);
  }

  /** Windows and parsed JSON: their fields go into variables, and the struct is made only if something asks for it. */
  #splitColumn(expression: TypedExpression, attribute: Attribute, place: StagePlace): boolean {
    const isWhole = this.#uses.isWholeUsed(attribute.id);
    const json = isWhole
      ? undefined
      : jsonField(expression, this.#bytes, this.#uses.fieldsOf(attribute), this.#setup, this.isLoop);
    const split = json === undefined ? splitStruct(expression, this.#splitSite(place)) : writeJson(this, json);
    if (split === undefined) return false;
    this.#split.set(attribute.id, split);
    if (isWhole) {
      const name = this.scope.fresh();
      this.lines.push(`const ${name} = ${wholeStruct(split)};`);
      this.attributes.set(attribute.id, name);
    }
    return true;
  }

  #generator(step: Extract<StageStep, { kind: 'generate' }>): number {
    const args = step.args.map((arg) => this.value(arg, { operator: 'generate' })).join(', ');
    const call = `${this.scope.bind(step.call)}(${args})`;
    const rows = step.outer ? `${this.scope.bind(orNulls)}(${call}, ${step.columns.length})` : call;
    const row = this.scope.fresh();
    this.lines.push(`for (const ${row} of ${rows}) {`);
    step.columns.forEach((column, i) => {
      this.defineUsed(column, `${row}[${i}]`);
    });
    return 1;
  }

  #expand({ projections, output }: Extract<StageStep, { kind: 'expand' }>): number {
    const turn = this.scope.fresh();
    const names = output.map(() => this.scope.fresh());
    const splits: (SplitStruct | undefined)[] = output.map(() => undefined);
    const defined: [number, string][] = [];
    const varying: number[] = [];
    output.forEach((column, i) => {
      const first = projections[0]?.[i];
      const isSame =
        first?.kind === 'attribute' &&
        projections.every((projection) => {
          const other = projection[i];
          return other?.kind === 'attribute' && other.id === first.id;
        });
      if (!isSame) {
        varying.push(i);
        return;
      }
      const split = this.#split.get(first.id);
      if (split !== undefined) this.#split.set(column.id, split);
      const code = this.attributes.get(first.id);
      if (code !== undefined) defined.push([column.id, code]);
    });
    this.lines.push(`for (let ${turn} = 0; ${turn} < ${projections.length}; ${turn}++) {`);
    // Windows: all projections split alike, into the same variables.
    for (const i of varying) {
      const column = output[i] as Attribute;
      const isSplit =
        !this.#uses.isWholeUsed(column.id) &&
        projections.every((projection) => canSplit(projection[i] as TypedExpression));
      if (isSplit && column.type.kind === 'struct') {
        const split = { fields: column.type.fields.map(() => this.scope.fresh()), isNull: this.scope.fresh() };
        splits[i] = split;
        this.lines.push(
          `let ${[...split.fields.map((field) => `${field} = null`), `${split.isNull} = true`].join(', ')};`,
        );
      } else {
        this.lines.push(`let ${names[i]} = null;`);
      }
    }
    this.lines.push(`switch (${turn}) {`);
    projections.forEach((projection, p) => {
      this.lines.push(`case ${p}: {`);
      for (const i of varying) {
        const e = projection[i] as TypedExpression;
        const target = splits[i];
        if (target === undefined) {
          this.lines.push(
            `${names[i]} = ${this.value(e, { operator: 'expand', column: (output[i] as Attribute).name })};`,
          );
          continue;
        }
        const split = splitStruct(
          e,
          this.#splitSite({ operator: 'expand', column: (output[i] as Attribute).name }),
        ) as SplitStruct;
        target.fields.forEach((field, k) => this.lines.push(`${field} = ${split.fields[k]};`));
        this.lines.push(`${target.isNull} = ${split.isNull ?? 'false'};`);
      }
      this.lines.push('break; }');
    });
    this.lines.push('}');
    for (const i of varying) {
      const column = output[i] as Attribute;
      const split = splits[i];
      if (split === undefined) defined.push([column.id, names[i] as string]);
      else this.#split.set(column.id, split);
    }
    for (const [id, code] of defined) this.attributes.set(id, code);
    return 1;
  }

  #end(end: StageEnd): void {
    if (end.kind === 'rows') {
      const values = end.columns.map((column) => this.value(column));
      // What fails behind this stage is not this stage's.
      this.lines.push('place = 0;');
      this.lines.push(`${this.scope.bind(end.emit)}([${values.join(', ')}]);`);
    } else {
      writeGroup(this, end.groups, end.keys);
    }
  }
}
