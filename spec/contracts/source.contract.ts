import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Offset, OffsetRange } from '../../lib/io/offsets.ts';
import type { Source } from '../../lib/io/source.ts';

/** What a source is to the contract: records are texts, written to a partition by its number. */
export interface SourceHarness {
  /** A source over the same data, as another process would open it. It begins at the earliest record. */
  open(): Source;
  /** Appends texts to a partition. */
  write(partition: number, values: readonly string[]): Promise<void>;
  /** Adds one empty partition; left out where the source cannot grow. */
  readonly addPartition?: () => Promise<void>;
  /** The text of a record. */
  valueOf(record: unknown): string;
  /** Names of partitions 0, 1, 2 ... in offsets. */
  keyOf(partition: number): string;
  close(): Promise<void>;
}

/** Reads a range: the values of each partition that has any. */
export async function valuesOf(
  source: Source,
  range: OffsetRange,
  valueOf: (record: unknown) => string,
): Promise<Record<string, string[]>> {
  const values: Record<string, string[]> = {};
  for (const part of source.read(range)) {
    for await (const block of part.blocks()) {
      block.forEach((record) => {
        (values[part.partition] ??= []).push(valueOf(record));
      });
    }
  }
  return values;
}

/** What every replayable source keeps to. `create` makes a fresh one with two empty partitions. */
export function sourceContract(name: string, create: () => Promise<SourceHarness>): void {
  describe(`${name} as a source`, () => {
    let harness: SourceHarness;
    const opened: Source[] = [];

    beforeEach(async () => {
      harness = await create();
    });

    afterEach(async () => {
      for (const source of opened.splice(0)) await source.close();
      await harness.close();
    });

    function open(): Source {
      const source = harness.open();
      opened.push(source);
      return source;
    }

    const read = async (source: Source, range: OffsetRange): Promise<Record<string, string[]>> =>
      await valuesOf(source, range, harness.valueOf);

    function part(range: OffsetRange, from: number, until: number): OffsetRange {
      const key = harness.keyOf(0);
      return { from: { ...range.from, [key]: from }, until: { ...range.until, [key]: until } };
    }

    it('begins with every partition and reads nothing of an empty one', async () => {
      const source = open();
      const from = await source.open(undefined);
      expect(Object.keys(from)).toEqual([harness.keyOf(0), harness.keyOf(1)]);
      const range = await source.latestOffset(from, {});
      expect(range.until).toEqual(range.from);
      expect(source.read(range).map(({ partition }) => partition)).toEqual(Object.keys(range.until));
      expect(await read(source, range)).toEqual({});
    });

    it('reads exactly what is between two plans, in order', async () => {
      const source = open();
      const from = await source.open(undefined);
      await harness.write(0, ['a', 'b']);
      const first = await source.latestOffset(from, {});
      await harness.write(0, ['c']);
      await harness.write(1, ['x']);
      expect(await read(source, first)).toEqual({ [harness.keyOf(0)]: ['a', 'b'] });
      const second = await source.latestOffset(first.until, {});
      expect(second.from).toEqual(first.until);
      expect(await read(source, second)).toEqual({ [harness.keyOf(0)]: ['c'], [harness.keyOf(1)]: ['x'] });
    });

    it('reads the same records again, here and from another process', async () => {
      const source = open();
      const from = await source.open(undefined);
      await harness.write(0, ['a', 'b', 'c']);
      await harness.write(1, ['x', 'y']);
      const range = await source.latestOffset(from, {});
      const once = await read(source, range);
      await harness.write(0, ['later']);
      expect(await read(source, range)).toEqual(once);
      const other = open();
      await other.open(range.from);
      expect(await read(other, range)).toEqual(once);
    });

    it('begins and ends a range inside what was written at once', async () => {
      const source = open();
      const from = await source.open(undefined);
      await harness.write(0, ['a', 'b', 'c', 'd', 'e']);
      const all = await source.latestOffset(from, {});
      const first = all.from[harness.keyOf(0)] ?? 0;
      expect(await read(source, part(all, first + 1, first + 4))).toEqual({ [harness.keyOf(0)]: ['b', 'c', 'd'] });
      expect(await read(source, part(all, first, first + 2))).toEqual({ [harness.keyOf(0)]: ['a', 'b'] });
      expect(await read(source, part(all, first + 2, first + 5))).toEqual({ [harness.keyOf(0)]: ['c', 'd', 'e'] });
    });

    it('goes on from the offsets of a checkpoint', async () => {
      await harness.write(0, ['a', 'b', 'c']);
      const source = open();
      const start = await source.open(undefined);
      const from = { ...start, [harness.keyOf(0)]: (start[harness.keyOf(0)] ?? 0) + 2 };
      const again = open();
      expect(await again.open(from)).toEqual(from);
      expect(await read(again, await again.latestOffset(from, {}))).toEqual({ [harness.keyOf(0)]: ['c'] });
    });

    it('keeps to a limit, and reads the rest in the plans that follow', async () => {
      await harness.write(0, ['a', 'b', 'c', 'd', 'e', 'f']);
      await harness.write(1, ['x', 'y', 'z']);
      const source = open();
      let position: Offset = await source.open(undefined);
      const batches: Record<string, string[]>[] = [];
      for (let i = 0; i < 3; i++) {
        const range = await source.latestOffset(position, { maxRecords: 6, maxRecordsPerPartition: 3 });
        batches.push(await read(source, range));
        position = range.until;
      }
      const [a, b] = [harness.keyOf(0), harness.keyOf(1)];
      expect(batches).toEqual([{ [a]: ['a', 'b', 'c'], [b]: ['x', 'y'] }, { [a]: ['d', 'e', 'f'], [b]: ['z'] }, {}]);
    });

    it('gives the offsets of a range whose reading was left early', async () => {
      await harness.write(0, ['a', 'b', 'c']);
      const source = open();
      const range = await source.latestOffset(await source.open(undefined), {});
      for (const part of source.read(range)) for await (const block of part.blocks()) if (block.count > 0) break;
      expect(await read(source, range)).toEqual({ [harness.keyOf(0)]: ['a', 'b', 'c'] });
    });

    it('tells the place of a record whose work fails', async () => {
      await harness.write(0, ['a', 'b', 'c']);
      const source = open();
      const range = await source.latestOffset(await source.open(undefined), {});
      const first = range.from[harness.keyOf(0)] ?? 0;
      const work = async (): Promise<void> => {
        for (const part of source.read(range)) {
          for await (const block of part.blocks()) {
            block.forEach((record) => {
              if (harness.valueOf(record) === 'b') throw new TypeError('boom');
            });
          }
        }
      };
      await expect(work()).rejects.toMatchObject({
        cause: { message: 'boom' },
        where: { partition: 0, offset: first + 1 },
      });
    });

    it('emits the records of a block again', async () => {
      await harness.write(0, ['a', 'b']);
      const source = open();
      const range = await source.latestOffset(await source.open(undefined), {});
      const seen: string[] = [];
      for (const part of source.read(range)) {
        for await (const block of part.blocks()) {
          for (let i = 0; i < 2; i++) block.forEach((record) => seen.push(harness.valueOf(record)));
        }
      }
      expect(seen).toEqual(['a', 'b', 'a', 'b']);
    });

    it('reads a partition that was added from its beginning', async () => {
      if (harness.addPartition === undefined) return;
      const source = open();
      let position = await source.open(undefined);
      await harness.addPartition();
      await harness.write(2, ['new']);
      let found: Record<string, string[]> = {};
      // The next look at the partitions may be a moment away.
      for (let i = 0; i < 200 && found[harness.keyOf(2)] === undefined; i++) {
        const range = await source.latestOffset(position, {});
        found = await read(source, range);
        position = range.until;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(found).toEqual({ [harness.keyOf(2)]: ['new'] });
    });

    it('may be closed twice', async () => {
      const source = open();
      await source.open(undefined);
      await source.close();
      await expect(source.close()).resolves.toBeUndefined();
    });
  });
}
