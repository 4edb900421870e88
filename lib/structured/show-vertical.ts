import type { TableLayout } from './query/show-table.ts';

/**
 * Rows with a line for each value, as Spark's `show(vertical = true)`.
 *
 * @example
 * showVertical(['k'], [['a']], 1)   // => '-RECORD 0--\n k   | a   \n'
 */
export function showVertical(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  total: number,
  { numRows = 20, truncate = 20 }: TableLayout = {},
): string {
  const cut = (text: string): string =>
    truncate > 0 && text.length > truncate
      ? truncate < 4
        ? text.slice(0, truncate)
        : `${text.slice(0, truncate - 3)}...`
      : text;
  const shown = rows.slice(0, numRows).map((row) => row.map(cut));
  const nameWidth = Math.max(3, ...names.map((name) => name.length));
  const valueWidth = Math.max(3, ...shown.flat().map((text) => text.length));
  if (shown.length === 0) return '(0 rows)\n';
  const records = shown.map((row, i) => {
    const head = `-RECORD ${i}`.padEnd(nameWidth + valueWidth + 5, '-');
    const lines = row.map((text, j) => ` ${(names[j] ?? '').padEnd(nameWidth)} | ${text.padEnd(valueWidth)} \n`);
    return `${head}\n${lines.join('')}`;
  });
  const more = total > numRows ? `only showing top ${numRows} ${numRows === 1 ? 'row' : 'rows'}\n` : '';
  return records.join('') + more;
}
