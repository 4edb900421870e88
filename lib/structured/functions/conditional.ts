import { raise } from '../../kernel/errors.ts';
import { equalityOf } from '../expressions/comparison.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { type Dialect, commonWiderType } from '../types/coercion.ts';
import type { DataType, InternalValue, Long } from '../types/data-type.ts';
import { comparatorOf } from '../types/ordering.ts';
import { sqlTypeText } from '../types/type-text.ts';
import { atomic, isIntegral } from '../types/type-classes.ts';
import {
  type FunctionDefinition,
  type FunctionGroup,
  type ResolvedSignature,
  type ScalarFunction,
  defineFunction,
} from './define-function.ts';
import { comparedAs, isOrderable } from './operators/comparison.ts';
import { countOf, oneOf, twoOf, wrongType } from './operators/operands.ts';

const group: FunctionGroup = 'conditional';

/** The one type of several values. */
function oneType(name: string, args: readonly TypedExpression[], dialect: Dialect | undefined): DataType {
  const types = args.map(({ type }) => type);
  return (
    (dialect && commonWiderType(types, dialect)) ??
    raise('DATATYPE_MISMATCH.DATA_DIFF_TYPES', {
      function: name,
      actual: types.map((type) => `"${sqlTypeText(type)}"`).join(', '),
    })
  );
}

function atLeast(name: string, args: readonly TypedExpression[], least: number): void {
  if (args.length < least) countOf(name, args, least);
}

/** Null only if all arguments may be. */
function firstNonNull(name: string, args: readonly TypedExpression[], dialect: Dialect): ResolvedSignature {
  const type = oneType(name, args, dialect);
  return { args: args.map(() => type), type, nullable: args.every(({ nullable }) => nullable) };
}

const coalesce = defineFunction({
  name: 'coalesce',
  group,
  summary: 'The first argument that is not null.',
  usage: 'coalesce(expr1, expr2, ...)',
  examples: [['coalesce(NULL, 2, 3)', '2']],
  resolve(args, site) {
    atLeast('coalesce', args, 1);
    return firstNonNull('coalesce', args, site);
  },
  body: { kind: 'special' },
});

function eitherOf(name: string): FunctionDefinition {
  return defineFunction({
    name,
    group,
    summary: 'The first argument, or the second one where the first is null.',
    usage: `${name}(expr1, expr2)`,
    examples: [[`${name}(NULL, 'x')`, 'x']],
    resolve: (args, site) => firstNonNull(name, twoOf(name, args), site),
    body: { kind: 'special' },
  });
}

const choose = defineFunction({
  name: 'if',
  aliases: ['iff'],
  group,
  summary: 'The second argument where the condition holds, else the third.',
  usage: 'if(condition, expr1, expr2)',
  examples: [["if(1 > 2, 'a', 'b')", 'b']],
  resolve(args, site) {
    countOf('if', args, 3);
    const [condition, a, b] = args as unknown as readonly [TypedExpression, TypedExpression, TypedExpression];
    const { kind } = condition.type;
    if (kind !== 'boolean' && kind !== 'void' && kind !== 'string') wrongType('if', condition, 'BOOLEAN');
    const type = oneType('if', [a, b], site);
    return { args: [atomic('boolean'), type, type], type, nullable: a.nullable || b.nullable };
  },
  body: { kind: 'special' },
});

const nvl2 = defineFunction({
  name: 'nvl2',
  group,
  summary: 'The second argument where the first is not null, else the third.',
  usage: 'nvl2(expr1, expr2, expr3)',
  examples: [["nvl2(NULL, 'set', 'null')", 'null']],
  resolve(args, site) {
    countOf('nvl2', args, 3);
    const [subject, a, b] = args as unknown as readonly [TypedExpression, TypedExpression, TypedExpression];
    const type = oneType('nvl2', [a, b], site);
    return { args: [subject.type, type, type], type, nullable: a.nullable || b.nullable };
  },
  body: { kind: 'special' },
});

const nullif = defineFunction({
  name: 'nullif',
  group,
  summary: 'Null where both arguments are equal, else the first one.',
  usage: 'nullif(expr1, expr2)',
  examples: [['nullif(2, 2)', 'NULL']],
  resolve(args, site) {
    const [a, b] = twoOf('nullif', args);
    const type = comparedAs('nullif', a, b, site);
    return { args: [type, type], type: sameValues(a.type, type) ? a.type : type, nullable: true };
  },
  body: {
    kind: 'scalar',
    bind({ args }): ScalarFunction {
      const isEqual = equalityOf(args[0]?.type ?? atomic('void'));
      return {
        seesNulls: true,
        evaluate: (a: InternalValue, b: InternalValue) => (a === null || (b !== null && isEqual(a, b)) ? null : a),
      };
    },
  },
});

/** Whether a value of `narrow`, cast to `wide` to be compared, is still one of `narrow`. */
function sameValues(narrow: DataType, wide: DataType): boolean {
  return narrow.kind === wide.kind || (isIntegral(narrow) && isIntegral(wide));
}

