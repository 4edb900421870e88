import { plainLine } from './plain-text.ts';
import { textWidth } from './text-width.ts';

/** One value of a table; `null` is shown the way Spark shows it. */
export type Cell = string | number | bigint | boolean | null;

/**
 * A table in the layout of Spark's `show()`: cells to the right, at most `truncate` characters each, 3 columns wide at least.
 *
 * @example
 * showTable(['w', 'n'], [['a', 1]])   // => '+---+---+\n|  w|  n|\n+---+---+\n|  a|  1|\n+---+---+\n'
 */
export function showTable(columns: readonly string[], rows: readonly (readonly Cell[])[], truncate = 20): string {
  const cells = [columns, ...rows].map((row) => row.map((cell) => shorten(shown(cell), truncate)));
  const widths = columns.map((_, i) => Math.max(3, ...cells.map((row) => textWidth(row[i] ?? ''))));
  const rule = `+${widths.map((width) => '-'.repeat(width)).join('+')}+\n`;
  const lines = cells.map((row) => `|${widths.map((width, i) => padLeft(row[i] ?? '', width)).join('|')}|\n`);
  return `${rule}${lines[0] ?? ''}${rule}${lines.slice(1).join('')}${rule}`;
}

/**
 * Spark's banner above the output of a batch.
 *
 * @example
 * banner(1000)   // the line 'Time: 1000 ms' between two lines of 43 dashes
 */
export function banner(batchTime: number): string {
  const rule = '-'.repeat(43);
  return `${rule}\nTime: ${batchTime} ms\n${rule}\n`;
}

function shown(cell: Cell): string {
  // Line ends and the like would break the frame: shown as escapes, as Spark does.
  return plainLine(String(cell));
}

function shorten(text: string, truncate: number): string {
  const characters = Array.from(text);
  if (truncate <= 0 || characters.length <= truncate) return text;
  return truncate < 4 ? characters.slice(0, truncate).join('') : `${characters.slice(0, truncate - 3).join('')}...`;
}

function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}
