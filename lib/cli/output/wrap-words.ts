import { textWidth } from './text-width.ts';

/**
 * Text broken between words into lines of at most `columns`; a word that is longer stands whole on a line of its own.
 *
 * @example
 * wrapWords('one two three', 8)   // => ['one two', 'three']
 */
export function wrapWords(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
