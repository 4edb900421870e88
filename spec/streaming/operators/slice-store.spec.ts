import { describe, expect, it } from '@jest/globals';
import { type DStream, ManualClock, StreamingContext } from '../../../lib/index.ts';
import { PartitionListsNode } from '../../../lib/rdd/operators/partition-lists.ts';
import type { RddNode } from '../../../lib/rdd/rdd-node.ts';
import { MemoryStore } from '../../../lib/store/memory-store.ts';
import type { StateStore } from '../../../lib/store/state-store.ts';
import type { StateTable } from '../../../lib/store/state-table.ts';
import type { BatchGraph } from '../../../lib/streaming/batch-graph.ts';
import type { DStreamNode } from '../../../lib/streaming/dstream-node.ts';
import { TimedInput } from '../../../lib/streaming/inputs/timed-input.ts';
import { SliceStore } from '../../../lib/streaming/operators/slice-store.ts';
import { MemoryCheckpoints } from '../../../lib/testing/memory-checkpoints.ts';

const operator = 'numbers/window';

/** A store of slices, and the tables that it writes. */
class Scene {
  readonly store = new MemoryStore();
  readonly slices = new SliceStore<number>(
    { dependencies: [], slideMs: 1000 } as unknown as DStreamNode<unknown>,
    {
      zeroTime: 0,
      table: (_: unknown, name: string, partition?: number) => this.store.table(operator, name, partition),
    } as unknown as BatchGraph,
  );

  async put(time: number, lists: readonly (readonly number[])[]): Promise<void> {
    await this.slices.storing(time, new PartitionListsNode(lists)).complete();
  }

  chunks(partition: number): StateTable<readonly number[], readonly number[]> {
    return this.store.table(operator, 'slices', partition);
  }

  get index(): StateTable<number, number | readonly number[]> {
    return this.store.table(operator, 'slice-index');
  }

  /** Partitions that have a table for chunks. */
  get tables(): readonly number[] {
    return [...this.store.tablesAt(0)].flatMap(({ name, partition }) => (name === 'slices' ? [partition] : []));
  }
}

