import { raise } from '../kernel/errors.ts';
import { DataFrame } from '../structured/data-frame.ts';
import { DStream } from '../streaming/dstream.ts';
import type { Pair } from './pair.ts';
import type { CompareRecord, EngineName, ResultRow, TimeSpan } from './run-model.ts';
import type { CompareSettings } from './settings.ts';

/** A DStream program of the user: gives a stream of row objects. */
export type OwnDStream = (events: DStream<CompareRecord>, settings: CompareSettings) => unknown;
/** A query of the user: gives a DataFrame. */
export type OwnStructured = (events: DataFrame, settings: CompareSettings) => unknown;

/**
 * A pair of the user's own programs.
 *
 * Rows of both are objects: `value` is the number that is compared, `window` an optional `{ start, end }`, `records` the ids of the records
 * in the row, and everything else says what the row is about. Without `records` they are found by key and window where that leaves no doubt
 * (`derive-records.ts`); other differences stay unexplained.
 */
export function ownPair(title: string, dstream: OwnDStream, structured: OwnStructured): Pair {
  return {
    name: 'own',
    title,
    summary: title,
    measure: 'value',
    modes: ['update', 'append', 'complete'],
    uses: ['windowMs', 'slideMs', 'watermarkMs', 'mode', 'top'],
    rowsMatchBy: 'label',
    records: 'events',
    mayLackRecords: true,
    amountOf: () => 1,
    alignMs: ({ windowMs, batchMs }) => (windowMs % batchMs === 0 ? windowMs : batchMs),
    drainMs: ({ windowMs, slideMs, batchMs }) => windowMs + slideMs + 2 * batchMs,
    dstream: (events, settings) => {
      const made = dstream(events, settings);
      return made instanceof DStream ? (made as DStream<unknown>) : refuse('dstream', 'it returned no DStream');
    },
    dstreamRow: (element) => ownRow('dstream', element),
    structured: (events, settings) => {
      const made = structured(events, settings);
      return made instanceof DataFrame ? made : refuse('structured', 'it returned no DataFrame');
    },
    structuredRow: (row) => ownRow('structured', row),
  };
}

function ownRow(engine: EngineName, element: unknown): ResultRow {
  if (typeof element !== 'object' || element === null) refuse(engine, `a row is ${String(element)}, not an object`);
  const { value, window, rank, records, ...about } = element as Readonly<Record<string, unknown>>;
  const number = Number(value);
  if (value === null || value === undefined || !Number.isFinite(number)) {
    refuse(engine, `the column value of a row is ${String(value)}, not a number`);
  }
  return {
    label: Object.values(about)
      .map((part) => String(part))
      .join(' '),
    ...(window === undefined ? {} : { window: spanOf(engine, window) }),
    value: number,
    ...(rank === undefined ? {} : { rank: Number(rank) }),
    records: Array.isArray(records) ? records.map(Number).toSorted((a, b) => a - b) : [],
  };
}

function spanOf(engine: EngineName, window: unknown): TimeSpan {
  const { start, end } = (window ?? {}) as Readonly<Record<string, unknown>>;
  const [fromMs, untilMs] = [Number(start), Number(end)];
  return Number.isFinite(fromMs) && Number.isFinite(untilMs)
    ? { fromMs, untilMs }
    : refuse(engine, 'the column window of a row has no start and end');
}

function refuse(engine: EngineName, problem: string): never {
  return raise('COMPARE_PROGRAM', { engine, problem });
}
