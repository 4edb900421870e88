import type { Attribute } from '../../expressions/typed-expression.ts';
import { wholeStruct } from './split-struct.ts';
import type { LateStep } from './stage.ts';
import type { StageWriter } from './stage-writer.ts';

/** Writes the test for a late row. Rows in time cost a comparison; the row is put together where it is late. */
export function writeLate(code: StageWriter, { columns, time, limit, take }: LateStep): void {
  const [at, until] = [code.scope.fresh(), code.scope.fresh()];
  // The limit stays as it is for a whole batch, and a comparison with undefined is a slow one.
  (code.isLoop ? code.before : code.lines).push(`const ${until} = ${code.scope.bind(limit)}.us ?? -Infinity;`);
  code.lines.push(`const ${at} = ${timeCode(code, time)};`, `if (${at} !== null && ${at} <= ${until}) {`);
  const values = columns.map((column) => valueCode(code, column));
  code.lines.push(`${code.scope.bind(take)}([${values.join(', ')}]);`, '}');
}

function timeCode(code: StageWriter, time: Attribute): string {
  if (time.type.kind !== 'struct') return code.value(time);
  const split = code.splitOf(time.id);
  if (split !== undefined) return split.fields[1] ?? 'null';
  const value = code.value(time);
  return `(${value} === null ? null : ${value}[1])`;
}

function valueCode(code: StageWriter, column: Attribute): string {
  const split = code.attributes.has(column.id) ? undefined : code.splitOf(column.id);
  return split === undefined ? code.value(column) : `(${wholeStruct(split)})`;
}
