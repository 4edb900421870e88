import { raise } from '../kernel/errors.ts';
import { numbered, type Unnumbered } from './numbered.ts';
import type { CompareRecord } from './run-model.ts';

/** A partition is a number below this. */
const mostPartitions = 64;
/** Every record is a mark of the figure, and looked at from every row. */
const mostRecords = 10_000;

/** What holds for a record whose line does not say it. */
export interface RecordDefaults {
  readonly eventMs?: number;
  readonly key?: string;
  readonly partition?: number;
  /** From the event to the arrival. */
  readonly delayMs?: (partition: number) => number;
}

/**
 * Records of a file with one JSON object a line: `time` of the event (ISO 8601 or milliseconds), and if they matter `key`, `value`,
 * `arrival`, `partition` and `stream` (`left` or `right`). Empty lines are left out.
 *
 * A record without `arrival` arrives after what `delayMs` gives for its partition.
 *
 * @example
 * readRecords('{"key":"ann","time":"2026-01-05T12:04:58Z","arrival":"2026-01-05T12:05:01Z"}', () => 0)
 */
export function readRecords(text: string, delayMs: (partition: number) => number): readonly CompareRecord[] {
  const records = text
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [recordOf(line, i + 1, { delayMs })]));
  if (records.length > mostRecords) {
    raise('COMPARE_RECORD', { line: mostRecords + 1, problem: `there are more than ${mostRecords}` });
  }
  return records.length > 0 ? numbered(records) : raise('COMPARE_RECORD', { line: 1, problem: 'there is no record' });
}

/** One record of a line, or of the value of a Kafka record. */
export function recordOf(line: string, number: number, defaults: RecordDefaults): Unnumbered {
  const refuse = (problem: string): never => raise('COMPARE_RECORD', { line: number, problem });
  const fields = objectOf(line) ?? refuse('it is no JSON object');
  const eventMs = timeOf(fields['time'] ?? defaults.eventMs) ?? refuse('its time is neither ISO 8601 nor milliseconds');
  const partition = fields['partition'] ?? defaults.partition ?? 0;
  if (!Number.isInteger(partition) || Number(partition) < 0 || Number(partition) >= mostPartitions) {
    refuse(`its partition is no whole number from 0 to ${mostPartitions - 1}`);
  }
  const arrivalMs =
    fields['arrival'] === undefined
      ? eventMs + (defaults.delayMs?.(Number(partition)) ?? 0)
      : (timeOf(fields['arrival']) ?? refuse('its arrival is neither ISO 8601 nor milliseconds'));
  const value = fields['value'] ?? 1;
  if (typeof value !== 'number') refuse('its value is no number');
  const stream = fields['stream'] ?? 'left';
  if (stream !== 'left' && stream !== 'right') refuse('its stream is neither left nor right');
  const key = fields['key'] ?? defaults.key ?? '';
  return {
    key: typeof key === 'string' ? key : JSON.stringify(key),
    value: Number(value),
    stream: stream as 'left' | 'right',
    eventMs,
    arrivalMs,
    partition: Number(partition),
  };
}

function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

function timeOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : value;
  return typeof ms === 'number' && Number.isSafeInteger(ms) && ms >= 0 && ms <= 8.64e15 ? ms : undefined;
}
