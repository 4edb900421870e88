import { describe, expect, it } from '@jest/globals';
import { marbleOf, parseMarbles } from '../../lib/testing/index.ts';

describe('batch marbles', () => {
  it.each<readonly [string, (readonly unknown[] | null)[]]>([
    ['a b | | ~', [['a', 'b'], [], null]],
    ["1 -2.5 '1' true null", [[1, -2.5, '1', true, null]]],
    [
      'a:1 b:x 1:2',
      [
        [
          ['a', 1],
          ['b', 'x'],
          [1, 2],
        ],
      ],
    ],
    [
      'a:1,2 a:null',
      [
        [
          ['a', [1, 2]],
          ['a', null],
        ],
      ],
    ],
    ["'a b'", [["'a", "b'"]]],
    ['a:[]', [[['a', []]]]],
  ])('%s', (text, expected) => {
    expect(parseMarbles(text).map(({ elements }) => elements)).toEqual(expected);
  });

  it('say where the process dies', () => {
    expect(parseMarbles('a ! b | c | !').map(({ dies }) => dies)).toEqual([true, false, true]);
  });

  it.each<{ readonly element: unknown }>([
    { element: 'a' },
    { element: ['a', 1] },
    { element: ['a', [1, null]] },
    { element: '1' },
    { element: 1 },
    { element: null },
    { element: ['k', []] },
    { element: true },
  ])('a written element is read as itself: $element', ({ element }) => {
    expect(parseMarbles(marbleOf(element))[0]?.elements).toEqual([element]);
  });

  it('refuse elements where there is no RDD', () => {
    expect(() => parseMarbles('a ~')).toThrow(expect.objectContaining({ code: 'TESTING_MARBLES' }));
  });
});
