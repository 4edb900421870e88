import { describe, expect, it } from '@jest/globals';
import { type DStream, ManualClock, type RDD, StateSpec, StreamingContext } from '../../lib/index.ts';
import type { CheckpointFactory } from '../../lib/batch/checkpoint.ts';
import { MemoryStore } from '../../lib/store/memory-store.ts';
import { TimedInput } from '../../lib/streaming/inputs/timed-input.ts';
import type { StateTable } from '../../lib/store/state-table.ts';

type Pair = readonly [string, number];
type Pairs = DStream<Pair>;

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
const isNotZero = ([, n]: Pair): boolean => n !== 0;

/** Counts rows that are looked up, written, removed or come by in a visit. */
class CountingStore extends MemoryStore {
  rows = 0;

  override table<K, V>(operator: string, name: string, partition?: number): StateTable<K, V> {
    const table = super.table<K, V>(operator, name, partition);
    const one = <T>(result: T): T => {
      this.rows += 1;
      return result;
    };
    return {
      get size() {
        return table.size;
      },
      get sizeBytes() {
        return table.sizeBytes;
      },
      has: (key) => one(table.has(key)),
      get: (key) => one(table.get(key)),
      put: (key, value) => {
        one(table.put(key, value));
      },
      remove: (key) => one(table.remove(key)),
      update: (key, next) => one(table.update(key, next)),
      revise: (key, next) => {
        one(table.revise(key, next));
      },
      reviseEach: (run) => {
        this.rows += run.keys.length;
        table.reviseEach(run);
      },
      reviseAt: (place, key, next) => one(table.reviseAt(place, key, next)),
      warm: (keys) => {
        table.warm(keys);
      },
      warmAt: (places, ids, from) => {
        table.warmAt(places, ids, from);
      },
      updateEach: (next) => {
        table.updateEach((key, value) => one(next(key, value)));
      },
      updateInSteps: (next) => table.updateInSteps((key, value) => one(next(key, value))),
      forEach: (visit) => {
        table.forEach((key, value) => one(visit(key, value)));
      },
      entries: () => Array.from(table.entries(), (entry) => one(entry)),
    };
  }
}

/** Rows touched in each batch of an operation. */
async function rowsPerBatch(
  batches: readonly (readonly Pair[])[],
  stream: (s: Pairs) => DStream<unknown>,
  read: (rdd: RDD<unknown>) => Promise<void> | undefined = () => undefined,
): Promise<readonly number[]> {
  const clock = new ManualClock();
  const store = new CountingStore({ clock });
  const openCheckpoint: CheckpointFactory = () => Promise.resolve(store);
  const ssc = new StreamingContext({ appName: 'cost', batchInterval: 1000, clock, openCheckpoint });
  ssc.checkpoint('memory:cost');
  const input = ssc.inputStream<Pair>(
    'batches',
    (step, slideMs) => new TimedInput<Pair>(step, slideMs, (_, index) => batches[index] ?? [], 2),
  );
  // Where nobody reads what comes out, the state goes on all the same.
  stream(input).foreachRDD(async (rdd) => {
    await read(rdd);
  });
  await ssc.start();
  const rows: number[] = [];
  try {
    for (const _ of batches) {
      store.rows = 0;
      await clock.advance(1000);
      rows.push(store.rows);
    }
  } finally {
    await ssc.stop();
  }
  return rows;
}

function keys(count: number, name = 'key'): Pair[] {
  return Array.from({ length: count }, (_, i) => [`${name}-${i}`, 1] as const);
}

const running = StateSpec.function<string, number, number, number>((_, value, state) => {
  if (!state.isTimingOut()) state.update((state.getOption() ?? 0) + (value ?? 0));
  return state.get();
});

