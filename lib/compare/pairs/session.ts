import { collectList, count } from '../../structured/builders/aggregate.ts';
import { sessionWindow } from '../../structured/builders/windows.ts';
import type { State } from '../../streaming/state.ts';
import { StateSpec } from '../../streaming/state-spec.ts';
import type { Pair } from '../pair.ts';
import type { CompareRecord, ResultRow } from '../run-model.ts';
import { groupRow } from './group-row.ts';

/** A session that may still go on. */
interface Open {
  readonly fromMs: number;
  readonly lastMs: number;
  readonly records: readonly number[];
}

/** Cuts the events of each key into sessions. DStreams have no session windows: one writes them with `mapWithState` and a timeout. */
export const session: Pair<ResultRow | null> = {
  name: 'session',
  title: 'Sessions of each user',
  summary: 'A gap ends a session: a gap between arrivals there, a gap between events here.',
  measure: 'count',
  modes: ['append', 'complete'],
  uses: ['windowMs', 'watermarkMs', 'mode'],
  rowsMatchBy: 'records',
  records: 'events',
  windowLabel: 'gap that ends a session',
  windowHint: 'between arrivals there, between events here',
  defaults: { windowMs: 6000, watermarkMs: 6000 },
  amountOf: () => 1,
  alignMs: ({ batchMs }) => batchMs,
  drainMs: ({ windowMs, batchMs }) => windowMs + 2 * batchMs,
  dstream: (events, { windowMs: gapMs }) =>
    events
      .map((event) => [event.key, event] as const)
      .mapWithState(StateSpec.function(sessionsWith(gapMs)).timeout(gapMs))
      .name('sessions')
      .filter((row) => row !== null),
  dstreamRow: (row) => row as ResultRow,
  structured: (events, { windowMs: gapMs, watermarkMs }) =>
    events
      .withWatermark('time', `${watermarkMs} milliseconds`)
      .groupBy(sessionWindow('time', `${gapMs} milliseconds`).alias('window'), 'key')
      .agg(count('*').alias('value'), collectList('id').alias('records')),
  structuredRow: groupRow,
};

/** Prolongs the session of a key, or gives it and begins a new one. */
function sessionsWith(
  gapMs: number,
): (key: string, event: CompareRecord | null, state: State<Open>) => ResultRow | null {
  return (key, event, state) => {
    const open = state.getOption();
    if (event === null) return open === null ? null : closed(key, open, gapMs);
    const { id, arrivalMs } = event;
    // As in session windows: what comes exactly a gap later still belongs to it.
    if (open !== null && arrivalMs <= open.lastMs + gapMs) {
      state.update({ ...open, lastMs: Math.max(open.lastMs, arrivalMs), records: [...open.records, id] });
      return null;
    }
    state.update({ fromMs: arrivalMs, lastMs: arrivalMs, records: [id] });
    return open === null ? null : closed(key, open, gapMs);
  };
}

function closed(label: string, { fromMs, lastMs, records }: Open, gapMs: number): ResultRow {
  const sorted = records.toSorted((a, b) => a - b);
  return { label, window: { fromMs, untilMs: lastMs + gapMs }, value: records.length, records: sorted };
}