async function read<T>(slice: RddNode<T> | undefined): Promise<readonly (readonly T[])[] | undefined> {
  if (slice === undefined) return undefined;
  const lists = Array.from({ length: slice.partitions }, (): T[] => []);
  for (const [partition, list] of lists.entries()) await slice.compute(partition, (value) => list.push(value));
  return lists;
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

describe('a slice that is stored', () => {
  it.each([[0], [1], [511], [512], [513], [1024], [1300]])('gives %i elements of a partition again', async (count) => {
    const scene = new Scene();
    const lists = [[7], numbers(count), [8, 9]];
    const storing = scene.slices.storing(1000, new PartitionListsNode(lists));
    expect(await read(storing)).toEqual(lists);
    expect(await read(storing)).toEqual(lists);
    await storing.complete();
    expect(await read(scene.slices.find(1000))).toEqual(lists);
    expect(await read(scene.slices.stored(1000))).toEqual(lists);
  });

  it('has each partition in a table of its own, and none for a partition without elements', async () => {
    const scene = new Scene();
    await scene.put(1000, [[1], [], numbers(600), []]);
    expect(scene.tables).toEqual([0, 2]);
    expect([scene.chunks(0).size, scene.chunks(2).size]).toEqual([1, 2]);
    expect(scene.index.get(1000)).toBe(4);
  });

  it('may have other partitions than the one before', async () => {
    const scene = new Scene();
    const slices = [[[1]], [[2], [3], [4]], [], [[5], [6]]];
    for (const [at, lists] of slices.entries()) await scene.put(at * 1000, lists);
    for (const [at, lists] of slices.entries()) expect(await read(scene.slices.find(at * 1000))).toEqual(lists);
  });

  it.each([
    [513, 'with the rest'],
    [512, 'that has nothing and ends it'],
    [1300, 'between two'],
  ])('of %i elements is outdated without the chunk %s', async (count) => {
    const scene = new Scene();
    await scene.put(1000, [numbers(count)]);
    scene.chunks(0).remove([1000, 1]);
    await expect(read(scene.slices.find(1000))).rejects.toMatchObject({ code: 'STREAM_STATE_OUTDATED' });
  });

  it('is outdated once it was dropped, by whomever it is held', async () => {
    const scene = new Scene();
    const storing = scene.slices.storing(1000, new PartitionListsNode([[], [1]]));
    await storing.complete();
    const stored = scene.slices.find(1000);
    scene.slices.dropUntil(1000);
    for (const slice of [storing, stored]) {
      await expect(read(slice)).rejects.toMatchObject({ code: 'STREAM_STATE_OUTDATED', params: { batch: 1000 } });
    }
  });

  it('leaves nothing when it is dropped', async () => {
    const scene = new Scene();
    await scene.put(1000, [numbers(512), [], numbers(1300)]);
    await scene.put(2000, [[1], [2]]);
    scene.slices.dropUntil(1000);
    expect(scene.slices.find(1000)).toBeUndefined();
    expect(await read(scene.slices.find(2000))).toEqual([[1], [2]]);
    scene.slices.dropUntil(2000);
    expect([...scene.tables.map((partition) => scene.chunks(partition).size), scene.index.size]).toEqual([0, 0, 0, 0]);
  });
});

/** Puts the slices of a step as earlier versions did: all chunks in the first table, and how many a partition has in the index. */
function putAsBefore(store: StateStore, step: string): void {
  const index = store.table<number, number | readonly number[]>(step, 'slice-index');
  const first = store.table<readonly number[], unknown>(step, 'slices');
  for (const [time, partitions] of index.entries()) {
    const counts = Array.from({ length: Number(partitions) }, (_, partition) => {
      const table = store.table<readonly number[], readonly unknown[]>(step, 'slices', partition);
      let count = 0;
      for (let chunk = 0; ; chunk++) {
        const values = table.get([time, chunk]);
        if (values === undefined) return count;
        table.remove([time, chunk]);
        // A full chunk was the last one where nothing was left for another.
        if (values.length > 0) first.put([time, partition, count++], values);
      }
    });
    index.put(time, counts);
  }
}

describe('a slice of a checkpoint that has all partitions in one table', () => {
  const lists = [[1], [], numbers(512), numbers(1300)];

  it('is read', async () => {
    const scene = new Scene();
    await scene.put(1000, lists);
    putAsBefore(scene.store, operator);
    expect(scene.index.get(1000)).toEqual([1, 0, 1, 3]);
    expect(await read(scene.slices.find(1000))).toEqual(lists);
  });

  it('is outdated where a chunk is missing, or once it was dropped', async () => {
    const scene = new Scene();
    await scene.put(1000, lists);
    putAsBefore(scene.store, operator);
    const slice = scene.slices.find(1000);
    scene.chunks(0).remove([1000, 3, 1]);
    await expect(read(slice)).rejects.toMatchObject({ code: 'STREAM_STATE_OUTDATED' });
    scene.slices.dropUntil(1000);
    await expect(read(slice)).rejects.toMatchObject({ code: 'STREAM_STATE_OUTDATED' });
  });

  it('leaves nothing when it is dropped', async () => {
    const scene = new Scene();
    await scene.put(1000, lists);
    putAsBefore(scene.store, operator);
    await scene.put(2000, [[1], [2]]);
    scene.slices.dropUntil(1000);
    expect(await read(scene.slices.find(2000))).toEqual([[1], [2]]);
    scene.slices.dropUntil(2000);
    expect([scene.chunks(0).size, scene.chunks(1).size, scene.index.size]).toEqual([0, 0, 0]);
  });
});

type Pair = readonly [string, number];

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;

function batch(_: number, at: number): readonly Pair[] {
  return numbers(700).map((i) => [`${i % (509 + at)}`, at]);
}

/** What a window of three batches gives in each of eight, begun anew before the fifth with another number of partitions. */
async function windows(
  stream: (pairs: DStream<Pair>) => DStream<unknown>,
  between: (store: StateStore) => void = () => undefined,
): Promise<readonly (readonly unknown[])[]> {
  const clock = new ManualClock();
  const checkpoints = new MemoryCheckpoints();
  const seen: unknown[][] = [];
  const define = (partitions: number) => (): StreamingContext => {
    const ssc = new StreamingContext({ appName: 'w', batchInterval: 1000, clock, openCheckpoint: checkpoints.open });
    const pairs = ssc.inputStream<Pair>('pairs', (step, slideMs) => new TimedInput(step, slideMs, batch, partitions));
    const spread = pairs.transform((rdd, time) => rdd.repartition(1 + ((time / 1000) % 4)));
    stream(spread).foreachRDD(async (rdd) => void seen.push((await rdd.collect()).map(String).toSorted()));
    return ssc;
  };
  for (const partitions of [3, 2]) {
    const ssc = await StreamingContext.getOrCreate('memory:slices', define(partitions));
    await ssc.start();
    for (let batch = 0; batch < 4; batch++) await clock.advance(1000);
    await ssc.stop();
    const store = checkpoints.open.peek?.('memory:slices');
    const last = store?.lastCommitted;
    if (store === undefined || last === undefined) throw new Error('nothing was committed');
    between(store);
    store.commit({ ...last, version: last.version + 1 });
  }
  return seen;
}

describe.each<readonly [string, (pairs: DStream<Pair>) => DStream<unknown>, (at: number) => number]>([
  ['a window', (pairs) => pairs.window(3000), (at) => 700 * Math.min(3, at + 1)],
  [
    'a window with an inverse function',
    // With a slice of 512 keys, which is a full chunk.
    (pairs) => pairs.reduceByKeyAndWindow(add, subtract, 3000, 1000, 1),
    (at) => 509 + at,
  ],
])('%s that begins anew', (_, stream, size) => {
  it('goes on from slices of whatever number of partitions, and from those in one table', async () => {
    const given = await windows(stream);
    expect(given.map((batch) => batch.length)).toEqual(numbers(8).map(size));
    const steps: string[] = [];
    const again = await windows(stream, (store) => {
      for (const step of store.operators) {
        if (store.table(step, 'slice-index').size === 0) continue;
        putAsBefore(store, step);
        steps.push(step);
      }
    });
    expect(steps).toHaveLength(2);
    expect(again).toEqual(given);
  });
});
