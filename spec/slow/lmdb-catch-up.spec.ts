import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type BatchCompleted, ManualClock, StreamingContext } from '../../lib/index.ts';
import { SourceInput } from '../../lib/streaming/inputs/source-input.ts';
import { FakeSource } from '../helpers/fake-source.ts';

// Each case writes to a disk that others write to as well.
jest.setTimeout(60_000);

const missed = 700;

/** One batch as the program saw it. */
interface Seen {
  readonly time: number;
  readonly attempt: number;
  /** Calls of the state function so far, and the records of the last two batches. */
  readonly calls: number;
  readonly inWindow: number;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-catch-up-'));
});
afterEach(async () => {
  await StreamingContext.getActive()?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * A program on a checkpoint of its own in LMDB, started at `startMs`: it counts how often its state was gone through, which is once in
 * each batch. `onBatch` is called in the batch, before anything of it is committed.
 */
async function started(
  directory: string,
  stateStore: string,
  startMs: number,
  onBatch: (time: number) => void = () => undefined,
): Promise<{ ssc: StreamingContext; clock: ManualClock; seen: Seen[]; completed: number[] }> {
  const clock = new ManualClock(startMs);
  const seen: Seen[] = [];
  const completed: number[] = [];
  const ssc = await StreamingContext.getOrCreate(directory, () => {
    const config = { 'millrace.state.store': stateStore };
    const made = new StreamingContext({ appName: 'catch-up', batchInterval: 1000, clock, config });
    made.checkpoint(directory);
    const source = new FakeSource({ 'a-0': ['x', 'x'] });
    const input = made.inputStream('fake', (step, slideMs) => new SourceInput(step, slideMs, source));
    const calls = input
      .map((word) => [word, 1] as const)
      .updateStateByKey<string, number, number>((_, n) => (n ?? 0) + 1);
    const window = input.window(2000).count();
    let counted = 0;
    calls.foreachRDD(async (rdd) => {
      counted = (await rdd.collect())[0]?.[1] ?? 0;
    });
    window.foreachRDD(async (rdd, time, { attempt }) => {
      seen.push({ time, attempt, calls: counted, inWindow: (await rdd.collect())[0] ?? 0 });
      onBatch(time);
    });
    return made;
  });
  ssc.addStreamingListener({
    onBatchCompleted: ({ batchInfo }: BatchCompleted) => {
      completed.push(batchInfo.batchTime);
    },
  });
  await ssc.start();
  await clock.idle();
  return { ssc, clock, seen, completed };
}

const times = (from: number, until: number): number[] =>
  Array.from({ length: until - from + 1 }, (_, i) => (from + i) * 1000);

describe.each(['memory-table', 'lmdb-rows'])('a program with a store of kind %s that was away', (stateStore) => {
  it('sees every boundary once, in order, with the state and the windows of each', async () => {
    const directory = join(folder, 'checkpoint');
    const first = await started(directory, stateStore, 0);
    await first.clock.advance(2000);
    await first.ssc.stop();
    const later = await started(directory, stateStore, (2 + missed) * 1000);
    expect(later.seen.map(({ time }) => time)).toEqual(times(3, 2 + missed));
    expect(later.completed).toEqual(times(3, 2 + missed));
    expect(later.seen.map(({ calls }) => calls)).toEqual(later.seen.map(({ time }) => time / 1000));
    expect(later.seen.every(({ attempt }) => attempt === 1)).toBe(true);
    // Two records came in the first batch: they are in the windows of it and of the next.
    expect([...first.seen, ...later.seen].map(({ inWindow }) => inWindow).slice(0, 4)).toEqual([2, 2, 0, 0]);
  });

  it.each([
    ['in a group that shares a commit', 300, 3],
    ['where each batch has its own', 690, 690],
  ])('and is killed %s loses nothing and runs no committed batch again', async (_, killedIn, firstAgain) => {
    const directory = join(folder, 'checkpoint');
    const copy = join(folder, 'copy');
    const first = await started(directory, stateStore, 0);
    await first.clock.advance(2000);
    await first.ssc.stop();
    // What a kill in this batch would leave: every write is durable when it returns.
    const killed = await started(directory, stateStore, (2 + missed) * 1000, (time) => {
      if (time === killedIn * 1000) cpSync(directory, copy, { recursive: true });
    });
    await killed.ssc.stop();
    rmSync(join(copy, 'process.lock'), { force: true });
    const again = await started(copy, stateStore, (2 + missed) * 1000);
    expect(again.seen.map(({ time }) => time)).toEqual(times(firstAgain, 2 + missed));
    expect(again.seen.map(({ calls }) => calls)).toEqual(again.seen.map(({ time }) => time / 1000));
    // Those of the group may have run, and say so; what comes later says that it has not.
    const repeated = again.seen.filter(({ attempt }) => attempt > 1).map(({ time }) => time / 1000);
    expect(repeated).toContain(killedIn);
    expect(Math.max(...repeated) - Math.min(...repeated)).toBeLessThanOrEqual(500);
    expect(Math.min(...repeated)).toBe(firstAgain);
  });
});
