import { describe, expect, it } from '@jest/globals';
import { pairs } from '../../../lib/compare/pairs/index.ts';
import { lessons } from '../../../lib/learn/lessons/index.ts';
import { samples } from '../../../lib/cli/samples/catalogue.ts';
import { textWidth } from '../../../lib/cli/output/text-width.ts';
import { listText, type NamedText } from '../../../lib/cli/output/two-columns.ts';

const rows: readonly NamedText[] = [
  ['a', 'one two three'],
  ['bcd', 'four'],
];

describe('a list', () => {
  it('is a table where that fits, and where a program reads it', () => {
    const table =
      '+---+-------------+\n|  n|         text|\n+---+-------------+\n|  a|one two three|\n|bcd|         four|\n+---+-------------+\n';
    expect(listText(['n', 'text'], rows, 19)).toBe(table);
    expect(listText(['n', 'text'], rows, Number.POSITIVE_INFINITY)).toBe(table);
  });

  it('has its texts beside the names where a table would be broken', () => {
    expect(listText(['n', 'text'], [['a', 'one two three four five six']], 20)).toBe(
      '  a  one two three four\n     five six\n',
    );
  });

  it.each<readonly [string, readonly NamedText[]]>([
    ['pairs', pairs.map(({ name, summary }) => [name, summary])],
    ['lessons', lessons.map(({ name, title }) => [name, title])],
    ['samples', samples.map(({ name, summary }) => [name, summary])],
  ])('of %s fits 60 and 80 columns', (_, known) => {
    for (const columns of [60, 80]) {
      const lines = listText(['name', 'what it shows'], known, columns).split('\n');
      expect(lines.filter((line) => textWidth(line) > columns)).toEqual([]);
    }
  });
});
