import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compare } from '../../lib/compare/compare.ts';
import { pairs } from '../../lib/compare/pairs/index.ts';
import type { CompareRecord, RunModel } from '../../lib/compare/run-model.ts';
import { defaultSettings } from '../../lib/compare/settings.ts';
import { pairOf, rowLines, run } from './run-compare.ts';

const inOrder = { disorderMs: 0, latePercent: 0 };
const names = pairs.map(({ name }) => name);

describe('a comparison', () => {
  it.each(names)('of %s gives the same results for records that arrive in order', async (name) => {
    // Deduplication is the exception: its retries arrive later than their events by what they are.
    const expected = name === 'dedup' ? 'differs' : 'same';
    const { rows } = await run(name, inOrder);
    expect(rows.length).toBeGreaterThan(2);
    expect(new Set(rows.map(({ status }) => status))).toEqual(
      new Set(name === 'dedup' ? ['same', expected] : [expected]),
    );
  });

  it('is the same every time', async () => {
    expect(JSON.stringify(await run('tumbling'))).toBe(JSON.stringify(await run('tumbling')));
  });

  it('counts by arrival there and by event here', async () => {
    const records = records3(
      ['ann', at(5), at(5)],
      ['ann', at(18), at(21)],
      ['bob', at(45), at(45)],
      ['ann', at(10), at(48)],
    );
    const settings = { ...defaultSettings, mode: 'update' as const, watermarkMs: 5000 };
    const model = await compare(pairOf('tumbling'), settings, records);
    expect(rowLines(model)).toEqual([
      '0s ann 1 2 differs',
      '20s ann 1 - differs',
      '40s ann 1 - differs',
      '40s bob 1 1 same',
    ]);
    expect(model.rows[0]?.reasons).toEqual([
      {
        record: 2,
        about: model.rows[0]?.id,
        counted: 'structured',
        amount: 1,
        dstream: {
          kind: 'elsewhere',
          batch: 11,
          timeMs: at(22),
          rows: [{ label: 'ann', window: { fromMs: at(20), untilMs: at(40) } }],
        },
        structured: { kind: 'here', batch: expect.any(Number), timeMs: at(22) },
      },
    ]);
    expect(model.rows[2]?.reasons[0]?.structured).toEqual({
      kind: 'late',
      batch: expect.any(Number),
      timeMs: at(50),
      watermarkMs: at(40),
      lateMs: 30_000,
    });
  });

  it.each(['tumbling', 'running-total'])(
    'of %s survives a restart: structured gives what it gave, and no record is lost or counted twice',
    async (name) => {
      const settings = { ...inOrder, count: 24 };
      const [straight, restarted] = [await run(name, settings), await run(name, { ...settings, restart: true })];
      expect(values(restarted)).toEqual(values(straight));
      expect(restarted.restart).toBeDefined();
      const read = restarted.dstream.batches.flatMap(({ records }) => records);
      expect(read.toSorted((a, b) => a - b)).toEqual(restarted.records.map(({ id }) => id));
    },
  );

  it('lets DStream count what arrived while both were down in the batch after, in another window', async () => {
    const { rows, dstream } = await run('tumbling', { ...inOrder, restart: true, batchMs: 4000, count: 40 });
    expect(dstream.batches.some(({ isCatchUp }) => isCatchUp)).toBe(true);
    expect(rows.length).toBeGreaterThan(2);
  });

  it('shows what append mode holds back, with what it holds', async () => {
    const model = await run('tumbling', { ...inOrder, mode: 'append' });
    expect(model.verdict).toMatchObject({ isSame: true, differing: 0 });
    expect(model.verdict.waiting).toBeGreaterThan(0);
    const waiting = model.rows.filter(({ structured }) => structured?.isWaiting === true);
    expect(waiting.map(({ dstream, structured }) => dstream?.row.value === structured?.row.value)).not.toContain(false);
  });

  it('drops nothing in complete mode, however late', async () => {
    const model = await run('tumbling', { mode: 'complete', latePercent: 30 });
    expect(model.verdict.lateRows).toBe(0);
    const counted = model.rows.reduce((sum, { structured }) => sum + (structured?.row.value ?? 0), 0);
    expect(counted).toBe(model.records.length);
  });

  it('shifts the windows of a partition whose clock is behind', async () => {
    const model = await run('tumbling', { ...inOrder, skewMs: 9000 });
    expect(model.verdict.isSame).toBe(false);
    const moved = model.rows.flatMap(({ reasons }) => reasons.map(({ record }) => model.records[record]?.partition));
    expect(new Set(moved)).toEqual(new Set([1]));
  });

  it.each([
    ['a window that is no multiple of the batch', 'tumbling', { windowMs: 7000 }, 'STREAM_WINDOW_NOT_MULTIPLE'],
    [
      'an output mode that the query cannot have',
      'running-total',
      { mode: 'append' as const },
      'STREAMING_OUTPUT_MODE',
    ],
    ['more batches than anybody reads', 'tumbling', { batchMs: 10, windowMs: 20_000 }, 'COMPARE_TOO_LONG'],
  ])('leaves %s to be refused', async (_, name, settings, code) => {
    await expect(run(name, settings)).rejects.toThrow(code);
    // Nothing is left running: the next one can start.
    expect((await run('running-total', { count: 3 })).rows.length).toBeGreaterThan(0);
  });
});

