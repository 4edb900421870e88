import { raise } from '../../../kernel/errors.ts';
import { type OrderOperator, equalityCode, equalityOf, orderCode } from '../../expressions/comparison.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { type Dialect, commonWiderType, comparisonType, literalDecimal } from '../../types/coercion.ts';
import type { DataType, InternalValue, Long } from '../../types/data-type.ts';
import { widerDecimal } from '../../types/decimal.ts';
import { type Comparator, comparatorOf } from '../../types/ordering.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { atomic, isIntegral, isNumeric } from '../../types/type-classes.ts';
import { type BindSite, type FunctionDefinition, type ScalarFunction, defineFunction } from '../define-function.ts';
import { countOf, differ, twoOf } from './operands.ts';

/** The type in which two operands are compared. */
export function comparedAs(name: string, left: TypedExpression, right: TypedExpression, dialect: Dialect): DataType {
  const common = literalAgainstDecimal(left, right) ?? literalAgainstDecimal(right, left);
  const type = common ?? comparisonType(left.type, right.type, dialect) ?? differ(name, left, right);
  checkOrder(name, type);
  return type;
}

function checkOrder(functionName: string, type: DataType): void {
  if (isOrderable(type)) return;
  raise('DATATYPE_MISMATCH.INVALID_ORDERING_TYPE', { functionName, dataType: `"${sqlTypeText(type)}"` });
}

/** Maps and calendar intervals have no order. */
export function isOrderable(type: DataType): boolean {
  if (type.kind === 'map' || type.kind === 'interval') return false;
  if (type.kind === 'array') return isOrderable(type.element);
  return type.kind !== 'struct' || type.fields.every((field) => isOrderable(field.type));
}

function literalAgainstDecimal(literal: TypedExpression, other: TypedExpression): DataType | undefined {
  if (literal.kind !== 'literal' || literal.value === null || !isIntegral(literal.type)) return undefined;
  return other.type.kind === 'decimal' ? widerDecimal(literalDecimal(literal.value as Long), other.type) : undefined;
}

const operandType = ({ args }: BindSite): DataType => args[0]?.type ?? atomic('void');

function order(operator: OrderOperator, summary: string, examples: FunctionDefinition['examples']): FunctionDefinition {
  return defineFunction({
    name: operator,
    group: 'operator',
    summary,
    usage: `a ${operator} b`,
    examples,
    resolve(args, site) {
      const [left, right] = twoOf(operator, args);
      // A number equals a truth value by the old rules, but is neither before nor behind it.
      const isMixed = [left, right].some(({ type }) => type.kind === 'boolean');
      if (isMixed && (isNumeric(left.type) || isNumeric(right.type))) differ(operator, left, right);
      const type = comparedAs(operator, left, right, site);
      return { args: [type, type], type: atomic('boolean') };
    },
    body: {
      kind: 'scalar',
      bind(site): ScalarFunction {
        const type = operandType(site);
        return {
          evaluate: ordered(operator, comparatorOf(type)),
          generate: ([a = '', b = ''], bind) => orderCode(operator, type, a, b, bind),
        };
      },
    },
  });
}

function ordered(operator: OrderOperator, compare: Comparator): (a: InternalValue, b: InternalValue) => boolean {
  switch (operator) {
    case '<':
      return (a, b) => compare(a, b) < 0;
    case '<=':
      return (a, b) => compare(a, b) <= 0;
    case '>':
      return (a, b) => compare(a, b) > 0;
    case '>=':
      return (a, b) => compare(a, b) >= 0;
    default:
      return operator satisfies never;
  }
}

const equal = defineFunction({
  name: '=',
  aliases: ['=='],
  group: 'operator',
  summary: 'Whether both are equal; null when one is null. NaN equals NaN.',
  usage: 'a = b',
  examples: [
    ['1 = 1', 'true'],
    ['1 = NULL', 'NULL'],
  ],
  resolve(args, site) {
    const type = comparedAs('=', ...twoOf('=', args), site);
    return { args: [type, type], type: atomic('boolean') };
  },
  body: {
    kind: 'scalar',
    bind(site): ScalarFunction {
      const type = operandType(site);
      return {
        evaluate: equalityOf(type),
        generate: ([a = '', b = ''], bind) => equalityCode(type, a, b, bind),
      };
    },
  },
});

