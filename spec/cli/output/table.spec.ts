import { describe, expect, it } from '@jest/globals';
import { banner, showTable } from '../../../lib/cli/output/table.ts';

/** Layouts recorded from `show()` of Spark. */
describe('a table', () => {
  it.each([
    [
      'is at least three columns wide',
      ['w', 'n'],
      [['a', 1]],
      ['+---+---+', '|  w|  n|', '+---+---+', '|  a|  1|', '+---+---+'],
    ],
    [
      'grows with its cells',
      ['word'],
      [['longer word']],
      ['+-----------+', '|       word|', '+-----------+', '|longer word|', '+-----------+'],
    ],
    [
      'cuts long cells off with dots',
      ['w'],
      [['abcdefghijklmnopqrstuvwxyz']],
      [
        '+--------------------+',
        '|                   w|',
        '+--------------------+',
        '|abcdefghijklmnopq...|',
        '+--------------------+',
      ],
    ],
    ['counts wide characters twice', ['w'], [['水流']], ['+----+', '|   w|', '+----+', '|水流|', '+----+']],
    ['has a frame without rows', ['w'], [], ['+---+', '|  w|', '+---+', '+---+']],
    [
      'shows signs that would move the cursor as escapes',
      ['w'],
      [['\u001B[2J\u009B'], ['\u202E']],
      [
        '+---------------+',
        '|              w|',
        '+---------------+',
        String.raw`|\u001b[2J\u009b|`,
        String.raw`|         \u202e|`,
        '+---------------+',
      ],
    ],
    [
      'shows null and line ends',
      ['w'],
      [[null], ['a\nb']],
      ['+----+', '|   w|', '+----+', '|null|', String.raw`|a\nb|`, '+----+'],
    ],
  ])('%s', (_, columns, rows, expected) => {
    expect(showTable(columns, rows)).toBe(`${expected.join('\n')}\n`);
  });

  it('stands below the banner that Spark prints', () => {
    const rule = '-------------------------------------------';
    expect(banner(1000)).toBe(`${rule}\nTime: 1000 ms\n${rule}\n`);
  });
});