describe('the rows that a batch touches', () => {
  it.each<readonly [string, (s: Pairs) => DStream<unknown>]>([
    ['mapWithState', (s) => s.mapWithState(running)],
    ['mapWithState with a timeout', (s) => s.mapWithState(running.timeout('1 hour'))],
    [
      'updateStateByKey with touchedOnly',
      (s) => s.updateStateByKey<string, number, number>((n, sum) => n.reduce(add, sum ?? 0), { touchedOnly: true }),
    ],
    ['reduceByKeyAndWindow with inverse', (s) => s.reduceByKeyAndWindow(add, subtract, '1 hour', '1 second')],
    [
      'reduceByKeyAndWindow with inverse and filter',
      (s) => s.reduceByKeyAndWindow(add, subtract, '1 hour', '1 second', { filter: isNotZero }),
    ],
    ['countByValueAndWindow', (s) => s.map(([key]) => key).countByValueAndWindow('1 hour', '1 second')],
  ])('follow its keys, not those that are known: %s', async (_, stream) => {
    const few = await rowsPerBatch([keys(100), keys(5), [], keys(5)], stream);
    const many = await rowsPerBatch([keys(3000), keys(5), [], keys(5)], stream);
    expect(many[0]).toBeGreaterThan(3000);
    expect(many.slice(1)).toEqual(few.slice(1));
    expect(Math.max(...many.slice(1))).toBeLessThan(60);
  });

  it.each<readonly [string, (s: Pairs) => DStream<unknown>, visits: number]>([
    ['stateSnapshots', (s) => s.mapWithState(running).stateSnapshots(), 0],
    ['updateStateByKey', (s) => s.updateStateByKey<string, number, number>((n, sum) => n.reduce(add, sum ?? 0)), 1],
  ])('are no more for a count of all keys: %s', async (_, stream, visits) => {
    const counts: number[] = [];
    const rows = await rowsPerBatch([keys(3000), keys(5), keys(7, 'other')], stream, async (rdd) => {
      counts.push(await rdd.count());
    });
    expect(counts).toEqual([3000, 3000, 3007]);
    expect(rows[1]).toBeGreaterThanOrEqual(3000 * visits);
    expect(rows[1]).toBeLessThan(3000 * visits + 60);
  });

  it('follow the keys whose timeout has come', async () => {
    const batches = [keys(7, 'idle'), keys(3000), [], [], [], []];
    const rows = await rowsPerBatch(batches, (s) => s.mapWithState(running.timeout('2 seconds')));
    expect(rows[1]).toBeGreaterThan(3000);
    expect(rows[2]).toBeLessThan(30);
    // The 7 have been idle for longer than 2 s in the fourth batch, the 3000 in the fifth.
    expect(rows[3]).toBeLessThan(60);
    expect(rows[4]).toBeGreaterThan(3000);
    expect(rows[5]).toBeLessThan(30);
  });

  it('follow the records of a key, however often it is looked at for its timeout', async () => {
    const batches = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? keys(200) : []));
    const rows = await rowsPerBatch(batches, (s) => s.mapWithState(running.timeout('3 seconds')));
    const records = 200 * 6;
    // A look-up and a write for each record, and as much for each look at an idle time, of which there are no more than records.
    expect(rows.reduce(add)).toBeLessThan(records * 4 + 12 * 30);
  });

  it.each<readonly [string, (seconds: number) => (s: Pairs) => DStream<unknown>]>([
    ['a window', (seconds) => (s) => s.window(seconds * 1000)],
    ['an inverse window', (seconds) => (s) => s.reduceByKeyAndWindow(add, subtract, seconds * 1000, 1000)],
  ])('follow what enters and leaves, not the length: the slices that %s drops', async (name, stream) => {
    const batches = Array.from({ length: 40 }, (_, at) => (at === 0 ? keys(10) : []));
    const dropped = async (seconds: number): Promise<number> =>
      (await rowsPerBatch(batches, stream(seconds))).slice(seconds + 2).at(-1) ?? 0;
    const [short, long] = [await dropped(4), await dropped(30)];
    // A window asks for each of its slices once to put itself together; finding the one that leaves costs nothing more.
    const perSlice = name === 'a window' ? 1 : 0;
    expect(long - short).toBeLessThanOrEqual(26 * perSlice);
  });
});
