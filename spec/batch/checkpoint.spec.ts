import { describe, expect, it } from '@jest/globals';
import { isEmptyPlan, offsetsAfter } from '../../lib/batch/batch-plan.ts';
import { matchProgram } from '../../lib/batch/checkpoint.ts';
import { MemoryStore } from '../../lib/store/memory-store.ts';
import type { ProgramRecord, StateStore } from '../../lib/store/state-store.ts';
import { planOf, record } from '../contracts/state-store.contract.ts';

const program: ProgramRecord = {
  appName: 'shop',
  batchIntervalMs: 1000,
  zeroTime: 5000,
  operators: [
    { id: 'count', partitions: 2 },
    { id: 'window', partitions: 1 },
  ],
};

function storeOf(...operators: string[]): StateStore {
  const store = new MemoryStore();
  matchProgram(store, program);
  for (const operator of operators) store.table<string, number>(operator, 't').put('k', 1);
  store.commit(record(1));
  return store;
}

describe('matchProgram', () => {
  it('records the program of a new store', () => {
    const store = new MemoryStore();
    expect(matchProgram(store, program)).toBe(program);
    expect(store.program).toBe(program);
  });

  it('keeps the zero time of the first start', () => {
    const store = storeOf('count');
    expect(matchProgram(store, { ...program, zeroTime: 99_000 }).zeroTime).toBe(5000);
    expect(store.program?.zeroTime).toBe(5000);
  });

  it('takes a program with a new step, and remembers it', () => {
    const store = storeOf('count', 'window');
    const operators = [...program.operators, { id: 'new', partitions: 3 }];
    matchProgram(store, { ...program, operators });
    expect(store.program?.operators).toEqual(operators);
  });

  it.each([
    ['CHECKPOINT_OTHER_PROGRAM', { appName: 'other' }, 'belongs to the application shop, this one is other'],
    ['CHECKPOINT_BATCH_INTERVAL', { batchIntervalMs: 2000 }, 'Go back to 1000 ms'],
    [
      'CHECKPOINT_OPERATOR_MISMATCH',
      {
        operators: [
          { id: 'totals', partitions: 2 },
          { id: 'window', partitions: 1 },
        ],
      },
      'does not have: count. In the checkpoint: count, window. In the program: totals, window.',
    ],
    [
      'CHECKPOINT_PARTITIONS',
      {
        operators: [
          { id: 'count', partitions: 4 },
          { id: 'window', partitions: 1 },
        ],
      },
      'The state of count is spread over 2 partitions, the program now has 4',
    ],
  ])('refuses with %s and exit status 4', (code, change, text) => {
    const store = storeOf('count', 'window');
    const refused = expect.objectContaining({ code, exitCode: 4, message: expect.stringContaining(text) });
    expect(() => matchProgram(store, { ...program, ...change })).toThrow(refused);
    expect(store.program).toBe(program);
  });

  it('drops the state of missing steps when told so', () => {
    const store = storeOf('count', 'window');
    matchProgram(store, { ...program, operators: [{ id: 'window', partitions: 1 }] }, { dropMissing: true });
    store.commit(record(2));
    expect(store.operators).toEqual(['window']);
  });

  it('does not mind another number of partitions where there is no state yet', () => {
    const store = storeOf('window');
    const operators = [
      { id: 'count', partitions: 4 },
      { id: 'window', partitions: 1 },
    ];
    expect(matchProgram(store, { ...program, operators }).operators).toEqual(operators);
  });
});

describe('plans', () => {
  it.each([
    [planOf(1000, 0), true],
    [planOf(1000, 1), false],
    [{ batchTime: 1, ranges: {} }, true],
    [{ batchTime: 1, ranges: { s: [{ time: 1, from: { a: 5, b: 7 }, until: { a: 5, b: 8 } }] } }, false],
  ])('knows an empty one (%#)', (plan, expected) => {
    expect(isEmptyPlan(plan)).toBe(expected);
  });

  it('moves offsets to the end of the last range, source by source and partition by partition', () => {
    const plan = {
      batchTime: 3,
      ranges: {
        a: [
          { time: 2, from: { p0: 0 }, until: { p0: 4 } },
          { time: 3, from: { p0: 4 }, until: { p0: 6, p1: 1 } },
        ],
      },
    };
    expect(offsetsAfter(plan, { a: { p0: 0, p9: 2 }, b: { x: 1 } })).toEqual({
      a: { p0: 6, p1: 1, p9: 2 },
      b: { x: 1 },
    });
  });
});
