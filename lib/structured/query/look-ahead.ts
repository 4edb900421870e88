import type { ColumnarBlock, ColumnVector } from '../../io/columnar-block.ts';
import { raise } from '../../kernel/errors.ts';
import { expressionsOf, inputsOf, nodesOf } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { callSite } from '../expressions/evaluation-site.ts';
import type { Attribute, TypedCall, TypedExpression } from '../expressions/typed-expression.ts';
import { childrenOf, referencesOf, transformDown } from '../expressions/typed-tree.ts';
import type { Prepare } from '../functions/define-function.ts';
import type { OperatorSetup } from '../operators/physical-operator.ts';
import { compileRow } from '../planner/compile-row.ts';
import type { InternalRow, InternalValue } from '../types/data-type.ts';

/**
 * What functions have to fetch before the rows of a block are worked on: schemas of a registry, by the ids in the values. Functions
 * wait for nothing, so each block is looked through first, and then awaited once.
 */
export class LookAhead {
  readonly #ofSources = new Map<number, Look[]>();
  readonly #ofRows: { readonly look: Look; readonly rows: readonly InternalRow[] }[] = [];

  constructor(plan: ResolvedPlan, setup: OperatorSetup) {
    for (const node of nodesOf(plan)) {
      for (const call of callsIn(expressionsOf(node))) {
        const { body } = call.function;
        const prepare = body.kind === 'scalar' ? body.prepare?.(callSite(call, setup)) : undefined;
        const [argument] = call.args;
        if (prepare === undefined || argument === undefined) continue;
        for (const input of inputsOf(node)) this.#trace(argument, input, { call, prepare, setup });
      }
    }
  }

  /** Whether there is anything to look for in a source. */
  looksAt(sourceId: number): boolean {
    return this.#ofSources.has(sourceId);
  }

  /** Before the first batch: for rows at hand. */
  async begin(): Promise<void> {
    for (const { look, rows } of this.#ofRows) await look.prepare(rows.map((row) => look.value(row)));
  }

  /** Gives blocks on when what their rows need is there. */
  async *blocks(
    sourceId: number,
    blocks: AsyncIterable<ColumnarBlock>,
  ): AsyncGenerator<ColumnarBlock, void, undefined> {
    const looks = this.#ofSources.get(sourceId) ?? [];
    for await (const block of blocks) {
      for (const look of looks) await look.prepare(valuesOf(block, look));
      yield block;
    }
  }

  /** Follows an expression down to the source that its columns come from. */
  #trace(e: TypedExpression, plan: ResolvedPlan, use: Use): void {
    const wanted = new Set<number>();
    referencesOf(e, wanted);
    if (wanted.size === 0) {
      this.#ofRows.push({ look: lookOf(e, [], use), rows: [[]] });
      return;
    }
    if (![...wanted].every((id) => plan.output.some((column) => column.id === id))) {
      // Of the other side of a join.
      return;
    }
    switch (plan.kind) {
      case 'read':
        return this.#found(plan.sourceId, lookOf(e, plan.output, use));
      case 'local':
        this.#ofRows.push({ look: lookOf(e, plan.output, use), rows: plan.rows });
        return;
      case 'project': {
        const columns = new Map(plan.columns.map(({ attribute, expression }) => [attribute.id, expression]));
        const below = transformDown(e, (part) => (part.kind === 'attribute' ? columns.get(part.id) : undefined));
        return this.#trace(below, plan.child, use);
      }
      case 'union':
        for (const child of plan.children) {
          const columns = new Map(plan.output.map(({ id }, i) => [id, child.output[i] as Attribute]));
          this.#trace(
            transformDown(e, (part) => (part.kind === 'attribute' ? columns.get(part.id) : undefined)),
            child,
            use,
          );
        }
        return;
      case 'filter':
      case 'watermark':
      case 'sort':
      case 'limit':
      case 'sample':
      case 'observe':
      case 'deduplicate':
      case 'join':
        for (const input of inputsOf(plan)) this.#trace(e, input, use);
        return;
      default:
        raise('SCHEMA_REGISTRY_COLUMN', {
          function: use.call.function.name,
          column: e.kind === 'attribute' ? e.name : 'what is computed',
        });
    }
  }

  #found(sourceId: number, look: Look): void {
    const known = this.#ofSources.get(sourceId);
    if (known === undefined) this.#ofSources.set(sourceId, [look]);
    else known.push(look);
  }
}

interface Use {
  readonly call: TypedCall;
  readonly prepare: Prepare;
  readonly setup: OperatorSetup;
}

/** How the values of one function are had from the columns of a source. */
interface Look {
  readonly columns: readonly Attribute[];
  readonly value: (row: InternalRow) => InternalValue;
  readonly prepare: Prepare;
}

function lookOf(e: TypedExpression, output: readonly Attribute[], { prepare, setup }: Use): Look {
  const wanted = new Set<number>();
  referencesOf(e, wanted);
  const columns = output.filter(({ id }) => wanted.has(id));
  const compute = compileRow([e], columns, setup);
  return {
    columns,
    value(row) {
      try {
        return compute(row)[0] ?? null;
      } catch {
        // It fails again, with its place, when the row is worked on.
        return null;
      }
    },
    prepare,
  };
}

function* valuesOf(block: ColumnarBlock, look: Look): Generator<InternalValue> {
  const vectors = block.columns(look.columns.map(({ name }) => name));
  for (let row = 0; row < block.count; row++) {
    yield look.value(look.columns.map((column, i) => valueAt(vectors[i] as ColumnVector, row, column)));
  }
}

const utf8 = new TextDecoder();

function valueAt(vector: ColumnVector, row: number, { type }: Attribute): InternalValue {
  switch (vector.kind) {
    case 'constant':
      return vector.value as InternalValue;
    case 'values':
      return (vector.values[row] ?? null) as InternalValue;
    case 'bytes': {
      const [from, until] = [vector.from[row] ?? 0, vector.until[row] ?? -1];
      if (until < from) return null;
      const bytes = vector.bytes.subarray(from, until);
      return type.kind === 'string' ? utf8.decode(bytes) : bytes;
    }
    default:
      return vector satisfies never;
  }
}

function* callsIn(expressions: readonly TypedExpression[]): Generator<TypedCall> {
  for (const e of expressions) yield* callsOf(e);
}

function* callsOf(e: TypedExpression): Generator<TypedCall> {
  if (e.kind === 'call') yield e;
  for (const child of childrenOf(e)) yield* callsOf(child);
}
