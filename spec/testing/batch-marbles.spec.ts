import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
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
    ["'a b' '|' ''", [['a b', '|', '']]],
    [String.raw`'don\'t'`, [["don't"]]],
    [
      'a:[] a:[1] a:[1,2]',
      [
        [
          ['a', []],
          ['a', [1]],
          ['a', [1, 2]],
        ],
      ],
    ],
    ['a:[1,2],[3]', [[['a', [[1, 2], [3]]]]]],
    [
      '[1,2]:3 a:b:c',
      [
        [
          [[1, 2], 3],
          ['a', ['b', 'c']],
        ],
      ],
    ],
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
    { element: ['k', [1]] },
    { element: ['k', [[1, 2], []]] },
    { element: [['k', 1], 2] },
    { element: [1, 2, 3] },
    { element: [7] },
    { element: 'to be | not' },
    { element: '' },
    { element: '!' },
    { element: String.raw`don't \ do` },
    { element: true },
  ])('a written element is read as itself: $element', ({ element }) => {
    expect(parseMarbles(marbleOf(element))[0]?.elements).toEqual([element]);
  });

  it('whatever is written is read as itself', () => {
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.constantFrom('true', 'null', '7', '10n', 'NaN', '!', '~', '[]', "'", '\\', 'a:b'),
        fc.double({ noDefaultInfinity: false }).map((x) => (Object.is(x, -0) ? 0 : x)),
        fc.integer(),
        fc.bigInt(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), (elements) => {
        expect(parseMarbles(elements.map(marbleOf).join(' '))).toEqual([{ elements, dies: false }]);
      }),
    );
  });

  it('words stand for the values that they are given', () => {
    const tea = { item: 'tea', price: 4 };
    expect(parseMarbles('tea ann:tea | tea2', { tea })).toEqual([
      { elements: [tea, ['ann', tea]], dies: false },
      { elements: ['tea2'], dies: false },
    ]);
  });

  it('objects with the same content have the same text', () => {
    expect(marbleOf({ b: { d: 1, c: 2 }, a: 10n })).toBe(marbleOf({ a: 10n, b: { c: 2, d: 1 } }));
  });

  it.each([
    ['a ~', '~ stands alone'],
    ["a 'b", "a ' has no second one"],
    ['a:[1', 'a [ has no ]'],
    ['a:[1 2]', 'a , or ] is missing before "2]"'],
    ['a: b', 'a value is missing before "b"'],
    ['a | b,', 'a value is missing before the end'],
  ])('%s is refused: %s', (text, problem) => {
    expect(() => parseMarbles(text)).toThrow(
      expect.objectContaining({ code: 'TESTING_MARBLES', message: expect.stringContaining(problem) }),
    );
  });
});