function records3(...given: readonly (readonly [key: string, eventMs: number, arrivalMs: number])[]): CompareRecord[] {
  return given
    .toSorted((a, b) => a[1] - b[1])
    .map(([key, eventMs, arrivalMs], id) => ({ id, key, value: 1, stream: 'left', eventMs, arrivalMs, partition: 0 }));
}

function at(seconds: number): number {
  return Date.UTC(2026, 0, 5, 12) + seconds * 1000;
}

/** Values of the structured side, by row. */
function values({ rows }: RunModel): unknown[] {
  return rows.flatMap(({ id, structured }) => (structured === undefined ? [] : [[id, structured.row.value]]));
}

/** Any settings that the engines accept. */
const anySettings = fc
  .record({
    batches: fc.integer({ min: 1, max: 4 }),
    windows: fc.integer({ min: 1, max: 6 }),
    slides: fc.integer({ min: 1, max: 3 }),
    watermarkMs: fc.constantFrom(0, 1000, 5000, 20_000),
    disorderMs: fc.constantFrom(0, 3000, 15_000),
    latePercent: fc.constantFrom(0, 10, 40),
    skewMs: fc.constantFrom(0, 7000),
    restart: fc.boolean(),
    seed: fc.nat({ max: 1_000_000 }),
    top: fc.integer({ min: 1, max: 3 }),
    mode: fc.nat({ max: 2 }),
    pair: fc.constantFrom(...names),
  })
  .map(({ batches, windows, slides, pair, mode, ...rest }) => {
    const batchMs = batches * 1000;
    const slideMs = slides * batchMs;
    const modes = pairOf(pair).modes;
    return {
      pair,
      settings: {
        ...rest,
        batchMs,
        slideMs,
        windowMs: windows * slideMs,
        mode: modes[mode % modes.length] ?? 'append',
        count: 14,
      },
    };
  });

describe('the reasons, whatever the settings', () => {
  it('account for every difference exactly, and only name what the engines reported', async () => {
    await fc.assert(
      fc.asyncProperty(anySettings, async ({ pair, settings }) => {
        const model = await run(pair, settings);
        for (const row of model.rows) {
          const [there, here] = [new Set(row.dstream?.row.records), new Set(row.structured?.row.records)];
          const about = row.reasons.filter((reason) => reason.about === row.id);
          const explained = about.reduce(
            (sum, { amount, counted }) => sum + (counted === 'dstream' ? amount : -amount),
            0,
          );
          expect(explained).toBeCloseTo((row.dstream?.row.value ?? 0) - (row.structured?.row.value ?? 0), 9);
          const onOneSide = [...there, ...here].filter((record) => there.has(record) !== here.has(record));
          expect(new Set(about.map(({ record }) => record))).toEqual(new Set(onOneSide));
          expect(about).toHaveLength(onOneSide.length);
          // A row that ranks elsewhere has a reason too: its own records or those of a rival.
          expect({ row: row.id, isUnexplained: row.status === 'differs' && row.reasons.length === 0 }).toMatchObject({
            isUnexplained: false,
          });
        }
        expect(lateByReasons(model)).toBeLessThanOrEqual(model.verdict.lateRows);
        for (const { dstream, structured } of model.rows.flatMap(({ reasons }) => reasons)) {
          expect(dstream.kind).not.toBe('late');
          expect([dstream.kind, structured.kind]).not.toContain('unread');
          // Only halves that find no partner are in no row.
          expect([dstream.kind, structured.kind].filter((kind) => kind === 'nowhere' && pair !== 'join')).toEqual([]);
        }
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('name as many late records as the engine counted', async () => {
    const model = await run('tumbling', { latePercent: 30 });
    expect(model.verdict.lateRows).toBeGreaterThan(1);
    expect(lateByReasons(model)).toBe(model.verdict.lateRows);
  });
});

/** How many different records were dropped as late by what the reasons say. */
function lateByReasons({ rows }: RunModel): number {
  const reasons = rows.flatMap((row) => row.reasons.filter(({ structured }) => structured.kind === 'late'));
  return new Set(reasons.map(({ record }) => record)).size;
}
