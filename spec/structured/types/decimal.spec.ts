import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Long } from '../../../lib/structured/types/data-type.ts';
import {
  decimalResult,
  decimalText,
  fitsPrecision,
  parseDecimal,
  rescale,
  widerDecimal,
} from '../../../lib/structured/types/decimal.ts';
import { javaDouble, javaFloat } from '../../../lib/structured/types/double-text.ts';
import { divideRounded, toLong } from '../../../lib/structured/types/long.ts';
import { decimalType } from '../../../lib/structured/types/type-classes.ts';
import { typeText } from '../../../lib/structured/types/type-text.ts';

const unscaled: fc.Arbitrary<Long> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map(toLong),
);

describe('decimals', () => {
  it('round half away from zero, as exact integers do', () => {
    fc.assert(
      fc.property(unscaled, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), (value, from, to) => {
        const exact =
          to >= from
            ? BigInt(value) * 10n ** BigInt(to - from)
            : divideRounded(BigInt(value), 10n ** BigInt(from - to));
        expect(rescale(value, from, to)).toBe(toLong(exact));
      }),
    );
  });

  it('are read as they are written', () => {
    fc.assert(
      fc.property(unscaled, fc.integer({ min: 0, max: 38 }), (value, scale) => {
        expect(parseDecimal(decimalText(value, scale), scale)).toBe(value);
      }),
    );
  });

  it('fit a precision by their digits', () => {
    fc.assert(
      fc.property(unscaled, fc.integer({ min: 1, max: 38 }), (value, precision) => {
        expect(fitsPrecision(value, precision)).toBe(String(value).replace('-', '').length <= precision || value === 0);
      }),
    );
  });

  it.each<[string, Long | undefined]>([
    ['1.005', 101],
    ['-1.005', -101],
    ['1e2', 10000],
    ['1e-3', 0],
    ['5e-3', 1],
    ['.5', 50],
    ['5.', 500],
    ['+1', 100],
    ['1e-999999999', 0],
    ['1,5', undefined],
    ['', undefined],
    ['.', undefined],
    ['0x10', undefined],
  ])('%j is %s hundredths', (text, expected) => {
    expect(parseDecimal(text, 2)).toBe(expected);
  });

  it('does not compute with numbers as long as their exponents', () => {
    expect(fitsPrecision(parseDecimal('1e999999999', 2) ?? 0, 38)).toBe(false);
  });

  it.each<['+' | '-' | '*' | '/' | '%' | 'div', [number, number], [number, number], boolean, string]>([
    ['+', [10, 2], [5, 3], true, 'decimal(12,3)'],
    ['+', [38, 10], [38, 20], true, 'decimal(38,9)'],
    ['+', [38, 10], [38, 20], false, 'decimal(38,20)'],
    ['*', [10, 2], [10, 2], true, 'decimal(21,4)'],
    ['*', [38, 10], [38, 10], true, 'decimal(38,6)'],
    ['/', [10, 2], [10, 2], true, 'decimal(23,13)'],
    ['/', [38, 10], [38, 10], true, 'decimal(38,6)'],
    ['%', [10, 2], [5, 4], true, 'decimal(5,4)'],
    ['div', [10, 2], [5, 4], true, 'decimal(12,0)'],
  ])('%s of %j and %j, loss allowed: %s, is %s', (operator, [p1, s1], [p2, s2], allowLoss, expected) => {
    expect(typeText(decimalResult(operator, decimalType(p1, s1), decimalType(p2, s2), allowLoss))).toBe(expected);
  });

  it('meet in a type that keeps what is before the point', () => {
    expect(typeText(widerDecimal(decimalType(38, 10), decimalType(38, 20)))).toBe('decimal(38,10)');
    expect(typeText(widerDecimal(decimalType(5, 2), decimalType(4, 3)))).toBe('decimal(6,3)');
  });
});

describe('texts of doubles', () => {
  it.each([
    [1, '1.0'],
    [0.001, '0.001'],
    [0.00099, '9.9E-4'],
    [9999999, '9999999.0'],
    [1e7, '1.0E7'],
    [123456789.125, '1.23456789125E8'],
    [1e21, '1.0E21'],
    [1.5e-7, '1.5E-7'],
    [-0, '-0.0'],
    [5e-324, '4.9E-324'],
    [Number.MAX_VALUE, '1.7976931348623157E308'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('%p is %s', (value, expected) => {
    expect(javaDouble(value)).toBe(expected);
  });

  it.each([
    [Math.fround(0.1), '0.1'],
    [Math.fround(16777216), '1.6777216E7'],
    [Math.fround(3.4028234663852886e38), '3.4028235E38'],
    [Math.fround(1e-3), '0.001'],
  ])('the float %p is %s', (value, expected) => {
    expect(javaFloat(value)).toBe(expected);
  });

  it('are read back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(Number(javaDouble(value))).toBe(value);
      }),
    );
  });
});
