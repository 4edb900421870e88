import { raise } from '../kernel/errors.ts';
import { kindOf } from './function-failure.ts';

/** Negative when `a` comes before `b`. */
export type Compare<T> = (a: T, b: T) => number;

/**
 * The natural order of `sortBy`, `top`, `max` ...: numbers (NaN last, -0 before 0, as in Java), bigints, texts by UTF-16 code unit, booleans
 * (false first), dates, and arrays element by element. Values of different kinds are refused: any order of them would be an accident.
 */
export function naturalOrder(operator: string): Compare<unknown> {
  return function compare(a, b) {
    if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
    if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
    if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
    if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
    if (a instanceof Date && b instanceof Date) return compareNumbers(a.getTime(), b.getTime());
    if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b, compare);
    return raise('RDD_NOT_COMPARABLE', { operator, left: kindOf(a), right: kindOf(b) }, { where: { operator } });
  };
}

function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return a !== 0 ? 0 : Number(Object.is(b, -0)) - Number(Object.is(a, -0));
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

function compareArrays(a: readonly unknown[], b: readonly unknown[], compare: Compare<unknown>): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compare(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
