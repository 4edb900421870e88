import { raise } from '../../../kernel/errors.ts';
import { addMonths } from '../../types/calendar.ts';
import type { CalendarInterval, DataType, InternalValue, Long } from '../../types/data-type.ts';
import { MICROS_PER_DAY } from '../../types/interval.ts';
import { addLong, toLong } from '../../types/long.ts';
import { daysOfMicros, localOfTimestamp, microsOfDays, timestampOfLocal } from '../../types/timestamp.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import { arrayType, atomic, isIntegral } from '../../types/type-classes.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { takes, unexpected } from '../signatures.ts';
import { typesText } from './define.ts';

const maxElements = 10_000_000;

function tooMany(count: number): never {
  return raise('COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION', { function: 'sequence', count, limit: maxElements });
}

function wrongStep(start: unknown, stop: unknown): never {
  return raise('INVALID_PARAMETER_VALUE.OTHER', {
    function: 'sequence',
    value: `the bounds ${String(start)} and ${String(stop)}`,
    expected: 'a step that leads from the first to the second',
  });
}

function whole(start: Long, stop: Long, given?: Long): InternalValue {
  const step = given ?? (BigInt(start) <= BigInt(stop) ? 1 : -1);
  const [from, until, by] = [BigInt(start), BigInt(stop), BigInt(step)];
  if (from === until) return [start];
  if (by === 0n || until > from !== by > 0n) return wrongStep(start, stop);
  const count = Number((until - from) / by) + 1;
  if (count > maxElements) return tooMany(count);
  return Array.from({ length: count }, (_, i) => toLong(from + by * BigInt(i)));
}

/** Times: each is the start plus n times the step, months by the calendar of the zone. */
function times(start: Long, stop: Long, step: CalendarInterval, zone: TimeZone): Long[] {
  const { months, days, micros } = step;
  const span = BigInt(months) * 28n * BigInt(MICROS_PER_DAY) + BigInt(days) * BigInt(MICROS_PER_DAY) + BigInt(micros);
  if (span === 0n || (BigInt(stop) > BigInt(start) && span < 0n) || (BigInt(stop) < BigInt(start) && span > 0n))
    return wrongStep(start, stop);
  const estimate = Number((BigInt(stop) - BigInt(start)) / span);
  if (estimate > maxElements) return tooMany(estimate);
  const result: Long[] = [];
  const local = localOfTimestamp(start, zone);
  const startDay = daysOfMicros(local);
  const timeOfDay = addLong(local, -microsOfDays(startDay));
  for (let i = 0; ; i++) {
    const day = addMonths(startDay, months * i) + days * i;
    const at = addLong(
      timestampOfLocal(addLong(microsOfDays(day), timeOfDay), zone),
      toLong(BigInt(micros) * BigInt(i)),
    );
    if (span > 0n ? at > stop : at < stop) return result;
    result.push(at);
  }
}

function intervalOf(value: InternalValue, type: DataType | undefined): CalendarInterval {
  if (type?.kind === 'interval year to month') return { months: value as number, days: 0, micros: 0 };
  if (type?.kind === 'interval day to second') return { months: 0, days: 0, micros: value as Long };
  return value as CalendarInterval;
}

function bind({ type, args, timeZone: session }: BindSite): (...values: readonly InternalValue[]) => InternalValue {
  const element = type.kind === 'array' ? type.element : type;
  if (isIntegral(element)) return (start, stop, step) => whole(start as Long, stop as Long, step as Long | undefined);
  const utc = timeZone('UTC') as TimeZone;
  const zone = element.kind === 'timestamp' ? (timeZone(session) ?? utc) : utc;
  const stepType = args[2]?.type;
  return (start, stop, step) => {
    const isForward = (start as Long) <= (stop as Long);
    const interval =
      step === undefined || step === null
        ? { months: 0, days: isForward ? 1 : -1, micros: 0 }
        : intervalOf(step, stepType);
    if (element.kind !== 'date') return times(start as Long, stop as Long, interval, zone);
    return times(microsOfDays(start as number), microsOfDays(stop as number), interval, utc).map(daysOfMicros);
  };
}

function isSequenceType({ kind }: DataType): boolean {
  return ['tinyint', 'smallint', 'int', 'bigint', 'date', 'timestamp', 'timestamp_ntz', 'void'].includes(kind);
}

export const sequenceFunctions: readonly FunctionDefinition[] = [
  {
    name: 'sequence',
    group: 'collection',
    summary: 'The values from a start to a stop (inclusive) by a step: whole numbers, dates, times.',
    usage: 'sequence(start, stop[, step])',
    examples: [
      ['sequence(1, 5)', '[1, 2, 3, 4, 5]'],
      ["sequence(DATE'2018-01-01', DATE'2018-03-01', INTERVAL 1 MONTH)", '[2018-01-01, 2018-02-01, 2018-03-01]'],
    ],
    resolve(args, site) {
      takes('sequence', ['any', 'any', 'any?'], 'void')(args, site);
      const [start, stop, step] = args;
      if ([start, stop].some((arg) => arg !== undefined && !isSequenceType(arg.type))) {
        raise('DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES', { actual: typesText(args) });
      }
      const kinds = ['tinyint', 'smallint', 'int', 'bigint', 'date', 'timestamp', 'timestamp_ntz'];
      const rank = Math.max(kinds.indexOf(start?.type.kind ?? ''), kinds.indexOf(stop?.type.kind ?? ''));
      const element = atomic((kinds[rank] ?? 'int') as 'int');
      if (rank < 0 && start !== undefined) return unexpected('sequence', 0, start, 'INTEGRAL, DATE or TIMESTAMP');
      const stepType = step === undefined ? [] : [isIntegral(element) ? element : step.type];
      return { args: [element, element, ...stepType], type: arrayType(element, false) };
    },
    body: { kind: 'scalar', bind: (site) => ({ evaluate: bind(site) }) },
  },
];
