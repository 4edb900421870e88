import { describe, expect, it } from '@jest/globals';
import { RDD, SparkContext } from '../../lib/index.ts';
import { frozen } from '../../lib/rdd/freezing-node.ts';

interface Item {
  n: number;
  tags: string[];
}

const development = new SparkContext({ freezesRecords: true });
const items = (sc = development): RDD<Item> =>
  sc.parallelize([
    { n: 1, tags: ['a'] },
    { n: 2, tags: [] },
  ]);
const keyed = (): RDD<[string, Item]> => items().keyBy(() => 'k');

/** Each function changes what it is given. */
const changing: readonly (readonly [operator: string, run: () => Promise<unknown>])[] = [
  [
    'map',
    async () =>
      await items()
        .map((item) => (item.n += 1))
        .count(),
  ],
  [
    'map',
    async () =>
      await items()
        .map((item) => item.tags.push('b'))
        .count(),
  ],
  [
    'map',
    async () =>
      await items()
        .map((item) => delete (item as Partial<Item>).n)
        .count(),
  ],
  [
    'map',
    async () =>
      await items()
        .map((item) => item.tags)
        .map((tags) => (tags.length = 0))
        .count(),
  ],
  [
    'filter',
    async () =>
      await items()
        .filter((item) => (item.n = 5))
        .count(),
  ],
  [
    'flatMap',
    async () =>
      await items()
        .flatMap((item) => [(item.n = 5)])
        .count(),
  ],
  [
    'mapPartitions',
    async () =>
      await items()
        .mapPartitions((all) => [...all].map((item) => (item.n = 1)))
        .count(),
  ],
  [
    'mapAsync',
    async () =>
      await items()
        .mapAsync(async (item) => await Promise.resolve((item.n = 1)))
        .count(),
  ],
  [
    'mapValues',
    async () =>
      await keyed()
        .mapValues((item) => (item.n = 1))
        .count(),
  ],
  [
    'reduceByKey',
    async () =>
      await keyed()
        .reduceByKey((a, b) => {
          a.n += b.n;
          return a;
        })
        .count(),
  ],
  ['foreach', async () => await items().foreach((item) => void (item.n = 1))],
  ['reduce', async () => await items().reduce((a, b) => Object.assign(a, b))],
  [
    'map',
    async () =>
      await items()
        .groupBy(({ n }) => n)
        .map(([, group]) => group.pop())
        .count(),
  ],
];

describe('development mode', () => {
  it.each(changing)('catches a function of %s that changes its input: %#', async (operator, run) => {
    await expect(run()).rejects.toMatchObject({
      code: 'RDD_INPUT_CHANGED',
      where: { operator },
      cause: { name: 'TypeError' },
    });
  });

  it('lets a fold build its own value in place', async () => {
    const folded = await keyed()
      .aggregateByKey<string, Item, number[]>(
        [],
        (all, { n }) => {
          all.push(n);
          return all;
        },
        (a, b) => [...a, ...b],
      )
      .collect();
    expect(folded).toEqual([['k', [1, 2]]]);
  });

  it('catches a change of a broadcast value', async () => {
    const names = development.broadcast({ last: '' });
    const count = items()
      .map(({ n }) => (names.value.last = String(n)))
      .count();
    await expect(count).rejects.toMatchObject({ code: 'RDD_INPUT_CHANGED' });
  });

  it('leaves what has no frozen form as it is', () => {
    const bytes = new Uint8Array([1]);
    const value = frozen({ bytes, at: new Date(0), map: new Map([[1, { n: 1 }]]) });
    bytes[0] = 2;
    expect(value.bytes[0]).toBe(2);
    expect([Object.isFrozen(value), Object.isFrozen(value.map)]).toEqual([true, false]);
  });

  it('goes round a cycle once', () => {
    const value: { self?: unknown } = {};
    value.self = value;
    expect(Object.isFrozen(frozen(value))).toBe(true);
  });

  it('is off unless asked for', async () => {
    const first = items(new SparkContext());
    expect(await first.map((item) => (item.n += 1)).collect()).toEqual([2, 3]);
    expect(first.node.constructor.name).toBe('StorageNode');
  });
});
