/** How a table is printed: as `show` of Spark does. */
export interface TableLayout {
  /** Rows at most; 20 when left out. */
  readonly numRows?: number;
  /** Longer texts are cut to this many characters, the last three of them dots; 0 cuts nothing. 20 when left out. */
  readonly truncate?: number;
}

/**
 * Rows as Spark's table: texts to the right while they may be cut, to the left when nothing is.
 *
 * @example
 * showTable(['k'], [['a']], 1)   // => '+---+\n|  k|\n+---+\n|  a|\n+---+\n'
 */
export function showTable(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  total: number,
  { numRows = 20, truncate = 20 }: TableLayout = {},
): string {
  const cut = (text: string): string => cutText(escaped(text), truncate);
  const table = [names.map(cut), ...rows.slice(0, numRows).map((row) => row.map(cut))];
  const widths = names.map((_, i) => Math.max(3, ...table.map((row) => widthOf(row[i] ?? ''))));
  const line = `+${widths.map((width) => '-'.repeat(width)).join('+')}+\n`;
  const print = (row: readonly string[]): string =>
    `|${row.map((text, i) => padded(text, widths[i] ?? 3, truncate > 0)).join('|')}|\n`;
  const [header = [], ...body] = table;
  const only = total === 1 ? 'row' : 'rows';
  const more = total > numRows ? `only showing top ${numRows} ${numRows === 1 ? 'row' : only}\n` : '';
  return `${line}${print(header)}${line}${body.map(print).join('')}${line}${more}`;
}

function cutText(text: string, truncate: number): string {
  if (truncate <= 0) return text;
  const letters = Array.from(text);
  if (letters.length <= truncate) return text;
  return truncate < 4 ? letters.slice(0, truncate).join('') : `${letters.slice(0, truncate - 3).join('')}...`;
}

/** What would break the lines of the table is shown as it is written in a program. */
function escaped(text: string): string {
  return text.replaceAll(/[\n\r\t\f\b\u000b\u0007]/gu, (c) => shown[c] ?? c);
}

const shown: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
  '\u000b': '\\v',
  '\u0007': '\\a',
};

function padded(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return isRight ? space + text : text + space;
}

/** East Asian characters of full width take two places, as Spark counts them. */
function widthOf(text: string): number {
  const wide = text.match(
    /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/gu,
  );
  return text.length + (wide?.length ?? 0);
}
