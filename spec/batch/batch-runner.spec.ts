import { afterEach, describe, expect, it } from '@jest/globals';
import { BatchRunner } from '../../lib/batch/batch-runner.ts';
import { leaveUntouched, recover } from '../../lib/batch/recovery.ts';
import { raise } from '../../lib/kernel/errors.ts';
import { armFault, disarmFault, type FaultPoint, faultPoints, parseFault } from '../../lib/kernel/fault-point.ts';
import { ManualClock } from '../../lib/kernel/manual-clock.ts';
import { MemoryStore } from '../../lib/store/memory-store.ts';
import type { BatchPlan, StateStore } from '../../lib/store/state-store.ts';
import { contents, planOf, record } from '../contracts/state-store.contract.ts';

afterEach(disarmFault);

function setUp(): { store: StateStore; runner: BatchRunner; clock: ManualClock } {
  const clock = new ManualClock();
  const store = new MemoryStore({ clock });
  return { store, clock, runner: new BatchRunner({ store, clock }) };
}

/** The state function of these specs: counts batches, and remembers the last. */
function count(store: StateStore, batchTime: number): void {
  const table = store.table<string, number>('op', 't');
  table.update('batches', (n) => (n ?? 0) + 1);
  table.put('last', batchTime);
}

/** The work of a batch that does none. */
function nothing(): void {
  // Plans and commits are all that is looked at.
}

