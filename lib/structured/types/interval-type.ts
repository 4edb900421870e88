import type { AtomicType, DataType } from './data-type.ts';
import { atomic } from './type-classes.ts';

const units: readonly string[] = ['year', 'month', 'day', 'hour', 'minute', 'second'];
const FIRST_OF_DAY_TIME = 2;

/** The interval type of a range of units: `intervalType('DAY', 'HOUR')`. */
export function intervalType(from: string, until: string): AtomicType {
  const first = units.indexOf(from.toLowerCase());
  const last = units.indexOf(until.toLowerCase());
  const isDayTime = first >= FIRST_OF_DAY_TIME;
  const kind = isDayTime ? 'interval day to second' : 'interval year to month';
  const isWhole = isDayTime ? first === FIRST_OF_DAY_TIME && last === 5 : first === 0 && last === 1;
  if (isWhole) return { kind };
  const [start = '', end = ''] = [units[first], units[last]];
  return { kind, range: first === last ? start : `${start} to ${end}` };
}

/** The first and the last unit of an interval type, in capitals. */
export function unitsOf(type: DataType): readonly [from: string, until: string] {
  const whole = type.kind === 'interval year to month' ? 'year to month' : 'day to second';
  const range = ('range' in type ? type.range : undefined) ?? whole;
  const [from = '', until = from] = range.toUpperCase().split(' TO ');
  return [from, until];
}

/** The type of values of two interval types of one kind. */
export function widerInterval(a: DataType, b: DataType): DataType {
  const all = [...unitsOf(a), ...unitsOf(b)].map((unit) => units.indexOf(unit.toLowerCase()));
  return intervalType(units[Math.min(...all)] ?? '', units[Math.max(...all)] ?? '');
}

export function isInterval({ kind }: DataType): boolean {
  return kind === 'interval day to second' || kind === 'interval year to month';
}

/** The type of differences of dates. */
export const dayInterval: AtomicType = intervalType('day', 'day');
export const dayTimeInterval: DataType = atomic('interval day to second');