const notEqual = defineFunction({
  name: '!=',
  aliases: ['<>'],
  group: 'operator',
  summary: 'Whether both differ; null when one is null.',
  usage: 'a != b',
  examples: [['1 != 2', 'true']],
  resolve: equal.resolve,
  body: {
    kind: 'scalar',
    bind(site): ScalarFunction {
      const isEqual = equalityOf(operandType(site));
      return { evaluate: (a: InternalValue, b: InternalValue) => !isEqual(a, b) };
    },
  },
});

const nullSafe = defineFunction({
  name: '<=>',
  aliases: ['equal_null'],
  group: 'operator',
  summary: 'Whether both are equal, null included: never null.',
  usage: 'a <=> b',
  examples: [
    ['NULL <=> NULL', 'true'],
    ['1 <=> NULL', 'false'],
  ],
  resolve(args, site) {
    const type = comparedAs('<=>', ...twoOf('<=>', args), site);
    return { args: [type, type], type: atomic('boolean'), nullable: false };
  },
  body: {
    kind: 'scalar',
    bind(site): ScalarFunction {
      const type = operandType(site);
      const isEqual = equalityOf(type);
      return {
        seesNulls: true,
        evaluate: (a: InternalValue, b: InternalValue) => (a === null || b === null ? a === b : isEqual(a, b)),
        generate: ([a = '', b = ''], bind) =>
          `(${a} === null || ${b} === null ? ${a} === ${b} : ${equalityCode(type, a, b, bind)})`,
      };
    },
  },
});

const between = defineFunction({
  name: 'between',
  group: 'operator',
  summary: 'Whether a value lies between two bounds, which belong to the range.',
  usage: 'a BETWEEN low AND high',
  examples: [['2 BETWEEN 1 AND 3', 'true']],
  resolve(args, site) {
    countOf('between', args, 3);
    const [value, low, high] = args as unknown as readonly [TypedExpression, TypedExpression, TypedExpression];
    const lower = comparedAs('between', value, low, site);
    const type = comparedAs('between', { ...value, type: lower }, high, site);
    return { args: [type, type, type], type: atomic('boolean') };
  },
  body: {
    kind: 'scalar',
    bind(site): ScalarFunction {
      const compare = comparatorOf(operandType(site));
      return {
        seesNulls: true,
        evaluate(value: InternalValue, low: InternalValue, high: InternalValue) {
          if (value === null) return null;
          const isAbove = low === null ? null : compare(value, low) >= 0;
          if (isAbove === false) return false;
          const isBelow = high === null ? null : compare(value, high) <= 0;
          if (isBelow === false) return false;
          return isAbove === null || isBelow === null ? null : true;
        },
      };
    },
  },
});

const isIn = defineFunction({
  name: 'in',
  group: 'operator',
  summary: 'Whether a value is one of a list; null when it is not and the list has a null.',
  usage: 'a IN (b, c, ...)',
  examples: [
    ['1 IN (1, 2)', 'true'],
    ['3 IN (1, NULL)', 'NULL'],
  ],
  resolve(args, site) {
    if (args.length === 0) countOf('in', args, 2);
    const types = args.map(({ type }) => type);
    const type = commonWiderType(types, site);
    if (type === undefined) {
      const actual = types.map((each) => `"${sqlTypeText(each)}"`).join(', ');
      return raise('DATATYPE_MISMATCH.DATA_DIFF_TYPES', { function: 'in', actual });
    }
    checkOrder('in', type);
    return { args: args.map(() => type), type: atomic('boolean') };
  },
  body: { kind: 'special' },
});

export const comparisonOperators: readonly FunctionDefinition[] = [
  equal,
  notEqual,
  nullSafe,
  order('<', 'Whether the left side is smaller.', [['1 < 2', 'true']]),
  order('<=', 'Whether the left side is smaller or equal.', [['2 <= 2', 'true']]),
  order('>', 'Whether the left side is greater.', [['1 > 2', 'false']]),
  order('>=', 'Whether the left side is greater or equal.', [['1 >= 2', 'false']]),
  between,
  isIn,
];
