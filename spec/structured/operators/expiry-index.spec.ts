import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ExpiryIndex } from '../../../lib/structured/operators/expiry-index.ts';

it('hands out what has expired, once, and keeps the rest', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: -5_000_000, max: 20_000_000 }) }),
    fc.record({ take: fc.integer({ min: -5_000_000, max: 20_000_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const index = new ExpiryIndex<number>();
      let left: [number, number][] = [];
      steps.forEach((one, id) => {
        if ('add' in one) {
          index.add(one.add, id);
          left.push([one.add, id]);
          return;
        }
        const due = left.filter(([time]) => time <= one.take);
        expect(index.has(one.take)).toBe(due.length > 0);
        const taken: [number, number][] = [];
        index.take(one.take, (entry, time) => taken.push([Number(time), entry]));
        left = left.filter(([time]) => time > one.take);
        expect(taken.map(([time, entry]) => `${time} ${entry}`).toSorted()).toEqual(
          due.map(([time, entry]) => `${time} ${entry}`).toSorted(),
        );
      });
    }),
    { numRuns: 200 },
  );
});

it('takes times of the year 9999, which are no safe integers', () => {
  const index = new ExpiryIndex<string>();
  index.add(253_402_300_799_999_999n, 'far');
  index.add(0, 'near');
  const taken: string[] = [];
  index.take(253_402_300_799_999_998n, (entry) => taken.push(entry));
  expect(taken).toEqual(['near']);
  index.take(253_402_300_799_999_999n, (entry) => taken.push(entry));
  expect(taken).toEqual(['near', 'far']);
});

it('visits nothing that has not expired', () => {
  const index = new ExpiryIndex<number>();
  for (let i = 0; i < 1000; i++) index.add(i * 1_000_000, i);
  const visited: number[] = [];
  index.take(2_500_000, (entry) => visited.push(entry));
  expect(visited).toEqual([0, 1, 2]);
});
