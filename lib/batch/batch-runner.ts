import type { Clock } from '../kernel/clock.ts';
import { raise } from '../kernel/errors.ts';
import type { Done } from '../kernel/evaluation.ts';
import { passFaultPoint } from '../kernel/fault-point.ts';
import type { BatchPlan, CommitRecord, CommitStats, StateStore } from '../store/state-store.ts';
import { attemptOf, offsetsAfter } from './batch-plan.ts';

export interface BatchRunnerOptions {
  readonly store: StateStore;
  readonly clock: Clock;
}

/** What the work of a batch is told and may tell. */
export interface BatchContext {
  readonly plan: BatchPlan;
  readonly batchTime: number;
  /** 1 for the first run of this batch, 2 for the one after a crash or a failure, and so on: kept with the plan. */
  readonly attempt: number;
  /** Counts input records, for people. */
  countRecords(records: number): void;
  /** Kept in the commit record under `name`, from this batch on until it is set again. Small. */
  setMeta(name: string, value: unknown): void;
}

export interface RunOptions {
  /**
   * The batch is empty, others wait, and its plan says `sharesCommit`: its commit may wait for theirs, so that a backlog of empty
   * batches is not one flush each.
   * When the process dies before, the batches that shared the commit run again.
   */
  readonly mayShareCommit?: boolean;
  /**
   * What a failed batch does to the store. `stop`: nothing is committed, the plan stays pending (our default). `done`: its changes
   * go, its offsets are committed and later batches go on (Spark's rule). Asked when it has failed.
   */
  readonly onFailure?: () => 'stop' | 'done';
  /**
   * Asked before the commit: the plan of the batch that follows, when it is known and not durable yet. It becomes durable in the same
   * transaction, so that a backlog needs one flush for each batch and not two.
   */
  readonly following?: () => BatchPlan | undefined;
}

export type BatchOutcome =
  | {
      readonly kind: 'committed';
      readonly record: CommitRecord;
      readonly stats: CommitStats;
      /** The plan that is durable with it. */
      readonly following?: BatchPlan;
    }
  /** Done, to be committed together with a later batch. */
  | { readonly kind: 'shared' }
  /** The work or the commit failed. `record` is there when the batch counts as done all the same. */
  | {
      readonly kind: 'failed';
      readonly error: unknown;
      readonly record?: CommitRecord;
      /** Batches that were done and would have shared its commit: they are undone, too. */
      readonly tookAlong?: number;
    };

/** So many empty batches of a backlog share a commit, and a flush of their plans. */
export const maxSharedBatches = 500;
const maxSharedMs = 1000;

/**
 * The protocol of a batch: plan, run, commit. This order is written here and nowhere else.
 *
 * 1. `plan` makes the ranges of batches durable, before any of them runs; or the commit of the batch before does, in its transaction.
 * 2. `run` does the work of one batch; the work reads and writes the store's tables.
 * 3. State, offsets and batch time become durable in one transaction; or nothing does and the tables are as before the batch.
 *
 * One batch at a time, in order of batch time. A run never rejects: a failure is an outcome.
 */
export class BatchRunner {
  private readonly store: StateStore;
  private readonly clock: Clock;
  /** Batches that are done and wait for a commit. */
  private shared: { readonly plans: BatchPlan[]; records: number; readonly sinceMs: number } | undefined;
  private meta: Readonly<Record<string, unknown>>;
  private running = false;

  constructor(options: BatchRunnerOptions) {
    this.store = options.store;
    this.clock = options.clock;
    this.meta = this.store.lastCommitted?.meta ?? {};
  }

  /** Batches that are done and wait for a shared commit: fewer than `maxSharedBatches`. */
  get waiting(): number {
    return this.shared?.plans.length ?? 0;
  }

  /** Makes plans durable. Several at once cost one flush. */
  plan(plans: readonly BatchPlan[]): void {
    this.store.plan(plans);
    passFaultPoint('after-plan');
  }

  /** Runs a planned batch and commits it. */
  async run(plan: BatchPlan, work: (context: BatchContext) => Done, options: RunOptions = {}): Promise<BatchOutcome> {
    if (this.running) raise('INTERNAL_INVARIANT', { what: 'two batches run at once' });
    this.running = true;
    try {
      return await this.runOne(plan, work, options);
    } finally {
      this.running = false;
    }
  }

