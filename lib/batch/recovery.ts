import type { BatchPlan, CommitRecord, SourceOffsets, StateStore } from '../store/state-store.ts';
import { attemptOf, offsetsAfter } from './batch-plan.ts';

export interface RecoveryOptions {
  /** Spark's rule: the last completed batch runs again. Ours: only what was planned and not committed. */
  readonly rerunLastCompleted?: boolean;
}

/** Where a program goes on after a restart. */
export interface Recovery {
  /**
   * Planned and not committed, in order: they run first, with the same ranges and batch times. Each says which attempt its run is; where
   * that is a later one than the store knows it has to be planned again before it runs.
   */
  readonly rerun: readonly BatchPlan[];
  /** The state that the first of them, or the first new batch, begins with. */
  readonly last: CommitRecord | undefined;
  /** Where new plans go on reading: behind the last plan, run or not. */
  readonly offsets: SourceOffsets;
  /** The last batch time that is planned or committed; new ones follow it without a gap. */
  readonly lastBatchTime: number | undefined;
}

/** Settles what runs at start, and brings the store to the version that it begins with. */
export function recover(store: StateStore, options: RecoveryOptions = {}): Recovery {
  store.discard();
  const [inFlight] = store.pendingPlans;
  if (options.rerunLastCompleted === true) rollbackLast(store);
  const rerun = store.pendingPlans.map((plan) => (mayHaveRun(plan, inFlight) ? nextAttempt(plan) : plan));
  const last = store.lastCommitted;
  return {
    rerun,
    last,
    offsets: rerun.reduce<SourceOffsets>((offsets, plan) => offsetsAfter(plan, offsets), last?.offsets ?? {}),
    lastBatchTime: rerun.at(-1)?.batchTime ?? last?.batchTime,
  };
}

/**
 * Notes, when a program ends in order, that the plans behind the last batch that was begun have not run: the next start then does not
 * take the first of them for one that a crash has ended.
 */
export function leaveUntouched(store: StateStore, lastBegun: number): void {
  const untouched = store.pendingPlans.filter((plan) => plan.batchTime > lastBegun && plan.isUntouched !== true);
  if (untouched.length > 0) store.plan(untouched.map(asUntouched));
}

function asUntouched(plan: BatchPlan): BatchPlan {
  return { ...plan, isUntouched: true };
}

/** Batches run in order and each is committed before the next begins, unless several share a commit. */
function mayHaveRun(plan: BatchPlan, inFlight: BatchPlan | undefined): boolean {
  if (plan.isUntouched === true) return false;
  return inFlight === undefined || plan.batchTime <= inFlight.batchTime || plan.sharesCommit === true;
}

function nextAttempt(plan: BatchPlan): BatchPlan {
  return { ...plan, attempt: attemptOf(plan) + 1 };
}

function rollbackLast(store: StateStore): void {
  const last = store.lastCommitted;
  if (last === undefined) return;
  const before = last.version - 1;
  // With a single version retained there is no way back.
  if (before === 0 || store.versions.some(({ version }) => version === before)) store.rollbackTo(before);
}
