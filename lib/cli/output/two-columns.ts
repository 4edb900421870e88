import { showTable } from './table.ts';
import { textWidth } from './text-width.ts';
import { wrapWords } from './wrap-words.ts';

export type NamedText = readonly [name: string, text: string];

/** Names with their texts beside them; a text is broken between words and stays in its column. */
export function twoColumns(rows: readonly NamedText[], width: number): string {
  const indent = Math.max(...rows.map(([name]) => name.length)) + 4;
  const lines = rows.map(([name, text]) => {
    const [first = '', ...more] = wrapWords(text, Math.max(20, width - indent));
    return [`  ${name.padEnd(indent - 2)}${first}`.trimEnd(), ...more.map((line) => ' '.repeat(indent) + line)].join(
      '\n',
    );
  });
  return `${lines.join('\n')}\n`;
}

/** The same as a table with titles where it fits, and where a program reads it. */
export function listText(titles: NamedText, rows: readonly NamedText[], width: number): string {
  const table = showTable(titles, rows, 0);
  return textWidth(table.slice(0, table.indexOf('\n'))) <= width ? table : twoColumns(rows, width);
}
