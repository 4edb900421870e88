import { compareText, comparatorOf } from '../types/ordering.ts';
import type { DataType, InternalValue } from '../types/data-type.ts';

/** Whether two values of a type that are not null are equal: NaN equals NaN, -0 equals 0. */
export function equalityOf(type: DataType): (a: InternalValue, b: InternalValue) => boolean {
  switch (type.kind) {
    case 'float':
    case 'double':
      return (a, b) => a === b || (Number.isNaN(a) && Number.isNaN(b));
    case 'binary':
    case 'array':
    case 'struct': {
      const compare = comparatorOf(type);
      return (a, b) => compare(a, b) === 0;
    }
    case 'interval':
      return (a, b) => JSON.stringify(a, bigintText) === JSON.stringify(b, bigintText);
    default:
      return (a, b) => a === b;
  }
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

type Bind = (value: unknown) => string;

/** JavaScript for the equality of two values that are not null. */
export function equalityCode(type: DataType, a: string, b: string, bind: Bind): string {
  switch (type.kind) {
    case 'float':
    case 'double':
      return `(${a} === ${b} || (${a} !== ${a} && ${b} !== ${b}))`;
    case 'binary':
    case 'array':
    case 'struct':
    case 'interval':
      return `${bind(equalityOf(type))}(${a}, ${b})`;
    default:
      return `${a} === ${b}`;
  }
}

/** NaN is greater than every number and equal to itself. */
function doubleOrder(operator: OrderOperator, a: string, b: string): string {
  switch (operator) {
    case '<':
      return `(${a} < ${b} || (${b} !== ${b} && ${a} === ${a}))`;
    case '<=':
      return `(${a} <= ${b} || ${b} !== ${b})`;
    case '>':
      return `(${a} > ${b} || (${a} !== ${a} && ${b} === ${b}))`;
    case '>=':
      return `(${a} >= ${b} || ${a} !== ${a})`;
    default:
      return operator satisfies never;
  }
}

export type OrderOperator = '<' | '<=' | '>' | '>=';

/** JavaScript for an order of two values that are not null. */
export function orderCode(operator: OrderOperator, type: DataType, a: string, b: string, bind: Bind): string {
  switch (type.kind) {
    case 'string':
      return `${bind(compareText)}(${a}, ${b}) ${operator} 0`;
    case 'float':
    case 'double':
      return doubleOrder(operator, a, b);
    case 'binary':
    case 'array':
    case 'struct':
      return `${bind(comparatorOf(type))}(${a}, ${b}) ${operator} 0`;
    default:
      return `${a} ${operator} ${b}`;
  }
}
