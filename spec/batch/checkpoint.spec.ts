import { describe, expect, it } from '@jest/globals';
import { isEmptyPlan, offsetsAfter } from '../../lib/batch/batch-plan.ts';
import { dropUnused, matchProgram } from '../../lib/batch/checkpoint.ts';
import { MemoryStore } from '../../lib/store/memory-store.ts';
import type { OperatorSignature, ProgramRecord, StateStore } from '../../lib/store/state-store.ts';
import { planOf, record } from '../contracts/state-store.contract.ts';

const program: ProgramRecord = {
  appName: 'shop',
  batchIntervalMs: 1000,
  zeroTime: 5000,
  operators: [
    { id: 'count', partitions: 2, kind: 'update-state-by-key' },
    { id: 'window', partitions: 1, kind: 'window' },
  ],
  inputs: [{ id: 'kafka', kind: 'kafka' }],
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

  it('takes a program with a new step when told so, and remembers it', () => {
    const store = storeOf('count', 'window');
    const operators = [...program.operators, { id: 'new', partitions: 3 }];
    const inputs = [...(program.inputs ?? []), { id: 'socket', kind: 'socket' }];
    matchProgram(store, { ...program, operators, inputs }, { allowNew: true });
    // It came after the batch that is committed.
    const known = [...program.operators, { id: 'new', partitions: 3, since: store.lastCommitted?.batchTime }];
    expect(store.program).toEqual({ ...program, operators: known, inputs });
    // From then on it is known.
    expect(matchProgram(store, { ...program, operators, inputs })).toEqual(store.program);
  });

  it.each([
    ['CHECKPOINT_OTHER_PROGRAM', { appName: 'other' }, 'belongs to the application shop, this one is other'],
    ['CHECKPOINT_BATCH_INTERVAL', { batchIntervalMs: 2000 }, 'Go back to 1000 ms'],
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
    [
      'CHECKPOINT_STEP_KIND',
      {
        operators: [
          { id: 'count', partitions: 2, kind: 'map-with-state' },
          { id: 'window', partitions: 1, kind: 'window' },
        ],
      },
      'The state of count was made by update-state-by-key, and the program now has map-with-state under this name',
    ],
  ])('refuses with %s and exit status 4', (code, change, text) => {
    const store = storeOf('count', 'window');
    const refused = expect.objectContaining({ code, exitCode: 4, message: expect.stringContaining(text) });
    expect(() => matchProgram(store, { ...program, ...change })).toThrow(refused);
    expect(store.program).toBe(program);
  });

  describe('of a program whose steps have changed', () => {
    const [count, window] = program.operators as [OperatorSignature, OperatorSignature];
    const both = 'In the checkpoint: kafka, count (update-state-by-key), window. In the program: ';

    it.each<readonly [string, Partial<ProgramRecord>, readonly string[]]>([
      [
        'a step was added',
        {
          operators: [
            count,
            window,
            { id: 'kafka/reduce-by-key-and-window', partitions: 2, kind: 'reduce-by-key-and-window' },
          ],
        },
        [
          'Only in the checkpoint: none. Only in the program: kafka/reduce-by-key-and-window.',
          `${both}kafka, count (update-state-by-key), window, kafka/reduce-by-key-and-window.`,
          'run once with --conf millrace.checkpoint.allowNewState=true (or set it in config), which lets them begin empty.',
        ],
      ],
      [
        'a step was removed',
        { operators: [count] },
        [
          'Only in the checkpoint: window. Only in the program: none.',
          `${both}kafka, count (update-state-by-key).`,
          "by its old id: .name('...'). To accept the change, run once with --conf millrace.checkpoint.dropMissingState=true (or",
        ],
      ],
      [
        'a step was renamed',
        { operators: [{ ...count, id: 'totals' }, window] },
        [
          'Only in the checkpoint: count (update-state-by-key). Only in the program: totals (update-state-by-key).',
          "keep their state: .name('count') on totals. To accept",
          '--conf millrace.checkpoint.dropMissingState=true,millrace.checkpoint.allowNewState=true (or set it in config), which drops the state of the former and lets the latter begin empty.',
        ],
      ],
      [
        'an input was renamed',
        { inputs: [{ id: 'orders', kind: 'kafka' }] },
        [
          'Only in the checkpoint: kafka. Only in the program: orders (kafka).',
          "keep their state: .name('kafka') on orders.",
        ],
      ],
    ])('refuses where %s, with both sides and what to do', (_, change, texts) => {
      const store = storeOf('count', 'window');
      const refused = texts.map((text) =>
        expect.objectContaining({
          code: 'CHECKPOINT_OPERATOR_MISMATCH',
          exitCode: 4,
          message: expect.stringContaining(text),
        }),
      );
      for (const expected of refused) expect(() => matchProgram(store, { ...program, ...change })).toThrow(expected);
      expect(store.program).toBe(program);
    });

    it('needs both to be accepted where both happened', () => {
      const change = { ...program, operators: [{ ...count, id: 'totals' }, window] };
      const refused = expect.objectContaining({ code: 'CHECKPOINT_OPERATOR_MISMATCH' });
      const store = storeOf('count', 'window');
      expect(() => matchProgram(store, change, { dropMissing: true })).toThrow(refused);
      expect(() => matchProgram(store, change, { allowNew: true })).toThrow(refused);
      expect(store.operators).toEqual(['count', 'window']);
      dropUnused(store, matchProgram(store, change, { dropMissing: true, allowNew: true }));
      store.commit(record(2));
      expect(store.operators).toEqual(['window']);
    });

    it('does not mind that a step is gone which never had state', () => {
      expect(matchProgram(storeOf('count'), { ...program, operators: [count] }).operators).toEqual([count]);
    });

    it('takes the inputs as they are where the checkpoint does not know its own', () => {
      const store = new MemoryStore();
      const { inputs: _, ...old } = program;
      matchProgram(store, old);
      expect(matchProgram(store, program)).toEqual(program);
    });
  });

  it('drops the state of missing steps when told so', () => {
    const store = storeOf('count', 'window');
    const changed = { ...program, operators: [{ id: 'window', partitions: 1 }] };
    dropUnused(store, matchProgram(store, changed, { dropMissing: true }));
    // A batch that fails takes it back; the change was accepted all the same.
    store.discard();
    expect(store.operators).toEqual(['count', 'window']);
    dropUnused(store, matchProgram(store, changed));
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
