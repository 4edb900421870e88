import { describe, expect, it } from '@jest/globals';
import { limitRange } from '../../../lib/connectors/kafka/limit-range.ts';

describe('the end of a batch', () => {
  it.each([
    ['is the end of the log without a limit', {}, { a: 30, b: 12 }],
    ['is capped for each partition', { maxRecordsPerPartition: 5 }, { a: 5, b: 7 }],
    ['is shared out by lag', { maxRecords: 10 }, { a: 7, b: 4 }],
    ['takes the smaller of both', { maxRecords: 10, maxRecordsPerPartition: 3 }, { a: 3, b: 4 }],
    ['reads at least one record where there are any', { maxRecords: 1 }, { a: 1, b: 3 }],
    [
      'is capped by the name of the partition',
      { maxRecordsPerPartition: (p: string) => (p === 'a' ? 4 : undefined) },
      { a: 4, b: 12 },
    ],
    [
      'reads at least as many as told, where there are',
      { maxRecords: 3, minRecordsPerPartition: 11 },
      { a: 11, b: 12 },
    ],
    ['is not limited by a limit above the lag', { maxRecords: 1000 }, { a: 30, b: 12 }],
  ])('%s', (_, limit, until) => {
    const from = { a: 0, b: 2 };
    expect(limitRange(from, { a: 30, b: 12 }, limit)).toEqual({ from, until });
  });

  it('is never before the beginning', () => {
    expect(limitRange({ a: 9 }, { a: 4 }, {}).until).toEqual({ a: 9 });
  });
});
