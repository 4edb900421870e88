import { describe, expect, it } from '@jest/globals';
import { Ring } from '../../lib/monitor/ring.ts';

describe('the last things of a kind', () => {
  it.each([
    [3, 0, []],
    [3, 2, [1, 2]],
    [3, 3, [1, 2, 3]],
    [3, 7, [5, 6, 7]],
    [1, 4, [4]],
  ])('keeps %i of %i', (capacity, pushed, kept) => {
    const ring = new Ring<number>(capacity);
    for (let i = 1; i <= pushed; i++) ring.push(i);
    expect(ring.items).toEqual(kept);
    expect(ring.last(2)).toEqual(kept.slice(-2));
    expect(ring.pushed).toBe(pushed);
  });
});
