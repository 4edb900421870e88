import type { Time } from '../../kernel/time.ts';
import type { Offset } from '../../io/offsets.ts';
import type { ReadLimit } from '../../io/read-limit.ts';
import type { Source } from '../../io/source.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { PlannedRange } from '../../store/state-store.ts';
import type { Configuration } from '../configuration.ts';
import { type ApartContext, type InputContext, InputNode, type InputPart, type InputRun } from '../input-node.ts';
import type { Step } from '../step.ts';
import { TimeList } from '../time-list.ts';
import { type HoldBudget, SourceRdd } from './source-rdd.ts';

export interface SourceSettings {
  /** Records a second for each partition; takes precedence over the context's setting. */
  readonly maxRatePerPartition?: number | ((partition: string) => number);
  /** Takes precedence, too. */
  readonly minRatePerPartition?: number;
}

/**
 * A replayable source as a stream: at each batch time the source says how far it goes, and that range is what the batch reads, however
 * often it is evaluated, now or after a restart.
 */
export class SourceInput<R> extends InputNode<R> {
  readonly isAlwaysPresent = true;
  readonly isReplayable = true;
  override readonly countsWhenPlanned = true;
  readonly settings: SourceSettings;
  readonly #source: Source<R>;
  /** Positions the program wants committed, sent when the next batch is planned. */
  readonly #toCommit: Offset[] = [];

  constructor(step: Step, slideMs: number, source: Source<R>, settings: SourceSettings = {}) {
    super(step, slideMs);
    this.#source = source;
    this.settings = settings;
  }

  /** Queues a commit of positions to the source, for other tools to see. */
  commitAsync(until: Offset): void {
    this.#toCommit.push(until);
  }

  override get origin(): string {
    return this.#source.name;
  }

  override get isBuiltAlike(): boolean {
    return this.#source.readsApart === true;
  }

  override openApart({ config, isShared }: ApartContext): InputRun<R> | undefined {
    if (this.#source.readsApart !== true) return undefined;
    return new SourceRun(this.#source, {}, budgetOf(config, isShared), []);
  }

  override prepare(): void {
    this.#source.prepare?.();
  }

  override async abandon(): Promise<void> {
    if (this.#source.prepare !== undefined) await this.#source.close();
  }

  async open(from: Offset | undefined, context: InputContext): Promise<InputRun<R>> {
    const position = await this.#source.open(from);
    const budget = budgetOf(context.config, context.isShared);
    return new SourceRun(this.#source, position, budget, this.#toCommit, from === undefined);
  }
}

function budgetOf(config: Configuration, isShared: boolean): HoldBudget | undefined {
  return isShared ? { bytesLeft: config.number('millrace.source.heldBytes') } : undefined;
}

class SourceRun<R> implements InputRun<R> {
  readonly #source: Source<R>;
  readonly #budget: HoldBudget | undefined;
  readonly #ranges = new TimeList<PlannedRange>();
  readonly #rdds = new Map<Time, SourceRdd<R>>();
  readonly #toCommit: Offset[];
  readonly #isNew: boolean;
  #position: Offset;
  /** The ends of the partitions when they were last asked for. */
  #latest: Offset | undefined;

  /** `isNew`: nothing was read before; otherwise batches of before may come first. */
  constructor(source: Source<R>, position: Offset, budget: HoldBudget | undefined, toCommit: Offset[], isNew = false) {
    this.#isNew = isNew;
    this.#source = source;
    this.#position = position;
    this.#budget = budget;
    this.#toCommit = toCommit;
  }

  begin(isReadApart: boolean): void {
    if (this.#isNew && !isReadApart) this.#source.readAhead?.(this.#position);
  }

  retained(upTo: Time): readonly PlannedRange[] {
    return [...this.#ranges.upTo(upTo)];
  }

  async allot(time: Time, limit: ReadLimit, isBacklog: boolean): Promise<PlannedRange> {
    const isLimited = limit.maxRecords !== undefined || limit.maxRecordsPerPartition !== undefined;
    if (isBacklog && !isLimited) {
      const nothing = { time, from: this.#position, until: this.#position };
      this.adopt(nothing);
      return nothing;
    }
    for (const until of this.#toCommit.splice(0)) await this.#source.commit(until);
    const { from, until, latest } = await this.#source.latestOffset(this.#position, limit);
    this.#latest = latest;
    const range = { time, from, until };
    this.adopt(range);
    return range;
  }

  adopt(range: PlannedRange): void {
    this.#ranges.set(range.time, range);
    this.#position = range.until;
  }

  restore(range: PlannedRange): void {
    this.#ranges.set(range.time, range);
  }

  rdd(time: Time): RddNode<R> | undefined {
    const known = this.#rdds.get(time);
    if (known !== undefined) return known;
    const range = this.#ranges.get(time);
    if (range === undefined) return undefined;
    const rdd = new SourceRdd(this.#source, range, this.#budget);
    this.#rdds.set(time, rdd);
    return rdd;
  }

  part(time: Time): InputPart | undefined {
    const range = this.#ranges.get(time);
    if (range === undefined) return undefined;
    const offsets: Record<string, readonly [from: number, until: number]> = {};
    let records = 0;
    for (const [partition, until] of Object.entries(range.until)) {
      const from = range.from[partition] ?? until;
      offsets[partition] = [from, until];
      records += until - from;
    }
    return { records, metadata: this.#latest === undefined ? { offsets } : { offsets, latest: this.#latest } };
  }

  batchDone(time: Time): void {
    // In other threads the next batch may be under way.
    for (const [at, rdd] of this.#rdds) if (at <= time) rdd.release();
  }

  release(upTo: Time): void {
    this.#ranges.dropUntil(upTo);
    for (const time of this.#rdds.keys()) if (time <= upTo) this.#rdds.delete(time);
  }

  async committed(until: Offset): Promise<void> {
    await this.#source.commit(until);
  }

  async close(): Promise<void> {
    await this.#source.close();
  }
}
