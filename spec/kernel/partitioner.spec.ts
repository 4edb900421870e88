import { describe, expect, it } from '@jest/globals';
import { HashPartitioner } from '../../lib/kernel/partitioner.ts';

describe('HashPartitioner', () => {
  it('gives the same partitions on every run and platform', () => {
    const partitioner = new HashPartitioner(7);
    const keys = ['', 'a', 'word', 'ä', 0, 1, -5, 1.5, 2n, true, null, ['a', 1], { b: 1, a: 2 }, new Date(0)];
    expect(keys.map((key) => partitioner.partitionOf(key))).toMatchInlineSnapshot(`
[
  4,
  0,
  1,
  0,
  0,
  6,
  4,
  0,
  3,
  5,
  0,
  3,
  1,
  5,
]
`);
  });

  it.each([
    [0, -0],
    [NaN, NaN],
    [
      ['a', { x: 0 }],
      ['a', { x: -0 }],
    ],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
  ])('sends equal keys to one partition (%#)', (a, b) => {
    const partitioner = new HashPartitioner(1009);
    expect(partitioner.partitionOf(a)).toBe(partitioner.partitionOf(b));
  });

  it.each([
    ['text', (i: number) => `key-${i}`],
    ['integers', (i: number) => i],
    ['pairs', (i: number) => [i, 'x']],
  ])('spreads %s evenly', (_, key) => {
    const partitioner = new HashPartitioner(8);
    const counts = new Uint32Array(8);
    for (let i = 0; i < 8000; i++) {
      const partition = partitioner.partitionOf(key(i));
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
  });

  it.each([0, -1, 1.5, NaN, 100_000])('refuses %p partitions', (count) => {
    expect(() => new HashPartitioner(count)).toThrow(expect.objectContaining({ code: 'CONFIG_VALUE' }));
  });
});
