import { raise } from '../../../kernel/errors.ts';
import { isPrimitive } from '../key-values.ts';
import type { ProbeStep } from './stage.ts';
import type { StaticTable } from '../static-table.ts';
import type { LateCode, StageWriter } from './stage-writer.ts';

/** Writes the look-up of a row in the static side of a join; returns how many blocks it has opened. */
export function writeProbe(code: StageWriter, step: ProbeStep): number {
  const late = lateKey(code, step);
  if (late !== undefined) return probeFlat(code, step, late);
  const found = code.scope.fresh();
  code.lines.push(`const ${found} = ${foundRows(code, step)};`);
  const isOuter = step.how === 'left';
  const rows = code.scope.fresh();
  const nulls = code.scope.bind([step.columns.map(() => null)]);
  if (step.how !== 'inner' && (!isOuter || step.conditions.length > 0 || step.isSingle === true)) {
    // Those for which the conditions hold; of a semi join the first is enough.
    const row = code.scope.fresh();
    code.lines.push(`const ${rows} = [];`, `if (${found} !== undefined) for (const ${row} of ${found}) {`);
    const open = openMatches(code, step, (i) => `${row}[${i}]`);
    code.lines.push(`${rows}.push(${row});`, isOuter ? '' : 'break;', '}'.repeat(open), '}');
    if (step.isSingle === true) code.lines.push(`if (${rows}.length > 1) ${code.scope.bind(tooMany)}();`);
    if (step.exists !== undefined) {
      code.defineUsed(step.exists, `${rows}.length > 0`);
      return 0;
    }
    if (!isOuter) {
      code.lines.push(`if (${rows}.length ${step.how === 'semi' ? '>' : '==='} 0) {`);
      return 1;
    }
    const each = code.scope.fresh();
    code.lines.push(`for (const ${each} of ${rows}.length === 0 ? ${nulls} : ${rows}) {`);
    defineColumns(code, step, (i) => `${each}[${i}]`);
    return 1;
  }
  const at = code.scope.fresh();
  const row = code.scope.fresh();
  code.lines.push(
    isOuter ? `const ${rows} = ${found} === undefined ? ${nulls} : ${found};` : `if (${found} !== undefined) {`,
    `for (let ${at} = 0; ${at} < ${isOuter ? rows : found}.length; ${at}++) {`,
    `const ${row} = ${isOuter ? rows : found}[${at}];`,
  );
  return 1 + (isOuter ? 0 : 1) + openMatches(code, step, (i) => `${row}[${i}]`);
}

function tooMany(): never {
  return raise('SCALAR_SUBQUERY_TOO_MANY_ROWS', {});
}

/** Opens a block in which a row of the table matches. */
function openMatches(code: StageWriter, step: ProbeStep, valueAt: (column: number) => string): number {
  defineColumns(code, step, valueAt);
  for (const condition of step.conditions) {
    code.lines.push(`if (${code.value(condition, { operator: 'join' })} === true) {`);
  }
  return step.conditions.length;
}

function defineColumns(code: StageWriter, step: ProbeStep, valueAt: (column: number) => string): void {
  step.columns.forEach((column, i) => {
    code.defineUsed(column, valueAt(i));
  });
}

function foundRows(code: StageWriter, { table, keys }: ProbeStep): string {
  const rows = code.scope.bind(table.byName);
  const values = keys.map((key) => code.value(key, { operator: 'join' }));
  const [value] = values;
  const [type] = keys.map((key) => key.type);
  if (values.length === 1 && type !== undefined && value !== undefined && isPrimitive(type)) {
    // Rows with a null key are in the table only where null equals null.
    const byText = `${rows}.get(${value})`;
    const late = type.kind === 'string' ? code.lateTexts.get(value) : undefined;
    return late === undefined ? byText : byBytes(code, table, late, byText);
  }
  return `${rows}.get(${code.scope.bind(table)}.nameOf([${values.join(', ')}]))`;
}

/** The text of the key is not made when its bytes are enough to find the rows. */
function byBytes(code: StageWriter, table: StaticTable, { variable, text, bytes }: LateCode, byText: string): string {
  const index = code.scope.fresh();
  code.before.push(`const ${index} = ${code.scope.bind(table)}.texts;`);
  const found = `${index}.find(${viewOf(code, bytes)}, ${text}.start, ${text}.end)`;
  return `${variable} === undefined && ${text}.isAscii ? ${found} : ${byText}`;
}

function viewOf(code: StageWriter, bytes: string): string {
  const view = code.scope.fresh();
  code.before.push(`const ${view} = new DataView(${bytes}.buffer, ${bytes}.byteOffset, ${bytes}.byteLength);`);
  return view;
}

/** The one key of an inner join, when it is a column that holds a text that has not been made. */
function lateKey(code: StageWriter, { how, keys }: ProbeStep): string | undefined {
  const [key] = keys;
  if (how !== 'inner' || keys.length !== 1 || key?.kind !== 'attribute' || key.type.kind !== 'string') return undefined;
  const text = code.attributes.get(key.id);
  return text !== undefined && code.lateTexts.has(text) ? text : undefined;
}

/** The rows are read by column: each of a list of rows would be another place in memory to go to. */
function probeFlat(code: StageWriter, step: ProbeStep, key: string): number {
  const { variable, text, bytes } = code.lateTexts.get(key) as LateCode;
  const [flat, first, found, row] = [code.scope.fresh(), code.scope.fresh(), code.scope.fresh(), code.scope.fresh()];
  const columns = step.columns.map(() => code.scope.fresh());
  const view = viewOf(code, bytes);
  code.before.push(
    `const ${flat} = ${code.scope.bind(step.table)}.flat(${columns.length}), ${first} = ${flat}.first;`,
    ...columns.map((column, i) => `const ${column} = ${flat}.columns[${i}];`),
  );
  code.lines.push(
    `const ${found} = ${variable} === undefined && ${text}.isAscii`,
    `? ${flat}.find(${view}, ${text}.start, ${text}.end) : ${flat}.keyOf(${key});`,
    `for (let ${row} = ${first}[${found}]; ${row} < ${first}[${found} + 1]; ${row}++) {`,
  );
  return 1 + openMatches(code, step, (i) => `${columns[i]}[${row}]`);
}