describe('BatchRunner', () => {
  it('commits state, offsets and batch time of a batch together', async () => {
    const { store, runner } = setUp();
    runner.plan([planOf(1000, 7), planOf(2000, 9)]);
    const seen: unknown[] = [];
    for (const plan of store.pendingPlans) {
      const outcome = await runner.run(plan, (context) => {
        seen.push([context.batchTime, context.attempt, context.plan.ranges]);
        context.countRecords(3);
        context.setMeta('watermark', context.batchTime - 1);
        count(store, context.batchTime);
      });
      expect(outcome.kind).toBe('committed');
    }
    expect(seen).toEqual([
      [1000, 1, planOf(1000, 7).ranges],
      [2000, 1, planOf(2000, 9).ranges],
    ]);
    expect(store.versions).toEqual([
      { version: 1, batchTime: 1000, offsets: { input: { p0: 7 } }, meta: { watermark: 999 }, records: 3 },
      { version: 2, batchTime: 2000, offsets: { input: { p0: 9 } }, meta: { watermark: 1999 }, records: 3 },
    ]);
    expect(contents(store.table('op', 't'))).toEqual([
      ['batches', 2],
      ['last', 2000],
    ]);
    expect(store.pendingPlans).toEqual([]);
  });

  it.each([
    ['throws', () => raise('INTERNAL_INVARIANT', { what: 'in the work' })],
    ['rejects', async () => await Promise.reject(new TypeError('later'))],
  ])('leaves no trace of a batch that %s, and keeps its plan', async (_, fail) => {
    const { store, runner } = setUp();
    runner.plan([planOf(1000)]);
    const outcome = await runner.run(planOf(1000), (context) => {
      count(store, 1000);
      context.setMeta('lost', true);
      return fail();
    });
    expect(outcome).toEqual({ kind: 'failed', error: expect.any(Error), tookAlong: 0 });
    expect([store.lastCommitted, store.table('op', 't').size, store.pendingPlans]).toEqual([
      undefined,
      0,
      [planOf(1000)],
    ]);
    const again = await runner.run(planOf(1000), () => {
      count(store, 1000);
    });
    expect(again).toMatchObject({ kind: 'committed', record: { version: 1, meta: {} } });
  });

  it('has the plan of the batch that follows made durable by the commit before it, unless that is pending', async () => {
    const { store, runner } = setUp();
    const given: (BatchPlan | undefined)[] = [];
    const { commit } = store;
    store.commit = (committed, following) => {
      given.push(following);
      return commit.call(store, committed, following);
    };
    runner.plan([planOf(1000), planOf(3000)]);
    const first = await runner.run(planOf(1000), nothing, { following: () => planOf(2000, 5) });
    expect(first).toMatchObject({ kind: 'committed', following: planOf(2000, 5) });
    expect(store.pendingPlans).toEqual([planOf(2000, 5), planOf(3000)]);
    const second = await runner.run(planOf(2000, 5), nothing, { following: () => planOf(3000, 9) });
    expect(second).not.toHaveProperty('following');
    expect([given, store.pendingPlans]).toEqual([[planOf(2000, 5), undefined], [planOf(3000)]]);
    const failed = await runner.run(planOf(3000), () => raise('INTERNAL_INVARIANT', { what: 'in the work' }), {
      following: () => planOf(4000),
    });
    expect([failed.kind, store.pendingPlans]).toEqual(['failed', [planOf(3000)]]);
  });

  it.each<readonly [point: FaultPoint, committed: number, pending: readonly number[]]>([
    ['before-commit', 0, [1000]],
    ['after-commit', 1000, [2000]],
    ['after-plan', 1000, [2000]],
  ])('stopped at %s has committed %i, and has the plans %j', async (point, committed, pending) => {
    const { store, runner } = setUp();
    runner.plan([planOf(1000)]);
    armFault(point, 1, () => raise('INTERNAL_INVARIANT', { what: 'struck' }));
    const outcome = await runner.run(planOf(1000), nothing, { following: () => planOf(2000) });
    expect(outcome.kind).toBe('failed');
    expect(store.lastCommitted?.batchTime ?? 0).toBe(committed);
    expect(store.pendingPlans.map(({ batchTime }) => batchTime)).toEqual(pending);
  });

  it('counts a failed batch as done where Spark does: offsets move on, its changes go', async () => {
    const { store, runner } = setUp();
    runner.plan([planOf(1000, 5)]);
    const outcome = await runner.run(
      planOf(1000, 5),
      () => {
        count(store, 1000);
        raise('INTERNAL_INVARIANT', { what: 'in the work' });
      },
      { onFailure: () => 'done' },
    );
    expect(outcome).toMatchObject({ kind: 'failed', record: { version: 1, offsets: { input: { p0: 5 } } } });
    expect([store.table('op', 't').size, store.pendingPlans]).toEqual([0, []]);
  });

  it('commits a backlog of empty batches together, and the batch that nothing follows by itself', async () => {
    const { store, runner } = setUp();
    const times = Array.from({ length: 500 }, (_, i) => (i + 1) * 1000);
    runner.plan(times.map((time) => planOf(time, 0)));
    const kinds: string[] = [];
    for (const time of times) {
      const outcome = await runner.run(planOf(time, 0), () => count(store, time), { mayShareCommit: time < 500_000 });
      kinds.push(outcome.kind);
    }
    expect(kinds.filter((kind) => kind === 'shared')).toHaveLength(499);
    expect(kinds.at(-1)).toBe('committed');
    expect(store.versions).toMatchObject([
      { version: 1, batchTime: 499_000 },
      { version: 2, batchTime: 500_000 },
    ]);
    expect(store.table('op', 't').get('batches')).toBe(500);
    expect(store.pendingPlans).toEqual([]);
  });

  it('commits what waits before a batch that has records, so that its failure takes nothing along', async () => {
    const { store, runner } = setUp();
    runner.plan([planOf(1000, 0), planOf(2000, 0), planOf(3000, 9)]);
    for (const time of [1000, 2000])
      await runner.run(planOf(time, 0), () => count(store, time), { mayShareCommit: true });
    await runner.run(planOf(3000, 9), () => raise('INTERNAL_INVARIANT', { what: 'in the work' }));
    expect(store.versions).toMatchObject([{ version: 1, batchTime: 2000 }]);
    expect(store.pendingPlans).toEqual([planOf(3000, 9)]);
  });

  it('flushes what waits, at the end', async () => {
    const { store, runner } = setUp();
    runner.plan([planOf(1000, 0)]);
    await runner.run(planOf(1000, 0), () => count(store, 1000), { mayShareCommit: true });
    expect(store.lastCommitted).toBeUndefined();
    expect(runner.flush()).toMatchObject({ kind: 'committed', record: { batchTime: 1000 } });
    expect(runner.flush()).toBeUndefined();
  });

  it('does not flush while a batch runs: its changes are half made', async () => {
    const { store, runner } = setUp();
    runner.plan([planOf(1000, 0), planOf(2000, 0)]);
    await runner.run(planOf(1000, 0), () => count(store, 1000), { mayShareCommit: true });
    const running = runner.run(
      planOf(2000, 0),
      async () => {
        count(store, 2000);
        await Promise.resolve();
        raise('INTERNAL_INVARIANT', { what: 'dropped' });
      },
      { mayShareCommit: true },
    );
    expect(runner.flush()).toBeUndefined();
    expect((await running).kind).toBe('failed');
    expect([store.lastCommitted, store.pendingPlans.length]).toEqual([undefined, 2]);
  });

  it('refuses two batches at once', async () => {
    const { runner } = setUp();
    runner.plan([planOf(1000), planOf(2000)]);
    const first = runner.run(planOf(1000), async () => await Promise.resolve());
    await expect(runner.run(planOf(2000), () => undefined)).rejects.toThrow('INTERNAL_INVARIANT');
    expect((await first).kind).toBe('committed');
  });
});

