import { raise } from '../../kernel/errors.ts';
import { equalityOf } from '../expressions/comparison.ts';
import { zoneOf } from '../expressions/evaluation-site.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { type CastFunction, castFunction } from '../types/cast.ts';
import { type Dialect, commonWiderType, comparisonType } from '../types/coercion.ts';
import type { DataType, InternalValue } from '../types/data-type.ts';
import { comparatorOf } from '../types/ordering.ts';
import { sqlTypeText } from '../types/type-text.ts';
import { atomic, isNumeric } from '../types/type-classes.ts';
import {
  type BindSite,
  type CallSite,
  type FunctionDefinition,
  type FunctionGroup,
  type ResolvedSignature,
  type ScalarFunction,
  defineFunction,
} from './define-function.ts';
import { comparedAs, isOrderable } from './operators/comparison.ts';
import { countOf, oneOf, twoOf, wrongType } from './operators/operands.ts';
import { unexpected } from './signatures.ts';

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
    if (kind !== 'boolean' && kind !== 'void') unexpected('if', 0, condition, 'BOOLEAN');
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
    comparedAs('nullif', a, b, site);
    return { args: [a.type, b.type], type: a.type, nullable: true };
  },
  body: {
    kind: 'scalar',
    bind(site): ScalarFunction {
      const isEqual = equalIn('nullif', site);
      return {
        seesNulls: true,
        evaluate: (a: InternalValue, b: InternalValue) => (a === null || (b !== null && isEqual(a, b)) ? null : a),
      };
    },
  },
});

/** Whether two values are equal in the type in which they are compared; they come as they are, because one may be the result. */
function equalIn(name: string, site: BindSite): (a: InternalValue, b: InternalValue) => boolean {
  const [a, b] = twoOf(name, site.args);
  const type = comparedAs(name, a, b, site);
  const isEqual = equalityOf(type);
  const [left, right] = [a, b].map((arg) => castIn(site, arg.type, type));
  return (x, y) => {
    const [first, second] = [left?.(x) ?? null, right?.(y) ?? null];
    return first !== null && second !== null && isEqual(first, second);
  };
}

function castIn(site: BindSite, from: DataType, to: DataType): CastFunction | undefined {
  return castFunction(from, to, { mode: site.ansi ? 'ansi' : 'legacy', zone: zoneOf(site.timeZone) });
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
    resolve(args, site) {
      const operand = oneOf(name, args);
      return toZero ? zeroFor(name, operand, site) : comparedWithZero(name, operand, site);
    },
    body: {
      kind: 'scalar',
      bind(site) {
        if (toZero) {
          const zero: InternalValue = site.type.kind === 'string' ? '0' : 0;
          return { seesNulls: true, evaluate: (value: InternalValue) => value ?? zero };
        }
        const given = site.args[0]?.type ?? atomic('int');
        const cast = castIn(site, given, comparisonType(given, atomic('int'), site) ?? given);
        return {
          seesNulls: true,
          evaluate: (value: InternalValue) => (value !== null && cast?.(value) === 0 ? null : value),
        };
      },
    },
  });
}

/** The value comes back as it is; what it is compared in is another matter. */
function comparedWithZero(name: string, { type: given }: TypedExpression, site: CallSite): ResolvedSignature {
  const type = given.kind === 'void' ? atomic('int') : given;
  const compared = comparisonType(type, atomic('int'), site);
  if (compared === undefined || !isNumeric(compared) || type.kind === 'boolean') {
    return raise('DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES', {
      operator: name,
      left: `"${sqlTypeText(type)}"`,
      right: '"INT"',
    });
  }
  return { args: [type], type, nullable: true };
}

function zeroFor(name: string, { type: given }: TypedExpression, site: CallSite): ResolvedSignature {
  const type = given.kind === 'boolean' ? undefined : commonWiderType([given, atomic('int')], site);
  if (type === undefined) {
    return raise('DATATYPE_MISMATCH.DATA_DIFF_TYPES', { function: name, actual: `"${sqlTypeText(given)}", "INT"` });
  }
  return { args: [type], type, nullable: false };
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
