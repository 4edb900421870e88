import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HashPartitioner, type Partitioner } from '../../../lib/kernel/partitioner.ts';
import { KeyDictionary } from '../../../lib/rdd/key-dictionary.ts';
import { KeyIndex } from '../../../lib/rdd/key-index.ts';
import { listOf, Unsendable } from '../../../lib/rdd/packed.ts';
import type { Pair } from '../../../lib/rdd/pair.ts';
import type { Columns } from '../../../lib/streaming/threads/exchange.ts';
import { HeardKeys, SentKeys } from '../../../lib/streaming/threads/key-news.ts';
import {
  memoryOf,
  placeOf,
  type Scattered,
  ScatteredColumns,
  ScatteredPairs,
} from '../../../lib/streaming/threads/scattering.ts';

interface Given {
  readonly pairs: readonly Pair<unknown, unknown>[];
  readonly numbers?: readonly number[];
}

/** What each thread gets, where the one of `own` has read the pairs. What others get they get as it arrives. */
function given(
  scattered: Scattered,
  { own, count }: { readonly own: number; readonly count: number },
  heard: readonly HeardKeys[] = [],
): readonly Given[] {
  return Array.from({ length: count }, (_, place) => {
    if (place === own) return asGiven(scattered.columnsFor(place));
    const bucket = scattered.bucketFor(place);
    if (bucket instanceof Unsendable) throw new TypeError(bucket.what);
    const arrived = structuredClone(bucket, { transfer: memoryOf(bucket) });
    const values = listOf(arrived.values);
    return arrived.kind === 'pairs'
      ? asGiven({ keys: listOf(arrived.keys), ids: undefined, values, numbers: arrived.numbers })
      : asGiven({ keys: heard[place]?.take(arrived.news) ?? [], ids: arrived.ids, values });
  });
}

function asGiven({ keys, ids, values, numbers }: Columns): Given {
  if (ids === undefined) expect(values.length).toBe(keys.length);
  const pairs = Array.from(values, (value, i): [unknown, unknown] => [keys[ids?.[i] ?? i], value]);
  return numbers === undefined ? { pairs } : { pairs, numbers: [...numbers] };
}

const texts = fc.string({ maxLength: 6 });
const others = fc.oneof(texts, fc.double(), fc.constantFrom<unknown>(null, true, 5n, -0), fc.tuple(fc.nat(3), texts));
const pairs = fc.oneof(
  fc.array(fc.tuple(texts, fc.double()), { maxLength: 30 }),
  fc.array(fc.tuple(fc.integer(), fc.array(fc.nat(9), { maxLength: 3 })), { maxLength: 30 }),
  fc.array(fc.tuple(others, others), { maxLength: 30 }),
);
const threads = fc
  .integer({ min: 1, max: 4 })
  .chain((count) => fc.record({ count: fc.constant(count), own: fc.nat(count - 1) }));
const partitioners = fc.integer({ min: 1, max: 9 }).map((partitions) => new HashPartitioner(partitions));

