import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HashPartitioner, type Partitioner } from '../../../lib/kernel/partitioner.ts';
import { listOf, Unsendable } from '../../../lib/rdd/packed.ts';
import type { Pair } from '../../../lib/rdd/pair.ts';
import { memoryOf, placeOf, Scattering } from '../../../lib/streaming/threads/scattering.ts';

interface Given {
  readonly pairs: readonly Pair<unknown, unknown>[];
  readonly numbers: readonly number[] | undefined;
}

/** What each thread gets, where the one of `own` has read the pairs. */
function given(scattering: Scattering, own: number, count: number): readonly (Given | undefined)[] {
  const buckets = scattering.bucketsBeside(own);
  if (buckets instanceof Unsendable) throw new TypeError(buckets.what);
  const kept = scattering.columnsFor(own);
  const found: (Given | undefined)[] = Array.from({ length: count });
  found[own] = asGiven(kept.keys, Array.from(kept.values), kept.numbers);
  for (const bucket of buckets) {
    const { to, keys, values, numbers } = structuredClone(bucket, { transfer: memoryOf(bucket) });
    expect(found[to]).toBeUndefined();
    found[to] = asGiven(listOf(keys), listOf(values), numbers);
  }
  return found;
}

function asGiven(keys: readonly unknown[], values: readonly unknown[], numbers: Int32Array | undefined): Given {
  expect(values.length).toBe(keys.length);
  return { pairs: keys.map((key, i) => [key, values[i]]), numbers: numbers && [...numbers] };
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
        const scattering = new Scattering('state-1', count);
        const emit = scattering.by(partitioner);
        for (const pair of read) emit(pair);
        const expected = Array.from({ length: count }, (_, place) => {
          const numbers = read.flatMap(([key], i) =>
            placeOf(partitioner.partitionOf(key), count) === place ? [i] : [],
          );
          return { pairs: numbers.map((i) => read[i]), numbers: numbers.length === 0 ? undefined : numbers };
        });
        expect(given(scattering, own, count)).toEqual(expected);
      }),
    );
  });

  it('do so by column, without numbers', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(texts),
        threads,
        partitioners,
        fc.infiniteStream(fc.nat()),
        (keys, { count, own }, partitioner, more) => {
          // Of a list of keys that is longer than what there is this time, in another order.
          const ids = Int32Array.from(keys.keys())
            .filter(() => (more.next().value as number) % 3 > 0)
            .toReversed();
          const values = Array.from(ids, (id) => [id]);
          const scattering = new Scattering('state-1', count);
          scattering.take(partitioner, { keys, ids, values });
          const expected = Array.from({ length: count }, (_, place) => ({
            pairs: Array.from(ids, (id) => [keys[id], [id]] as const).filter(
              ([key]) => placeOf(partitioner.partitionOf(key), count) === place,
            ),
            numbers: undefined,
          }));
          expect(given(scattering, own, count)).toEqual(expected);
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
    const scattering = new Scattering('state-1', 2);
    scattering.by(partitioner)(pair);
    expect(scattering.bucketsBeside(0)).toEqual(new Unsendable(told));
    expect(scattering.bucketsBeside(1)).toMatchObject([{ to: 0 }]);
    expect(scattering.columnsFor(1)).toMatchObject({ keys: [pair[0]], values: [pair[1]] });
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
    const scattering = new Scattering('state-1', 2);
    const emit = scattering.by(partitioner);
    emit(['a', 1]);
    expect(() => emit([null, 2])).toThrow(
      expect.objectContaining({ code, where: expect.objectContaining({ operator: 'state-1' }) }),
    );
    expect(() => scattering.take(partitioner, { keys: [null], ids: Int32Array.of(0), values: [2] })).toThrow(code);
    emit(['b', 3]);
    expect(given(scattering, 1, 2)).toEqual([
      {
        pairs: [
          ['a', 1],
          ['b', 3],
        ],
        numbers: [0, 1],
      },
      { pairs: [], numbers: undefined },
    ]);
  });

  it('are refused where they are no pairs', () => {
    const emit = new Scattering('state-1', 2).by(new HashPartitioner(2));
    expect(() => emit(['key'] as unknown as Pair<unknown, unknown>)).toThrow('RDD_NOT_A_PAIR');
  });
});
