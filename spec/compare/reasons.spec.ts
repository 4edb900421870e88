import { describe, expect, it } from '@jest/globals';
import { compare } from '../../lib/compare/compare.ts';
import { ownPair } from '../../lib/compare/own-pair.ts';
import { reasonText } from '../../lib/compare/reason-text.ts';
import type { CompareRecord, RunModel } from '../../lib/compare/run-model.ts';
import { defaultSettings } from '../../lib/compare/settings.ts';
import { collectList, count, max, sum, window } from '../../lib/functions.ts';
import type { DataFrame, DStream, Time } from '../../lib/index.ts';
import { pairOf } from './run-compare.ts';

const beginMs = Date.UTC(2026, 0, 5, 12);

/** Records `[key, event, arrival, value]`, seconds after the beginning. */
function recordsOf(
  ...given: readonly (readonly [
    key: string,
    event: number,
    arrival: number,
    value?: number,
    stream?: CompareRecord['stream'],
  ])[]
): readonly CompareRecord[] {
  return given.map(([key, event, arrival, value = 1, stream = 'left'], id) => ({
    id,
    key,
    value,
    stream,
    eventMs: beginMs + event * 1000,
    arrivalMs: beginMs + arrival * 1000,
    partition: 0,
  }));
}

function texts(model: RunModel): string[] {
  return model.rows.flatMap((row) => row.reasons.map((reason) => reasonText(model, row, reason)));
}

it('names the windows of a join in which the halves of a pair were', async () => {
  const given = recordsOf(['o1', 5, 6], ['o1', 12, 23, 1, 'right'], ['end', 90, 90], ['end', 91, 91, 1, 'right']);
  const model = await compare(pairOf('join'), { ...defaultSettings, mode: 'append' }, given);
  expect(texts(model)).toEqual([
    'event 12:00:05 (o1) arrived at 12:00:06: DStream read it in batch 12:00:08 (window 12:00:00-12:00:20) and found no partner for it; structured counted it here, in batch 12:00:08 (window 12:00:00-12:00:20)',
    'event 12:00:12 (o1) arrived at 12:00:23: DStream read it in batch 12:00:24 (window 12:00:20-12:00:40) and found no partner for it; structured counted it here, in batch 12:00:24 (window 12:00:00-12:00:20)',
  ]);
});

it('calls no record late whose window was open: it found no partner', async () => {
  // The watermark is 12:00:30 when both come: past both events, and past the window of the first only.
  const given = recordsOf(
    ['o1', 40, 40],
    ['o1', 40, 40, 1, 'right'],
    ['late', 3, 45],
    ['alone', 25, 45],
    ['end', 90, 90],
    ['end', 91, 91, 1, 'right'],
  );
  const model = await compare(pairOf('join'), { ...defaultSettings, mode: 'append' }, given);
  expect(model.fates.map(({ structured }) => structured.kind)).toEqual([
    'elsewhere',
    'elsewhere',
    'late',
    'nowhere',
    'elsewhere',
    'elsewhere',
  ]);
});

it('gives sessions of both engines the same rule: what comes exactly a gap later belongs to them', async () => {
  const settings = { ...defaultSettings, mode: 'append' as const, windowMs: 6000, watermarkMs: 6000 };
  const model = await compare(
    pairOf('session'),
    settings,
    recordsOf(['ann', 1, 1], ['ann', 7, 7], ['ann', 13.1, 13.1]),
  );
  expect(model.rows.map(({ status, dstream }) => [status, dstream?.row.records])).toEqual([
    ['same', [0, 1]],
    ['same', [2]],
  ]);
});

const windowed =
  (toRow: (key: string, total: number) => object, amount: (event: CompareRecord) => number) =>
  (events: DStream<CompareRecord>, { windowMs }: { readonly windowMs: number }) =>
    events
      .map((event) => [event.key, amount(event)] as const)
      .reduceByKeyAndWindow((a, b) => a + b, windowMs, windowMs)
      .transform((rdd, time: Time) =>
        rdd.map(([key, total]) => ({ window: { start: time - windowMs, end: time }, ...toRow(key, total) })),
      );

describe('programs of the user without a column records', () => {
  const given = recordsOf(['ann', 5, 6, 3], ['bob', 6, 7, 2], ['ann', 18, 25, 4], ['ann', 50, 50], ['bob', 3, 57, 5]);

  it.each([
    ['counts', () => 1, count('*')],
    ['sums', ({ value }: CompareRecord) => value, sum('value')],
  ])('are explained where %s by key and window say which records are in a row', async (_, amount, aggregate) => {
    const pair = ownPair(
      'a and b',
      windowed((key, value) => ({ key, value }), amount),
      (events, { windowMs }) =>
        events
          .withWatermark('time', '10 seconds')
          .groupBy(window('time', `${windowMs} milliseconds`).alias('window'), 'key')
          .agg(aggregate.alias('value')),
    );
    const model = await compare(pair, defaultSettings, given);
    const told = texts(model);
    expect(told).toContain(
      'event 12:00:18 (ann) arrived at 12:00:25: DStream counted it in 12:00:20-12:00:40 ann, in batch 12:00:26; structured counted it here, in batch 12:00:26',
    );
    expect(told).toContain(
      'event 12:00:03 (bob) arrived at 12:00:57: DStream counted it here, in batch 12:00:58; structured dropped it in batch 12:00:58: late by 37 s, watermark 12:00:40',
    );
    expect(model.notes).toEqual([expect.stringContaining('found by key and window') as unknown]);
    expect(model.rows.every(({ status, reasons }) => status === 'same' || reasons.length > 0)).toBe(true);
  });

  it('stay open, and are told what to add, where the records cannot be found', async () => {
    const pair = ownPair(
      'a and b',
      windowed(
        (key, value) => ({ about: `user ${key}`, value }),
        () => 1,
      ),
      (events: DataFrame, { windowMs }) =>
        events
          .withWatermark('time', '10 seconds')
          .groupBy(window('time', `${windowMs} milliseconds`).alias('window'), 'key')
          .agg(max('value').alias('value'), collectList('id').alias('records')),
    );
    const { notes } = await compare(pair, defaultSettings, given);
    expect(notes).toEqual([
      expect.stringMatching(
        /^Rows of the DStream do not say .* Give both a column records .*collect_list\(id\)/u,
      ) as unknown,
    ]);
  });
});
