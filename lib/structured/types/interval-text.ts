import type { DataType, Long } from './data-type.ts';
import { type DayTimeField, dayTimeText, yearMonthText } from './interval.ts';
import { unitsOf } from './interval-type.ts';

/** A value of an interval type as Spark prints it: `INTERVAL '05' SECOND`, `INTERVAL '1-2' YEAR TO MONTH`. */
export function intervalText(value: Long, type: DataType): string {
  const [from, until] = unitsOf(type);
  if (type.kind === 'interval day to second') return dayTimeText(value, from as DayTimeField, until as DayTimeField);
  const range = from === until ? (from as 'YEAR' | 'MONTH') : 'YEAR TO MONTH';
  return yearMonthText(Number(value), range);
}
