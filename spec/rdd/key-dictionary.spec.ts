import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeKey } from '../../lib/kernel/codec.ts';
import { HashPartitioner } from '../../lib/kernel/partitioner.ts';
import { CombineTable } from '../../lib/rdd/combine-table.ts';
import type { KeyColumns } from '../../lib/rdd/key-columns.ts';
import { KeyDictionary, LastingKeys } from '../../lib/rdd/key-dictionary.ts';
import { inPlace } from '../../lib/rdd/partitioning.ts';

type Pairs = readonly (readonly [unknown, number])[];

const add = { create: (n: number) => n, mergeValue: sum, mergeCombiners: sum };

function sum(a: number, b: number): number {
  return a + b;
}

/** One input partition, combined as a thread does it. */
async function combined(pairs: Pairs, keys: LastingKeys<unknown> | undefined): Promise<KeyColumns<unknown, number>> {
  const table = new CombineTable<unknown, number, number>(inPlace, add, 'test', keys?.open());
  const emit = table.open();
  for (const pair of pairs) emit(pair);
  await table.finish();
  keys?.used(table.size);
  return table.columns(0);
}

/** What a batch gives in two partitions, in order. */
async function read(table: CombineTable<unknown, number, number>): Promise<unknown[][]> {
  await table.finish();
  const partitions: unknown[][] = [[], []];
  for (const [partition, pairs] of partitions.entries()) await table.read(partition, (pair) => pairs.push(pair));
  return partitions;
}

/** The same on a Map. */
function plain(inputs: readonly Pairs[]): unknown[][] {
  const partitioner = new HashPartitioner(2);
  const sums = new Map<string, [unknown, number]>();
  for (const [key, n] of inputs.flat()) {
    const name = encodeKey(key).join(' ');
    const known = sums.get(name);
    if (known === undefined) sums.set(name, [key, n]);
    else known[1] += n;
  }
  const partitions: unknown[][] = [[], []];
  for (const pair of sums.values()) partitions[partitioner.partitionOf(pair[0])]?.push(pair);
  return partitions;
}

const key = fc.oneof(
  { weight: 8, arbitrary: fc.string({ maxLength: 30 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>('a', 'b', 'cut out of a longer text', 1, 2.5, Number.NaN, null, true, 1n),
  },
);
const keyOrObject = fc.oneof({ weight: 9, arbitrary: key }, fc.constantFrom<unknown>([1], { a: 1 }, -0));
const batches = (keys: fc.Arbitrary<unknown>): fc.Arbitrary<Pairs[][]> =>
  fc.array(fc.array(fc.array(fc.tuple(keys, fc.integer()), { maxLength: 8 }), { maxLength: 3 }), { maxLength: 6 });

describe.each([
  ['that last', key],
  ['of which some do not last', keyOrObject],
])('keys by number %s', (_, keys) => {
  it('combine one batch after the other as a Map does', async () => {
    await fc.assert(
      fc.asyncProperty(batches(keys), async (history) => {
        const lasting = new LastingKeys<unknown>();
        for (const inputs of history) {
          const table = new CombineTable<unknown, number, number>(new HashPartitioner(2), add, 'test', lasting.open());
          for (const pairs of inputs) {
            const emit = table.open();
            for (const pair of pairs) emit(pair);
          }
          expect(await read(table)).toEqual(plain(inputs));
        }
      }),
    );
  });

  it('join what others have combined by numbers of their own', async () => {
    await fc.assert(
      fc.asyncProperty(batches(keys), async (history) => {
        const lasting = new LastingKeys<unknown>();
        const others = [0, 1, 2].map(() => new LastingKeys<unknown>());
        for (const inputs of history) {
          const table = new CombineTable<unknown, number, number>(new HashPartitioner(2), add, 'test', lasting.open());
          for (const [i, pairs] of inputs.entries()) {
            await table.take(await combined(pairs, others[i]));
          }
          expect(await read(table)).toEqual(plain(inputs));
        }
      }),
    );
  });
});

describe('a dictionary of keys', () => {
  it('begins anew when most of its keys do not come any more', () => {
    const lasting = new LastingKeys<string>();
    const sizes = Array.from({ length: 40 }, (_, batch) => {
      const keys = lasting.open();
      for (let i = 0; i < 1000; i++) keys.numberOf(`${batch} ${i}`);
      lasting.used(1000);
      return keys.keys.length;
    });
    expect(sizes.slice(0, 3)).toEqual([1000, 2000, 3000]);
    expect(Math.max(...sizes)).toBeLessThan(6000);
    expect(sizes.slice(3)).toContain(1000);
  });

  it.each([
    ['an object', [1]],
    ['a negative zero, which is found as zero', -0],
  ])('lasts for one batch only with %s', (_, given) => {
    const lasting = new LastingKeys<unknown>();
    const first = lasting.open();
    first.numberOf('a');
    expect(lasting.open()).toBe(first);
    first.numberOf(given);
    expect(lasting.open()).not.toBe(first);
  });

  it('lasts no longer than its texts fit into memory', () => {
    const lasting = new LastingKeys<string>();
    const first = lasting.open();
    for (let i = 0; i < 20; i++) first.numberOf(String(i).repeat(1 << 20));
    expect(lasting.open()).not.toBe(first);
  });

  it('translates a list that grows, each key once', () => {
    const dictionary = new KeyDictionary<string>();
    dictionary.numberOf('b');
    const others = ['a', 'b'];
    expect([...dictionary.translate(others).subarray(0, 2)]).toEqual([1, 0]);
    others.push('c', 'd');
    expect([...dictionary.translate(others).subarray(0, 4)]).toEqual([1, 0, 2, 3]);
    expect(dictionary.keys).toEqual(['b', 'a', 'c', 'd']);
  });
});
