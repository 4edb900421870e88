import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { zoneOf } from '../../expressions/evaluation-site.ts';
import { arithmeticType, literalDecimal } from '../../types/coercion.ts';
import type { CalendarInterval, DataType, DecimalType, Long } from '../../types/data-type.ts';
import { decimalOf, decimalResult } from '../../types/decimal.ts';
import { isInLongRange, multiplyLong, wrapLong } from '../../types/long.ts';
import { atomic, isIntegral } from '../../types/type-classes.ts';
import { type OnFailure, overflowed } from '../arithmetic/failures.ts';
import { type NumberOperator, decimalOperator, numberOperator } from '../arithmetic/numbers.ts';
import {
  type BindSite,
  type CallSite,
  type FunctionDefinition,
  type ResolvedSignature,
  type ScalarFunction,
  defineFunction,
} from '../define-function.ts';
import { oneOf, differ, twoOf, wrongType } from './operands.ts';
import { timeArithmetic } from './time-arithmetic.ts';

interface Arithmetic {
  readonly name: string;
  readonly operator: NumberOperator;
  readonly aliases?: readonly string[];
  /** Null in place of every failure, in both dialects. */
  readonly isTry?: boolean;
  readonly summary: string;
  readonly usage: string;
  readonly examples: FunctionDefinition['examples'];
}

const table: readonly Arithmetic[] = [
  { name: '+', operator: '+', summary: 'Adds.', usage: 'a + b', examples: [['1 + 2', '3']] },
  { name: '-', operator: '-', summary: 'Subtracts.', usage: 'a - b', examples: [['5 - 7', '-2']] },
  { name: '*', operator: '*', summary: 'Multiplies.', usage: 'a * b', examples: [['2 * 3', '6']] },
  {
    name: '/',
    operator: '/',
    summary: 'Divides; the result is a double or a decimal, never a whole number.',
    usage: 'a / b',
    examples: [['3 / 2', '1.5']],
  },
  {
    name: '%',
    operator: '%',
    aliases: ['mod'],
    summary: 'The remainder, with the sign of the left side.',
    usage: 'a % b',
    examples: [['-7 % 3', '-1']],
  },
  {
    name: 'div',
    operator: 'div',
    summary: 'Divides and cuts what is behind the point; the result is a BIGINT.',
    usage: 'a DIV b',
    examples: [['7 DIV 2', '3']],
  },
  {
    name: 'pmod',
    operator: 'pmod',
    summary: 'The remainder, never negative for a positive divisor.',
    usage: 'pmod(a, b)',
    examples: [['pmod(-7, 3)', '2']],
  },
  tryOf('try_add', '+', 'Adds', [['try_add(2147483647, 1)', 'NULL']]),
  tryOf('try_subtract', '-', 'Subtracts', [['try_subtract(-2147483648, 1)', 'NULL']]),
  tryOf('try_multiply', '*', 'Multiplies', [['try_multiply(2, 3)', '6']]),
  tryOf('try_divide', '/', 'Divides', [['try_divide(1, 0)', 'NULL']]),
  tryOf('try_mod', '%', 'The remainder', [['try_mod(1, 0)', 'NULL']]),
];

function tryOf(name: string, operator: NumberOperator, what: string, examples: Arithmetic['examples']): Arithmetic {
  return {
    name,
    operator,
    isTry: true,
    summary: `${what}; null where the result overflows or the divisor is zero.`,
    usage: `${name}(a, b)`,
    examples,
  };
}

function define({ name, operator, aliases, isTry = false, summary, usage, examples }: Arithmetic): FunctionDefinition {
  const failure = (ansi: boolean): OnFailure => (isTry ? 'null' : ansi ? 'fail' : 'legacy');
  return defineFunction({
    name,
    group: 'operator',
    ...(aliases === undefined ? {} : { aliases }),
    summary,
    usage,
    examples,
    resolve(args, site) {
      const [left, right] = twoOf(name, args);
      const times = timeArithmetic(operator, left, right);
      if (times !== undefined) return { ...times.signature, ...(isTry ? { nullable: true } : {}) };
      const numbers = resolveNumbers(name, operator, left, right, site);
      const mayBeNull = isTry || (!site.ansi && (isDivision(operator) || numbers.type.kind === 'decimal'));
      return { ...numbers, ...(mayBeNull ? { nullable: true } : {}) };
    },
    body: { kind: 'scalar', bind: (site) => bind(operator, site, failure(site.ansi)) },
  });
}

function isDivision(operator: NumberOperator): boolean {
  return operator === '/' || operator === '%' || operator === 'div' || operator === 'pmod';
}

