import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeKey } from '../../lib/kernel/codec.ts';
import type { Pair } from '../../lib/rdd/pair.ts';
import { partitioned, partitionsOf, slow } from './partitioned.ts';

const keys = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom<unknown>('', 'a', '1', null, true, Number.NaN, -0, 1n),
  fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }),
  fc.record({ id: fc.integer({ min: 0, max: 1 }) }),
);
const lists = fc.array(fc.array(fc.tuple(keys, fc.integer({ min: 0, max: 99 })), { maxLength: 8 }), { maxLength: 4 });
const numPartitions = fc.integer({ min: 1, max: 4 });

/** Says what a key is, in text, the slow and obvious way. */
function nameOf(key: unknown): string {
  return encodeKey(key).join(' ');
}

function equal(a: unknown, b: unknown): boolean {
  return nameOf(a) === nameOf(b);
}

/** The values of each key, in order of arrival, by plain recomputation. */
function grouped<V>(input: readonly (readonly Pair<unknown, V>[])[]): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const [key, value] of input.flat()) groups.set(nameOf(key), [...(groups.get(nameOf(key)) ?? []), value]);
  return groups;
}

function byName<V>(pairs: readonly Pair<unknown, V>[]): Map<string, V> {
  const map = new Map<string, V>();
  for (const [key, value] of pairs) {
    expect(map.has(nameOf(key))).toBe(false);
    map.set(nameOf(key), value);
  }
  return map;
}

function sorted(values: readonly unknown[]): string[] {
  return values.map((value) => nameOf(value)).toSorted();
}

const ascending = (a: number, b: number): number => a - b;
const runs = { numRuns: 60 };

describe('shuffles agree with plain recomputation', () => {
  it('groupByKey, reduceByKey and combineByKey', async () => {
    await fc.assert(
      fc.asyncProperty(lists, numPartitions, fc.boolean(), async (input, n, isSlow) => {
        const rdd = isSlow ? slow(input) : partitioned(input);
        const expected = grouped(input);
        expect(byName(await rdd.groupByKey(n).collect())).toEqual(expected);
        const texts = rdd.mapValues(String).reduceByKey((a, b) => `${a} ${b}`, n);
        expect(byName(await texts.collect())).toEqual(new Map([...expected].map(([k, vs]) => [k, vs.join(' ')])));
        const made = rdd.combineByKey(
          (v) => [v],
          (c, v) => [...c, v],
          (a, b) => [...a, ...b],
          n,
        );
        expect(byName(await made.collect())).toEqual(expected);
        expect((await rdd.keys().distinct(n).collect()).length).toBe(expected.size);
      }),
      runs,
    );
  });

  it('a key is in one partition, the same in every shuffle', async () => {
    await fc.assert(
      fc.asyncProperty(lists, numPartitions, async (input, n) => {
        const rdd = partitioned(input);
        const places = async (from: typeof rdd): Promise<Map<string, number>> => {
          const found = new Map<string, number>();
          for (const [index, pairs] of (await partitionsOf(from)).entries()) {
            for (const [key] of pairs) {
              expect(found.get(nameOf(key)) ?? index).toBe(index);
              found.set(nameOf(key), index);
            }
          }
          return found;
        };
        expect(await places(rdd.partitionBy(n))).toEqual(await places(rdd.reduceByKey((a) => a, n)));
      }),
      runs,
    );
  });

  it('the joins', async () => {
    await fc.assert(
      fc.asyncProperty(lists, lists, numPartitions, async (left, right, n) => {
        const [l, r] = [partitioned(left), slow(right)];
        const [ls, rs] = [left.flat(), right.flat()];
        const both = ls.flatMap(([k, v]) => rs.filter(([o]) => equal(o, k)).map(([, w]) => [k, [v, w]]));
        const onlyLeft = ls.filter(([k]) => !rs.some(([o]) => equal(o, k))).map(([k, v]) => [k, [v, null]]);
        const onlyRight = rs.filter(([k]) => !ls.some(([o]) => equal(o, k))).map(([k, w]) => [k, [null, w]]);
        expect(sorted(await l.join(r, n).collect())).toEqual(sorted(both));
        expect(sorted(await l.leftOuterJoin(r, n).collect())).toEqual(sorted([...both, ...onlyLeft]));
        expect(sorted(await l.rightOuterJoin(r, n).collect())).toEqual(sorted([...both, ...onlyRight]));
        expect(sorted(await l.fullOuterJoin(r, n).collect())).toEqual(sorted([...both, ...onlyLeft, ...onlyRight]));
        expect(sorted(await l.subtractByKey(r, n).collect())).toEqual(
          sorted(ls.filter(([k]) => !rs.some(([o]) => equal(o, k)))),
        );
      }),
      runs,
    );
  });

  it('sorting, set operations and numbering', async () => {
    const numbers = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(numbers, numbers, numPartitions, fc.boolean(), async (left, right, n, isAscending) => {
        const [l, r] = [partitioned(left), slow(right)];
        const [ls, rs] = [left.flat(), right.flat()];
        const order = ls.toSorted((a, b) => (isAscending ? a - b : b - a));
        expect(await l.sortBy((x) => x, isAscending, n).collect()).toEqual(order);
        expect(await l.takeOrdered(n)).toEqual(ls.toSorted((a, b) => a - b).slice(0, n));
        expect(
          await l
            .subtract(r, n)
            .sortBy((x) => x)
            .collect(),
        ).toEqual(ls.filter((x) => !rs.includes(x)).toSorted(ascending));
        expect((await l.intersection(r, n).collect()).toSorted(ascending)).toEqual(
          [...new Set(ls)].filter((x) => rs.includes(x)).toSorted(ascending),
        );
        expect(await l.zipWithIndex().collect()).toEqual(ls.map((x, i) => [x, i]));
        expect((await l.repartition(n).collect()).toSorted(ascending)).toEqual(ls.toSorted(ascending));
        expect(new Set(await l.zipWithUniqueId().values().collect()).size).toBe(ls.length);
      }),
      runs,
    );
  });
});
