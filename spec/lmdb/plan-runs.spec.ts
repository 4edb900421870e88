import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import { packPlans, unpackPlan } from '../../lib/lmdb/plan-runs.ts';
import type { BatchPlan } from '../../lib/store/state-store.ts';
import { record } from '../contracts/state-store.contract.ts';

function empty(batchTime: number, at = 5): BatchPlan {
  const range = { from: { p0: at, p1: 3 }, until: { p0: at, p1: 3 } };
  return {
    batchTime,
    ranges: {
      input: [
        { time: batchTime - 500, ...range },
        { time: batchTime, ...range },
      ],
    },
  };
}

describe('plans that are alike', () => {
  it('are one record, however many', () => {
    const plans = Array.from({ length: 1000 }, (_, i) => empty(1000 * (i + 1)));
    const packed = packPlans(plans);
    expect(packed).toHaveLength(1);
    expect(packed.flatMap(unpackPlan)).toEqual(plans);
  });

  it.each<readonly [string, BatchPlan]>([
    ['another offset', empty(3000, 6)],
    ['another time', empty(3500)],
    ['another attempt', { ...empty(3000), attempt: 2 }],
    ['another mark', { ...empty(3000), sharesCommit: true }],
    ['files', { batchTime: 3000, ranges: { input: [{ time: 3000, from: {}, until: {}, detail: ['a'] }] } }],
    ['more to say', { ...empty(3000), meta: { n: 1 } }],
    ['no range', { batchTime: 3000, ranges: {} }],
  ])('are told from one with %s', (_, odd) => {
    const plans = [empty(1000), empty(2000), odd, empty(4000)];
    const packed = packPlans(plans);
    expect(packed.length).toBeGreaterThan(1);
    expect(packed.flatMap(unpackPlan)).toEqual(plans);
  });
});

/** What may happen to plans. */
const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('plan' as const),
      count: fc.integer({ min: 1, max: 9 }),
      stride: fc.constantFrom(1, 2),
    }),
    fc.record({ kind: fc.constant('again' as const), which: fc.nat(20), attempt: fc.integer({ min: 2, max: 4 }) }),
    fc.record({ kind: fc.constant('commit' as const), which: fc.nat(20) }),
    fc.record({ kind: fc.constant('rollback' as const), back: fc.integer({ min: 1, max: 3 }) }),
    fc.constant({ kind: 'restart' as const }),
  ),
  { minLength: 5, maxLength: 25 },
);

describe.each(['memory-table', 'lmdb-rows'] as const)('a checkpoint of kind %s', (stateStore) => {
  it('has the plans that wait, whatever was planned, replaced, committed and rolled back', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const directory = mkdtempSync(join(tmpdir(), 'millrace-plans-'));
        const open = async () => await openCheckpoint(directory, { appName: 'plans', stateStore });
        let store = await open();
        /** Pending plans after each version, and now. */
        const versions: BatchPlan[][] = [];
        let pending: BatchPlan[] = [];
        let last = 0;
        try {
          for (const step of history) {
            if (step.kind === 'plan') {
              const plans = Array.from({ length: step.count }, (_, i) => empty(last + (i + 1) * step.stride * 1000));
              store.plan(plans);
              pending = pending.concat(plans);
              last = plans.at(-1)?.batchTime ?? last;
            } else if (step.kind === 'again') {
              const plan = pending[step.which % Math.max(1, pending.length)];
              if (plan === undefined) continue;
              const again = { ...plan, attempt: step.attempt };
              store.plan([again]);
              pending = pending.map((other) => (other === plan ? again : other));
            } else if (step.kind === 'commit') {
              const plan = pending[step.which % Math.max(1, pending.length)];
              if (plan === undefined) continue;
              versions.push(pending);
              store.commit(record(versions.length, { batchTime: plan.batchTime }));
              pending = pending.filter(({ batchTime }) => batchTime > plan.batchTime);
            } else if (step.kind === 'rollback') {
              const version = versions.length - step.back;
              if (version < 0) continue;
              const dropped = versions.splice(version);
              store.rollbackTo(version);
              const before = dropped[0] ?? [];
              const times = new Set(pending.map(({ batchTime }) => batchTime));
              const later = dropped.flat().filter(({ batchTime }) => !times.has(batchTime));
              // The plan of a time that waited longest is the one that was committed or still waits.
              const found = new Map([...before, ...later, ...pending].map((plan) => [plan.batchTime, plan]));
              pending = [...found.values()].toSorted((a, b) => a.batchTime - b.batchTime);
            } else {
              await store.close();
              store = await open();
            }
            expect(store.pendingPlans).toEqual(pending);
          }
        } finally {
          await store.close();
          rmSync(directory, { recursive: true, force: true });
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});