  /**
   * Commits what waits for a shared commit. Called before the program ends and when nothing more waits. While a batch runs nothing
   * can be committed without its half-made changes: what waits is left to run again at the next start.
   */
  flush(): BatchOutcome | undefined {
    return this.running ? undefined : this.commitShared();
  }

  private commitShared(): BatchOutcome | undefined {
    const { shared } = this;
    const last = shared?.plans.at(-1);
    if (shared === undefined || last === undefined) return undefined;
    this.shared = undefined;
    try {
      return this.commit(shared.plans, shared.records);
    } catch (error) {
      this.store.discard();
      return { kind: 'failed', error };
    }
  }

  private async runOne(
    plan: BatchPlan,
    work: (context: BatchContext) => Done,
    options: RunOptions,
  ): Promise<BatchOutcome> {
    const mayShare = options.mayShareCommit === true;
    if (!mayShare) {
      // A failure of this batch must not take those before it along.
      const flushed = this.commitShared();
      if (flushed?.kind === 'failed') return flushed;
    }
    const metaBefore = this.meta;
    let records = 0;
    const context: BatchContext = {
      plan,
      batchTime: plan.batchTime,
      attempt: attemptOf(plan),
      countRecords: (more) => {
        records += more;
      },
      setMeta: (name, value) => {
        this.meta = { ...this.meta, [name]: value };
      },
    };
    try {
      passFaultPoint('mid-run');
      await work(context);
      if (mayShare && !this.isShareFull()) {
        this.share(plan, records);
        return { kind: 'shared' };
      }
      const plans = [...(this.shared?.plans ?? []), plan];
      records += this.shared?.records ?? 0;
      passFaultPoint('before-commit');
      const outcome = this.commit(plans, records, this.fresh(options.following?.()));
      this.shared = undefined;
      return outcome;
    } catch (error) {
      this.meta = metaBefore;
      const tookAlong = this.shared?.plans.length ?? 0;
      this.shared = undefined;
      this.store.discard();
      return options.onFailure?.() === 'done'
        ? this.commitFailed(plan, records, error)
        : { kind: 'failed', error, tookAlong };
    }
  }

  private commitFailed(plan: BatchPlan, records: number, error: unknown): BatchOutcome {
    try {
      const { record } = this.commit([plan], records);
      return { kind: 'failed', error, record };
    } catch (commitError) {
      this.store.discard();
      return { kind: 'failed', error: commitError };
    }
  }

  /** One that is pending is stored together with others that are like it, or says less: `plan` knows how to replace it. */
  private fresh(plan: BatchPlan | undefined): BatchPlan | undefined {
    if (plan === undefined) return undefined;
    return this.store.pendingPlans.some(({ batchTime }) => batchTime === plan.batchTime) ? undefined : plan;
  }

  private commit(
    plans: readonly BatchPlan[],
    records: number,
    following?: BatchPlan,
  ): BatchOutcome & { readonly kind: 'committed' } {
    const before = this.store.lastCommitted;
    const last = plans.at(-1) as BatchPlan;
    const record: CommitRecord = {
      version: (before?.version ?? 0) + 1,
      batchTime: last.batchTime,
      offsets: plans.reduce((offsets, plan) => offsetsAfter(plan, offsets), before?.offsets ?? {}),
      meta: this.meta,
      records,
    };
    const stats = this.store.commit(record, following);
    passFaultPoint('after-commit');
    if (following === undefined) return { kind: 'committed', record, stats };
    passFaultPoint('after-plan');
    return { kind: 'committed', record, stats, following };
  }

  private share(plan: BatchPlan, records: number): void {
    this.shared ??= { plans: [], records: 0, sinceMs: this.clock.monotonicMs() };
    this.shared.plans.push(plan);
    this.shared.records += records;
  }

  private isShareFull(): boolean {
    const { shared } = this;
    if (shared === undefined) return false;
    return shared.plans.length >= maxSharedBatches - 1 || this.clock.monotonicMs() - shared.sinceMs > maxSharedMs;
  }
}