describe('recovery after a crash', () => {
  it.each<[FaultPoint, number, number[], number]>([
    ['after-plan', 2, [2000], 1],
    ['mid-run', 2, [2000], 1],
    ['before-commit', 2, [2000], 1],
    ['after-commit', 2, [], 2],
  ])('at %s of batch %d runs only what was not committed: %p', async (point, passes, rerun, version) => {
    const { store } = await runUntil(point, passes);
    const recovery = recover(store);
    expect(recovery.rerun.map((plan) => plan.batchTime)).toEqual(rerun);
    expect(recovery.rerun.map((plan) => plan.attempt)).toEqual(rerun.map(() => 2));
    expect(recovery.last?.version).toBe(version);
    expect(recovery.lastBatchTime).toBe(2000);
    expect(recovery.offsets).toEqual({ input: { p0: 2000 } });
    const clock = new ManualClock();
    const runner = new BatchRunner({ store, clock });
    for (const plan of recovery.rerun) await runner.run(plan, () => count(store, plan.batchTime));
    expect(store.table('op', 't').get('batches')).toBe(2);
  });

  it('runs the last completed batch again in compat mode, on the state before it', async () => {
    const { store, runner } = setUp();
    for (const time of [1000, 2000]) {
      runner.plan([planOf(time, time)]);
      await runner.run(planOf(time, time), () => count(store, time));
    }
    runner.plan([planOf(3000, 3000)]);
    const recovery = recover(store, { rerunLastCompleted: true });
    expect(recovery.rerun).toEqual([
      { ...planOf(2000, 2000), attempt: 2 },
      { ...planOf(3000, 3000), attempt: 2 },
    ]);
    expect(store.table('op', 't').get('batches')).toBe(1);
    expect(recovery).toMatchObject({ lastBatchTime: 3000, offsets: { input: { p0: 3000 } }, last: { version: 1 } });
  });

  it('runs the only completed batch again in compat mode', async () => {
    const { store, runner } = setUp();
    runner.plan([planOf(1000)]);
    await runner.run(planOf(1000), () => count(store, 1000));
    expect(recover(store, { rerunLastCompleted: true })).toMatchObject({
      rerun: [{ ...planOf(1000), attempt: 2 }],
      last: undefined,
    });
    expect(store.table('op', 't').size).toBe(0);
  });

  it('counts the attempts of a batch through crash after crash, and none for batches that were only planned', async () => {
    const { store, runner } = setUp();
    const third: BatchPlan = { ...planOf(3000), sharesCommit: true };
    runner.plan([planOf(1000), planOf(2000), third]);
    const seen: (readonly [batchTime: number, attempt: number])[][] = [];
    for (let crash = 0; crash < 3; crash++) {
      const { rerun } = recover(store);
      seen.push(rerun.map((plan) => [plan.batchTime, plan.attempt ?? 1]));
      // The first of them is about to run: from here on it is durable that it did.
      runner.plan(rerun.slice(0, 1));
    }
    expect(seen).toEqual([
      [
        [1000, 2],
        [2000, 1],
        [3000, 2],
      ],
      [
        [1000, 3],
        [2000, 1],
        [3000, 2],
      ],
      [
        [1000, 4],
        [2000, 1],
        [3000, 2],
      ],
    ]);
    const told: number[] = [];
    await runner.run({ ...planOf(1000), attempt: 4 }, ({ attempt }) => void told.push(attempt));
    expect(told).toEqual([4]);
  });

  it('counts no attempt for batches that a program had only planned when it ended in order', () => {
    const { store, runner } = setUp();
    runner.plan([planOf(1000), planOf(2000), { ...planOf(3000), sharesCommit: true }]);
    leaveUntouched(store, 1000);
    expect(recover(store).rerun.map(({ batchTime, attempt }) => [batchTime, attempt])).toEqual([
      [1000, 2],
      [2000, undefined],
      [3000, undefined],
    ]);
    // Once it is planned again it is about to run.
    runner.plan([planOf(2000)]);
    store.commit(record(1));
    expect(recover(store).rerun.map(({ batchTime, attempt }) => [batchTime, attempt])).toEqual([
      [2000, 2],
      [3000, undefined],
    ]);
  });

  it('begins with nothing in a new store', () => {
    expect(recover(new MemoryStore())).toEqual({ rerun: [], last: undefined, offsets: {}, lastBatchTime: undefined });
  });
});

describe('fault points', () => {
  it.each(faultPoints.map((point) => [point]))('reads %s:2:throw', (point) => {
    expect(parseFault(`${point}:2:throw`)).toEqual({ point, count: 2, how: 'throw' });
    expect(parseFault(point)).toEqual({ point, count: 1, how: 'kill' });
  });

  it.each(['', 'nowhere', 'mid-run:0', 'mid-run:x', 'mid-run:1:sleep', 'mid-run:1:kill:x'])('refuses %p', (text) => {
    expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'CONFIG_VALUE' }));
  });
});

/** Runs batches until the fault strikes; what the store then holds is what a restart finds. */
async function runUntil(point: FaultPoint, passes: number): Promise<{ store: StateStore; ran: number[] }> {
  const { store, runner } = setUp();
  const ran: number[] = [];
  armFault(point, passes, () => raise('INTERNAL_INVARIANT', { what: 'crash' }));
  try {
    for (const time of [1000, 2000, 3000]) {
      runner.plan([planOf(time, time)]);
      const outcome = await runner.run(planOf(time, time), () => {
        ran.push(time);
        count(store, time);
      });
      if (outcome.kind === 'failed') break;
    }
  } catch {
    // The crash happened outside of a batch.
  }
  disarmFault();
  store.discard();
  return { store, ran };
}
