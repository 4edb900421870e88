import { encode } from '../kernel/codec.ts';
import { PlanBook } from '../store/plan-book.ts';
import { assertNextVersion, retainVersionsOf } from '../store/retained-versions.ts';
import type { BatchPlan, CommitRecord, ProgramRecord } from '../store/state-store.ts';
import { assertRetained, readPlans, readProgram } from './checkpoint-reader.ts';
import type { Environment, Writing } from './environment.ts';
import { metaKey, planKey, versionKey } from './keys.ts';
import { readVersions, type VersionRecord, writeVersion } from './table-log.ts';

/** A commit that is about to be written. */
export interface LedgerEntry {
  readonly version: VersionRecord;
  /** The versions that are readable after it, oldest first. */
  readonly history: readonly VersionRecord[];
  /** The versions that are no longer. */
  readonly dropped: readonly VersionRecord[];
}

/**
 * What a durable store knows besides state: the program, the plans that wait, the versions that were committed. A commit is made in
 * three steps, so that it goes into the transaction of the state: `next`, `write` inside the transaction, `accept` after it.
 */
export class Ledger {
  program: ProgramRecord | undefined;
  history: readonly VersionRecord[] = [];
  private readonly environment: Environment;
  private readonly retainVersions: number;
  private readonly plans = new PlanBook();

  constructor(environment: Environment, retainVersions: number | undefined) {
    this.environment = environment;
    this.retainVersions = retainVersionsOf(retainVersions);
  }

  /** Replaces what is in memory by what the file holds. */
  load(): void {
    this.program = readProgram(this.environment);
    this.history = readVersions(this.environment);
    this.plans.clear();
    this.plans.add(readPlans(this.environment));
  }

  describe(program: ProgramRecord): void {
    this.environment.transact('recording the program', (writing) => {
      writing.put(metaKey('program'), encode(program));
    });
    this.program = program;
  }

  plan(plans: readonly BatchPlan[]): void {
    if (plans.length === 0) return;
    this.environment.transact('recording the plan of a batch', (writing) => {
      for (const plan of plans) writing.put(planKey(plan.batchTime), encode(plan));
    });
    this.plans.add(plans);
  }

  get pendingPlans(): readonly BatchPlan[] {
    return this.plans.pending;
  }

  get lastCommitted(): CommitRecord | undefined {
    return this.history.at(-1)?.record;
  }

  get versions(): readonly CommitRecord[] {
    return this.history.map(({ record }) => record);
  }

  /** The entry of the next commit; `deltas` are the parts that its state takes, by table. */
  next(record: CommitRecord, deltas: VersionRecord['deltas']): LedgerEntry {
    assertNextVersion(this.lastCommitted, record);
    const version = { record, plans: this.plans.upTo(record.batchTime), deltas };
    const all = [...this.history, version];
    const kept = Math.max(0, all.length - this.retainVersions);
    return { version, history: all.slice(kept), dropped: all.slice(0, kept) };
  }

  write(writing: Writing, { version, dropped }: LedgerEntry): void {
    writeVersion(writing, version);
    for (const { record } of dropped) writing.remove(versionKey(record.version));
    for (const plan of version.plans) writing.remove(planKey(plan.batchTime));
  }

  accept({ version, history }: LedgerEntry): void {
    this.history = history;
    this.plans.take(version.record.batchTime);
  }

  assertRetained(version: number): void {
    assertRetained(this.history, version);
  }

  /** Removes the versions after one, and has their plans wait again. */
  rollBack(writing: Writing, to: number): void {
    for (const { record, plans } of this.history) {
      if (record.version <= to) continue;
      writing.remove(versionKey(record.version));
      for (const plan of plans) writing.put(planKey(plan.batchTime), encode(plan));
    }
  }
}
