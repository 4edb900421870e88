import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { arithmeticType } from '../../types/coercion.ts';
import type { Long } from '../../types/data-type.ts';
import { toLong } from '../../types/long.ts';
import { atomic, isIntegral } from '../../types/type-classes.ts';
import { type FunctionDefinition, type ScalarFunction, defineFunction } from '../define-function.ts';
import { differ, oneOf, twoOf, wrongType } from './operands.ts';

function bitwise(
  name: '&' | '|' | '^',
  summary: string,
  result: string,
  small: (a: number, b: number) => number,
  large: (a: bigint, b: bigint) => bigint,
): FunctionDefinition {
  return defineFunction({
    name,
    group: 'operator',
    summary,
    usage: `a ${name} b`,
    examples: [[`3 ${name} 5`, result]],
    resolve(args, site) {
      const [left, right] = twoOf(name, args);
      const type = arithmeticType(left.type, right.type, site) ?? differ(name, left, right);
      if (!isIntegral(type)) wrongType(name, isIntegral(left.type) ? right : left, 'whole numbers');
      return { args: [type, type], type };
    },
    body: {
      kind: 'scalar',
      bind({ type }): ScalarFunction {
        if (type.kind !== 'bigint') return { evaluate: small, generate: ([a, b]) => `(${a} ${name} ${b})` };
        return { evaluate: (a: Long, b: Long) => toLong(large(BigInt(a), BigInt(b))) };
      },
    },
  });
}

const not = defineFunction({
  name: '~',
  aliases: ['bitwise_not'],
  group: 'operator',
  summary: 'Every bit the other way round.',
  usage: '~a',
  examples: [['~0', '-1']],
  resolve(args) {
    const operand: TypedExpression = oneOf('~', args);
    const type = operand.type.kind === 'void' ? atomic('int') : operand.type;
    if (!isIntegral(type)) wrongType('~', operand, 'whole numbers');
    return { args: [type], type };
  },
  body: {
    kind: 'scalar',
    bind: () => ({ evaluate: (value: Long) => (typeof value === 'number' ? -value - 1 : toLong(~value)) }),
  },
});

export const bitOperators: readonly FunctionDefinition[] = [
  bitwise(
    '&',
    'The bits that both have.',
    '1',
    (a, b) => a & b,
    (a, b) => a & b,
  ),
  bitwise(
    '|',
    'The bits that one of them has.',
    '7',
    (a, b) => a | b,
    (a, b) => a | b,
  ),
  bitwise(
    '^',
    'The bits that only one of them has.',
    '6',
    (a, b) => a ^ b,
    (a, b) => a ^ b,
  ),
  not,
];