describe('pairs that are shared out to the threads of their keys', () => {
  it('come to the one that has the partition of their key, each once, in order and with their numbers', () => {
    fc.assert(
      fc.property(pairs, threads, partitioners, (read, { count, own }, partitioner) => {
        const scattered = new ScatteredPairs('state-1', count);
        const emit = scattered.by(partitioner);
        for (const pair of read) emit(pair);
        const expected = Array.from({ length: count }, (_, place) => {
          const numbers = read.flatMap(([key], i) =>
            placeOf(partitioner.partitionOf(key), count) === place ? [i] : [],
          );
          return { pairs: numbers.map((i) => read[i]), numbers };
        });
        expect(given(scattered, { own, count })).toEqual(expected);
      }),
    );
  });

  it('do so combined, and a key that is known there crosses as its number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(texts), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        threads,
        partitioners,
        (batches, lasts, { count, own }, partitioner) => {
          const index = lasts ? new KeyDictionary<unknown>() : new KeyIndex<unknown>();
          const sent = Array.from({ length: count }, () => new SentKeys());
          const heard = Array.from({ length: count }, () => new HeardKeys());
          for (const keys of batches) {
            const ids = Int32Array.from(keys, (key) => index.numberOf(key));
            const columns = { index, keys: index.keys, ids, values: keys.map((key) => [key.length]) };
            const scattered = new ScatteredColumns(columns, {
              operator: 'state-1',
              partitioner,
              count,
              sentTo: (place) => sent[place] ?? new SentKeys(),
              name: 'stage',
            });
            const expected = Array.from({ length: count }, (_, place) => ({
              pairs: keys
                .filter((key) => placeOf(partitioner.partitionOf(key), count) === place)
                .map((key) => [key, [key.length]]),
            }));
            expect(given(scattered, { own, count }, heard)).toEqual(expected);
          }
          // Nothing is left to be said of keys that have crossed.
          const news = sent.filter((_, place) => place !== own).map((one) => one.newsOf('stage', index.keys));
          for (const more of news) expect(more).toMatchObject({ from: index.keys.length });
        },
      ),
    );
  });

  class Key {
    readonly name = 'key';
  }
  it.each<readonly [what: string, pair: Pair<unknown, unknown>, told: string]>([
    ['a key', [new Key(), 1], 'an instance of Key'],
    ['a value', ['key', [() => 1]], 'a function'],
  ])('are named where %s cannot be sent, and stay where they need not be', (_, pair, told) => {
    const partitioner: Partitioner = { numPartitions: 2, partitionOf: () => 1 };
    const scattered = new ScatteredPairs('state-1', 2);
    scattered.by(partitioner)(pair);
    expect(scattered.bucketFor(1)).toEqual(new Unsendable(told));
    expect(scattered.bucketFor(0)).toMatchObject({ kind: 'pairs' });
    expect(scattered.columnsFor(1)).toMatchObject({ keys: [pair[0]], values: [pair[1]] });
  });

  it.each<readonly [what: string, partitionOf: (key: unknown) => number, code: string]>([
    ['throws', (key) => (key as { id: number }).id, 'RDD_FUNCTION_FAILED'],
    ['gives a partition that is not there', () => 3, 'RDD_PARTITIONER'],
    ['gives no whole number', () => 0.5, 'RDD_PARTITIONER'],
    ['gives nothing', () => undefined as unknown as number, 'RDD_PARTITIONER'],
  ])('fail with a code where the partitioner %s, and are not counted', (_, partitionOf, code) => {
    const partitioner: Partitioner = {
      numPartitions: 3,
      partitionOf: (key) => (key === null ? partitionOf(key) : 2),
    };
    const scattered = new ScatteredPairs('state-1', 2);
    const emit = scattered.by(partitioner);
    emit(['a', 1]);
    expect(() => emit([null, 2])).toThrow(
      expect.objectContaining({ code, where: expect.objectContaining({ operator: 'state-1' }) }),
    );
    emit(['b', 3]);
    expect(given(scattered, { own: 1, count: 2 })).toEqual([
      {
        pairs: [
          ['a', 1],
          ['b', 3],
        ],
        numbers: [0, 1],
      },
      { pairs: [], numbers: [] },
    ]);
    const index = new KeyIndex<unknown>();
    const columns = { index, keys: index.keys, ids: Int32Array.of(index.numberOf(null)), values: [2] };
    const options = { operator: 'state-1', partitioner, count: 2, sentTo: () => new SentKeys(), name: 'stage' };
    expect(() => new ScatteredColumns(columns, options)).toThrow(code);
  });

  it('are refused where they are no pairs', () => {
    const emit = new ScatteredPairs('state-1', 2).by(new HashPartitioner(2)) as (pair: unknown) => void;
    expect(() => {
      emit(['key']);
    }).toThrow('RDD_NOT_A_PAIR');
  });
});
