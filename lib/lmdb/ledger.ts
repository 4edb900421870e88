import { encode } from '../kernel/codec.ts';
import { PlanBook } from '../store/plan-book.ts';
import { assertNextVersion, retainVersionsOf } from '../store/retained-versions.ts';
import type { BatchPlan, CommitRecord, ProgramRecord } from '../store/state-store.ts';
import { assertRetained, readProgram, readStoredPlans } from './checkpoint-reader.ts';
import type { Environment, Writing } from './environment.ts';
import { metaKey, planKey, versionKey } from './keys.ts';
import { packPlans, type StoredPlan, unpackPlan } from './plan-runs.ts';
import { readVersions, type VersionRecord, writeVersion } from './table-log.ts';

/** A commit that is about to be written. */
export interface LedgerEntry {
  readonly version: VersionRecord;
  /** The versions that are readable after it, oldest first. */
  readonly history: readonly VersionRecord[];
  /** The versions that are no longer. */
  readonly dropped: readonly VersionRecord[];
  /** The plan that becomes durable with it: none is pending for its time. */
  readonly following: BatchPlan | undefined;
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
  /** The records that stand for several plans, by the batch time of their first. */
  private runs: Runs = new Map();

  constructor(environment: Environment, retainVersions: number | undefined) {
    this.environment = environment;
    this.retainVersions = retainVersionsOf(retainVersions);
  }

  /** Replaces what is in memory by what the file holds. */
  load(): void {
    this.program = readProgram(this.environment);
    this.history = readVersions(this.environment);
    this.plans.clear();
    const stored = readStoredPlans(this.environment);
    this.plans.add(stored.flatMap(unpackPlan));
    this.runs = runsOf(stored);
  }

  describe(program: ProgramRecord): void {
    this.environment.transact('recording the program', (writing) => {
      writing.put(metaKey('program'), encode(program));
    });
    this.program = program;
  }

  plan(plans: readonly BatchPlan[]): void {
    if (plans.length === 0) return;
    const given = new Map(plans.map((plan) => [plan.batchTime, plan]));
    const sorted = [...given.values()].toSorted((one, other) => one.batchTime - other.batchTime);
    const broken = this.runsWith((time) => given.has(time));
    const kept = this.plansOf(broken).filter(({ batchTime }) => !given.has(batchTime));
    const stored = [...packPlans(sorted), ...packPlans(kept)];
    this.environment.transact('recording the plan of a batch', (writing) => {
      for (const first of broken.keys()) writing.remove(planKey(first));
      for (const plan of stored) writing.put(planKey(plan.batchTime), encode(plan));
    });
    this.plans.add(sorted);
    this.runs = new Map([...without(this.runs, broken), ...runsOf(stored)]);
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

  get donePlans(): readonly BatchPlan[] {
    return this.history.flatMap(({ plans }) => plans);
  }

  /** The entry of the next commit; `deltas` are the parts that its state takes, by table, and `following` the plan of the batch behind it. */
  next(record: CommitRecord, deltas: VersionRecord['deltas'], following?: BatchPlan): LedgerEntry {
    assertNextVersion(this.lastCommitted, record);
    const version = { record, plans: this.plans.upTo(record.batchTime), deltas };
    const all = [...this.history, version];
    const kept = Math.max(0, all.length - this.retainVersions);
    return { version, history: all.slice(kept), dropped: all.slice(0, kept), following };
  }

  write(writing: Writing, { version, dropped, following }: LedgerEntry): void {
    const { batchTime } = version.record;
    writeVersion(writing, version);
    for (const { record } of dropped) writing.remove(versionKey(record.version));
    const runs = this.runsUntil(batchTime);
    const ended = [...runs.values()];
    for (const { batchTime: time } of version.plans) {
      if (!ended.some((run) => isInRun(run, time))) writing.remove(planKey(time));
    }
    for (const first of runs.keys()) writing.remove(planKey(first));
    for (const plan of this.leftAfter(batchTime)) writing.put(planKey(plan.batchTime), encode(plan));
    if (following !== undefined) writing.put(planKey(following.batchTime), encode(following));
  }

  accept({ version, history, following }: LedgerEntry): void {
    const { batchTime } = version.record;
    const left = runsOf(this.leftAfter(batchTime));
    this.runs = new Map([...without(this.runs, this.runsUntil(batchTime)), ...left]);
    this.history = history;
    this.plans.take(batchTime);
    if (following !== undefined) this.plans.add([following]);
  }

  assertRetained(version: number): void {
    assertRetained(this.history, version);
  }

  /** Removes the versions after one, and has their plans wait again. */
  rollBack(writing: Writing, to: number): void {
    for (const { record, plans } of this.history) {
      if (record.version <= to) continue;
      writing.remove(versionKey(record.version));
      for (const plan of packPlans(plans)) writing.put(planKey(plan.batchTime), encode(plan));
    }
  }

  /** What a commit leaves of runs that it ends in the middle of. */
  private leftAfter(batchTime: number): readonly StoredPlan[] {
    return packPlans(this.plansOf(this.runsUntil(batchTime)).filter((plan) => plan.batchTime > batchTime));
  }

  private runsUntil(batchTime: number): Runs {
    return new Map([...this.runs].filter(([first]) => first <= batchTime));
  }

  private runsWith(isWanted: (time: number) => boolean): Runs {
    if (this.runs.size === 0) return this.runs;
    const wanted = this.plans.pending.filter(({ batchTime }) => isWanted(batchTime));
    return new Map([...this.runs].filter(([, run]) => wanted.some(({ batchTime }) => isInRun(run, batchTime))));
  }

  private plansOf(runs: Runs): readonly BatchPlan[] {
    if (runs.size === 0) return [];
    const all = [...runs.values()];
    return this.plans.pending.filter(({ batchTime }) => all.some((run) => isInRun(run, batchTime)));
  }
}

/** Plans that are one record. */
interface Run {
  readonly first: number;
  readonly count: number;
  readonly stepMs: number;
}

type Runs = ReadonlyMap<number, Run>;

function isInRun({ first, count, stepMs }: Run, time: number): boolean {
  const steps = (time - first) / stepMs;
  return Number.isInteger(steps) && steps >= 0 && steps < count;
}

function runsOf(plans: readonly StoredPlan[]): Runs {
  return new Map(
    plans.flatMap((plan) =>
      plan.repeats === undefined ? [] : [[plan.batchTime, { ...plan.repeats, first: plan.batchTime }]],
    ),
  );
}

function without(runs: Runs, gone: Runs): [number, Run][] {
  return [...runs].filter(([first]) => !gone.has(first));
}
