import type { State } from '../../streaming/state.ts';
import { StateSpec } from '../../streaming/state-spec.ts';
import type { Pair } from '../pair.ts';
import type { CompareRecord } from '../run-model.ts';

/** Lets the first record of each key through: in a DStream with a memory of arrivals, in the query with one of event times. */
export const dedup: Pair<CompareRecord | null> = {
  name: 'dedup',
  title: 'Events that are sent twice, once each',
  summary: 'Retries are left out: as long as the memory lasts there, within the watermark here.',
  measure: 'passed',
  modes: ['append', 'update'],
  uses: ['windowMs', 'watermarkMs', 'mode'],
  rowsMatchBy: 'label',
  windowLabel: 'memory of the DStream',
  windowHint: 'a key that it has not seen for so long is new to it',
  keepsOne: true,
  rowsAdd: true,
  records: 'retries',
  amountOf: () => 1,
  alignMs: ({ batchMs }) => batchMs,
  drainMs: ({ batchMs }) => batchMs,
  dstream: (events, { windowMs: memoryMs }) =>
    events
      .map((event) => [event.key, event] as const)
      .mapWithState(StateSpec.function(firstOnly).timeout(memoryMs))
      .name('seen')
      .filter((event) => event !== null),
  dstreamRow: (event) => ({ label: event?.key ?? '', value: 1, records: event === null ? [] : [event.id] }),
  structured: (events, { watermarkMs }) =>
    events
      .withWatermark('time', `${watermarkMs} milliseconds`)
      .dropDuplicatesWithinWatermark(['key'])
      .select('key', 'id'),
  structuredRow: (row) => ({ label: String(row['key']), value: 1, records: [Number(row['id'])] }),
};

function firstOnly(_key: string, event: CompareRecord | null, state: State<boolean>): CompareRecord | null {
  if (event === null || state.exists()) return null;
  state.update(true);
  return event;
}
