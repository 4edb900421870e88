import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import type { Token } from './lexer.ts';
import { toLong } from '../types/long.ts';
import type { AtomicKind, InternalValue } from '../types/data-type.ts';
import { atomic } from '../types/type-classes.ts';
import { checkedDecimal } from './parse-type.ts';

export function literal(kind: AtomicKind, value: InternalValue): Expression {
  return { kind: 'literal', type: atomic(kind), value };
}

interface Bounds {
  readonly kind: AtomicKind;
  readonly least: bigint;
  readonly most: bigint;
}

const bySuffix: Readonly<Record<string, Bounds>> = {
  Y: { kind: 'tinyint', least: -128n, most: 127n },
  S: { kind: 'smallint', least: -32768n, most: 32767n },
  L: { kind: 'bigint', least: -(2n ** 63n), most: 2n ** 63n - 1n },
};

/** A number as written, with the minus before it if there is one: `1`, `2L`, `1.5`, `1e3`, `1.5BD`. */
export function numberLiteral(token: Token, negative: boolean): Expression {
  const sign = negative ? '-' : '';
  const [, digits = '', suffix = ''] = /^(.*?)(BD|[LSYFD])?$/iu.exec(token.value) ?? [];
  const upper = suffix.toUpperCase();
  const bounds = bySuffix[upper];
  if (bounds !== undefined && /^\d+$/u.test(digits)) {
    const value = BigInt(sign + digits);
    if (value < bounds.least || value > bounds.most) outOfRange(sign + digits, bounds);
    return literal(bounds.kind, toLong(value));
  }
  if (upper === 'F') return literal('float', Math.fround(Number(sign + digits)));
  if (upper === 'D' || (upper === '' && /e/iu.test(digits))) {
    const value = Number(sign + digits);
    if (!Number.isFinite(value)) {
      raise('INVALID_NUMERIC_LITERAL_RANGE', {
        rawStrippedQualifier: sign + digits,
        typeName: 'double',
        minValue: '-1.7976931348623157E+308',
        maxValue: '1.7976931348623157E+308',
      });
    }
    return literal('double', value);
  }
  if (upper === '' && /^\d+$/u.test(digits)) {
    const value = BigInt(sign + digits);
    if (value >= -2147483648n && value <= 2147483647n) return literal('int', Number(value));
    if (value >= -(2n ** 63n) && value < 2n ** 63n) return literal('bigint', toLong(value));
  }
  return decimalLiteral(sign, digits);
}

function decimalLiteral(sign: string, text: string): Expression {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent);
  let unscaled = BigInt(whole + fraction || '0');
  let scale = fraction.length - shift;
  if (scale < 0) {
    unscaled *= 10n ** BigInt(Math.min(-scale, 100));
    scale = 0;
  }
  const precision = Math.max(`${unscaled}`.length, scale);
  return {
    kind: 'literal',
    type: checkedDecimal(precision, scale),
    value: toLong(sign === '-' ? -unscaled : unscaled),
  };
}

function outOfRange(text: string, { kind, least, most }: Bounds): never {
  return raise('INVALID_NUMERIC_LITERAL_RANGE', {
    rawStrippedQualifier: text,
    typeName: kind,
    minValue: least,
    maxValue: most,
  });
}
