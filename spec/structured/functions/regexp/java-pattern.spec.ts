import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MillraceError } from '../../../../lib/kernel/errors.ts';
import { javaPattern } from '../../../../lib/structured/functions/regexp/java-pattern.ts';
import { nativeSource } from '../../../../lib/structured/functions/regexp/native-source.ts';
import { parsePattern } from '../../../../lib/structured/functions/regexp/parse-pattern.ts';
import { costOf } from '../../../../lib/structured/functions/regexp/pattern-cost.ts';
import { stepMatcher } from '../../../../lib/structured/functions/regexp/step-matcher.ts';

const refuse = (reason: string): never => {
  throw new TypeError(reason);
};

/** The match of a pattern, or the code of the error. */
function found(pattern: string, text: string): string | undefined {
  try {
    return javaPattern('rlike', pattern).find(text, 0)?.groups[0];
  } catch (error) {
    return error instanceof MillraceError ? error.code : String(error);
  }
}

describe('a pattern that could be tried for ever', () => {
  // Each of these would hold up the process for longer than the universe is old, or for hours.
  it.each([
    ['(a+)+$', `${'a'.repeat(100)}!`],
    ['(a|a)*b', 'a'.repeat(100)],
    ['(a|aa)+$', `${'a'.repeat(100)}!`],
    ['(.*)*x', 'y'.repeat(100)],
    ['(\\w+\\s?)+$', `${'word '.repeat(30)}!`],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(80)],
    ['(?:a?){60}a{60}$', `${'a'.repeat(59)}b`],
    ['(a{1,30}){1,30}b', 'a'.repeat(200)],
    ['(\\w)*(\\w)*(\\w)*(\\w)*(\\w)*!', 'x'.repeat(5000)],
    ['.*.*.*=', 'x'.repeat(100_000)],
    ['\\s+$', `${' '.repeat(300_000)}x`],
    ['(x+x+)+y', 'x'.repeat(100)],
    ['(a*)\\1*b', 'a'.repeat(20_000)],
  ])('%s is ended with a code', (pattern, text) => {
    expect(found(pattern, text)).toBe('REGEXP_TOO_MANY_STEPS');
  });

  it.each([
    ['(a+)+$', 'aaaa', 'aaaa'],
    ['^(\\d+\\.)+\\d+$', '10.0.255.1', '10.0.255.1'],
    ['(\\w+\\s?)+$', 'a few words', 'a few words'],
    ['(\\d+,)*\\d+$', `${'12345,'.repeat(2000)}1`, `${'12345,'.repeat(2000)}1`],
    ['ERROR .*timeout', `${'x'.repeat(200_000)}ERROR with a timeout`, 'ERROR with a timeout'],
  ])('%s still finds what is there', (pattern, text, match) => {
    expect(found(pattern, text)).toBe(match);
  });
});

describe('the cost of a pattern', () => {
  it.each([
    ['^ERROR', 1],
    ['a{3}b?', 1],
    ['[a-z]+', 2],
    ['\\d+-\\d+', 2],
    ['(\\d+\\.)+\\d+', 2],
    ['(a|b)*c', 2],
    ['.*,.*;', 3],
    ['(a+)+', 'exponential'],
    ['(a|ab)*', 'exponential'],
    ['(a*)*', 'exponential'],
    ['(\\w+\\s?)*', 'exponential'],
  ])('of %s is %s', (pattern, cost) => {
    expect(costOf(parsePattern(pattern, refuse).root)).toBe(cost);
  });
});

describe("what only Java's engine has", () => {
  it.each([
    ['a++b', 'aab', 'aab'],
    ['a++ab', 'aab', undefined],
    ['(?>a|ab)c', 'abc', undefined],
    ['(a)?b\\1', 'b', undefined],
    ['(?<x>a)\\k<x>', 'aa', 'aa'],
    ['[a-z&&[^aeiou]]+', 'aeixyz', 'xyz'],
    ['[a-c[x-z]]+', 'mbyn', 'by'],
    ['(?i)straße', 'STRAßE', 'STRAßE'],
    ['a(?i)b(?-i)c', 'aBc', 'aBc'],
    ['(?x) a b # both', 'ab', 'ab'],
    ['\\Qa.b\\E+', 'a.bbb', 'a.bbb'],
    ['\\x{1F600}', '😀', '😀'],
    ['x$', 'x\n', 'x'],
    ['(?m)^b$', 'a\nb\nc', 'b'],
    ['(?<=\\d{2})x', '12x', 'x'],
    ['((a)|b)+', 'ab', 'ab'],
    ['(?:(?<=a)c)*b', '😀acb', 'cb'],
  ])('%s in %j', (pattern, text, match) => {
    expect(found(pattern, text)).toBe(match);
  });

  it('keeps the group of an earlier round', () => {
    expect(javaPattern('rlike', '((a)|b)+').find('ab', 0)?.groups).toEqual(['ab', 'b', 'a']);
  });
});

describe('the matcher that counts its steps', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    '(a)',
    '(a|b)',
    '(?:ab|a)',
    '(?=b)',
    '(?!a)',
    '(?<=a)',
    '^',
    '$',
    '\\b',
  );
  const item = fc
    .tuple(piece, fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '{2}', '{1,2}'))
    .map(([what, often]) => (/^(?:\(\?[=!<]|[\^$]|\\b)/u.test(what) ? what : what + often));
  const pattern = fc
    .array(item, { minLength: 1, maxLength: 4 })
    .chain((items) => fc.constantFrom(items.join(''), `(?:${items.join('')}c)*b`, `${items.join('')}|ab`));

  // A round that matches nothing ends a repetition in Java, and is undone in JavaScript: no repeated part is empty here.
  it('finds what the engine of JavaScript finds', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n', '😀'), maxLength: 8 }),
        (source, text) => {
          const parsed = parsePattern(source, refuse);
          const said = nativeSource(parsed.root);
          fc.pre(said !== undefined);
          const native = new RegExp(said, 'v').exec(text);
          const ours = stepMatcher(parsed, 1_000_000)(text, 0);
          expect(ours && [ours.from, text.slice(ours.from, ours.until)]).toEqual(
            native ? [native.index, native[0]] : undefined,
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});