function nullTest(
  name: 'isnull' | 'isnotnull',
  summary: string,
  examples: FunctionDefinition['examples'],
): FunctionDefinition {
  const operator = name === 'isnull' ? '===' : '!==';
  return defineFunction({
    name,
    group,
    summary,
    usage: `${name}(expr)`,
    examples,
    resolve: (args) => ({ args: [oneOf(name, args).type], type: atomic('boolean'), nullable: false }),
    body: {
      kind: 'scalar',
      bind: () => ({
        seesNulls: true,
        evaluate: (value: InternalValue) => (value === null) === (name === 'isnull'),
        generate: ([a]) => `${a} ${operator} null`,
      }),
    },
  });
}

const isnan = defineFunction({
  name: 'isnan',
  group,
  summary: 'Whether a number is NaN; false for null.',
  usage: 'isnan(expr)',
  examples: [["isnan(CAST('NaN' AS DOUBLE))", 'true']],
  resolve(args) {
    const type = floating('isnan', oneOf('isnan', args));
    return { args: [type], type: atomic('boolean'), nullable: false };
  },
  body: { kind: 'scalar', bind: () => ({ seesNulls: true, evaluate: (value: number | null) => Number.isNaN(value) }) },
});

const nanvl = defineFunction({
  name: 'nanvl',
  group,
  summary: 'The first number, or the second one where the first is NaN.',
  usage: 'nanvl(expr1, expr2)',
  examples: [["nanvl(CAST('NaN' AS DOUBLE), 5)", '5.0']],
  resolve(args) {
    const [a, b] = twoOf('nanvl', args);
    const isFloat = a.type.kind === 'float' && b.type.kind === 'float';
    floating('nanvl', a);
    floating('nanvl', b);
    const type = atomic(isFloat ? 'float' : 'double');
    return { args: [type, type], type };
  },
  body: {
    kind: 'scalar',
    bind: () => ({
      seesNulls: true,
      evaluate: (a: number | null, b: number | null) => (Number.isNaN(a) ? b : a),
    }),
  },
});

function floating(name: string, operand: TypedExpression): DataType {
  const { kind } = operand.type;
  if (kind === 'float') return operand.type;
  if (['tinyint', 'smallint', 'int', 'bigint', 'double', 'decimal', 'string', 'void'].includes(kind))
    return atomic('double');
  return wrongType(name, operand, 'DOUBLE or FLOAT');
}

function extreme(name: 'greatest' | 'least', sign: 1 | -1): FunctionDefinition {
  return defineFunction({
    name,
    group,
    summary: `The ${name} of the arguments; nulls are passed over.`,
    usage: `${name}(expr1, expr2, ...)`,
    examples: [[`${name}(1, NULL, 3)`, sign === 1 ? '3' : '1']],
    resolve(args, site) {
      atLeast(name, args, 2);
      const texts = args.filter(({ type }) => type.kind === 'string').length;
      const others = args.filter(({ type }) => type.kind !== 'string' && type.kind !== 'void').length;
      // No text is read as something else here.
      if (texts > 0 && others > 0) oneType(name, args, undefined);
      const signature = firstNonNull(name, args, site);
      if (!isOrderable(signature.type)) {
        raise('DATATYPE_MISMATCH.INVALID_ORDERING_TYPE', {
          functionName: name,
          dataType: `"${sqlTypeText(signature.type)}"`,
        });
      }
      return signature;
    },
    body: {
      kind: 'scalar',
      bind({ type }): ScalarFunction {
        const compare = comparatorOf(type);
        return {
          seesNulls: true,
          evaluate(...values: readonly InternalValue[]) {
            let best: InternalValue = null;
            for (const value of values) {
              if (value !== null && (best === null || compare(value, best) * sign > 0)) best = value;
            }
            return best;
          },
        };
      },
    },
  });
}

function zeroFunction(
  name: 'zeroifnull' | 'nullifzero',
  summary: string,
  examples: FunctionDefinition['examples'],
): FunctionDefinition {
  const toZero = name === 'zeroifnull';
  return defineFunction({
    name,
    group,
    summary,
    usage: `${name}(expr)`,
    examples,
    resolve(args) {
      const operand = oneOf(name, args);
      const type = operand.type.kind === 'void' ? atomic('int') : operand.type;
      return { args: [type], type, nullable: !toZero };
    },
    body: {
      kind: 'scalar',
      bind: () => ({
        seesNulls: true,
        evaluate: (value: Long | null) => (toZero ? (value ?? 0) : value === 0 ? null : value),
      }),
    },
  });
}

export const conditionalFunctions: readonly FunctionDefinition[] = [
  coalesce,
  eitherOf('ifnull'),
  eitherOf('nvl'),
  nvl2,
  nullif,
  choose,
  nullTest('isnull', 'Whether a value is null.', [['isnull(NULL)', 'true']]),
  nullTest('isnotnull', 'Whether a value is not null.', [['isnotnull(1)', 'true']]),
  isnan,
  nanvl,
  extreme('greatest', 1),
  extreme('least', -1),
  zeroFunction('zeroifnull', 'Zero where the number is null.', [['zeroifnull(NULL)', '0']]),
  zeroFunction('nullifzero', 'Null where the number is zero.', [['nullifzero(0)', 'NULL']]),
];