function resolveNumbers(
  name: string,
  operator: NumberOperator,
  left: TypedExpression,
  right: TypedExpression,
  site: CallSite,
): ResolvedSignature {
  if (site.ansi && [left, right].every(({ type }) => type.kind === 'string' || type.kind === 'void')) {
    const text = [left, right].find(({ type }) => type.kind === 'string');
    if (text !== undefined) wrongType(name, text, 'numbers');
  }
  const common = arithmeticType(left.type, right.type, site) ?? differ(name, left, right);
  if (common.kind === 'decimal') {
    const a = decimalOperand(left, right) ?? differ(name, left, right);
    const b = decimalOperand(right, left) ?? differ(name, left, right);
    const result = decimalResult(operator === 'pmod' ? '%' : operator, a, b, site.allowPrecisionLoss);
    return { args: [a, b], type: operator === 'div' ? atomic('bigint') : result };
  }
  if (operator === '/') return { args: [atomic('double'), atomic('double')], type: atomic('double') };
  if (operator === 'div') {
    if (!isIntegral(common)) wrongType(name, isIntegral(left.type) ? right : left, 'whole numbers and decimals');
    return { args: [atomic('bigint'), atomic('bigint')], type: atomic('bigint') };
  }
  return { args: [common, common], type: common };
}

/** The decimal type of an operand: that of the digits it has for a literal, that of its type else. */
function decimalOperand(operand: TypedExpression, other: TypedExpression): DecimalType | undefined {
  if (operand.kind === 'literal' && isIntegral(operand.type) && operand.value !== null) {
    return literalDecimal(operand.value as Long);
  }
  return decimalOf(operand.type.kind === 'void' ? other.type : operand.type);
}

function bind(operator: NumberOperator, site: BindSite, failure: OnFailure): ScalarFunction {
  const [left, right] = site.args as unknown as readonly [TypedExpression, TypedExpression];
  const times = timeArithmetic(operator, left, right);
  if (times !== undefined) return nullOnFailure(times.bind({ zone: zoneOf(site.timeZone) }), failure);
  if (left.type.kind === 'decimal' && right.type.kind === 'decimal') {
    const type = site.type.kind === 'decimal' ? site.type : left.type;
    return decimalOperator(operator, left.type, right.type, type, failure);
  }
  return numberOperator(operator, left.type, failure);
}

function nullOnFailure(body: ScalarFunction, failure: OnFailure): ScalarFunction {
  if (failure !== 'null') return body;
  return {
    evaluate(...args: readonly unknown[]) {
      try {
        return body.evaluate(...args);
      } catch {
        return null;
      }
    },
  };
}

const bounds: Readonly<Record<string, number>> = { tinyint: -(2 ** 7), smallint: -(2 ** 15), int: -(2 ** 31) };

const negative = defineFunction({
  name: 'negative',
  group: 'operator',
  summary: 'The number with the other sign.',
  usage: '-expr',
  examples: [['negative(3)', '-3']],
  resolve: (args) => signed('negative', args),
  body: {
    kind: 'scalar',
    bind({ ansi, type }): ScalarFunction {
      if (type.kind === 'double' || type.kind === 'float') return { evaluate: (value: number) => -value };
      if (type.kind === 'interval') return { evaluate: negativeCalendar };
      const least = bounds[type.kind];
      if (least !== undefined) {
        return {
          evaluate(value: number) {
            if (value === least) return ansi ? overflowed('int', undefined) : value;
            return 0 - value;
          },
        };
      }
      return {
        evaluate(value: Long) {
          const result = multiplyLong(value, -1);
          if (type.kind === 'decimal' || isInLongRange(result)) return result;
          return ansi ? overflowed('bigint', undefined) : wrapLong(result);
        },
      };
    },
  },
});

function negativeCalendar({ months, days, micros }: CalendarInterval): CalendarInterval {
  return { months: 0 - months, days: 0 - days, micros: multiplyLong(micros, -1) };
}

const positive = defineFunction({
  name: 'positive',
  group: 'operator',
  summary: 'The number itself.',
  usage: '+expr',
  examples: [['positive(3)', '3']],
  resolve: (args) => signed('positive', args),
  body: { kind: 'scalar', bind: () => ({ evaluate: (value: Long) => value }) },
});

const intervals = new Set(['interval day to second', 'interval year to month', 'interval']);

function signed(name: string, args: readonly TypedExpression[]): ResolvedSignature {
  const operand = oneOf(name, args);
  const isText = operand.type.kind === 'string' || operand.type.kind === 'void';
  const type: DataType = isText ? atomic('double') : operand.type;
  const isNumber = decimalOf(type) !== undefined || type.kind === 'double' || type.kind === 'float';
  if (!isNumber && !intervals.has(type.kind)) wrongType(name, operand, 'numbers and intervals');
  return { args: [type], type };
}

export const arithmeticOperators: readonly FunctionDefinition[] = [...table.map(define), negative, positive];
