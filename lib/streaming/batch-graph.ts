import { raise } from '../kernel/errors.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import type { Time } from '../kernel/time.ts';
import { count } from '../rdd/actions/count.ts';
import { FreezingNode } from '../rdd/freezing-node.ts';
import type { RddNode } from '../rdd/rdd-node.ts';
import { StorageNode } from '../rdd/storage-node.ts';
import type { StateStore } from '../store/state-store.ts';
import type { StateTable } from '../store/state-table.ts';
import type { Configuration } from './configuration.ts';
import type { DStreamGraph } from './dstream-graph.ts';
import type { DStreamNode, StreamAt } from './dstream-node.ts';
import type { InputNode, InputRun } from './input-node.ts';
import type { OperatorProbe } from './operator-probe.ts';

/** A state that goes on by a batch. */
export interface StateMove {
  readonly node: DStreamNode<unknown>;
  readonly time: Time;
  /** What the batch brings, by the streams it comes from. Where the node has `keyedBy` its pairs have to be brought to their keys. */
  readonly inputs: readonly RddNode<unknown>[];
  /** What there will be of it at the end of the batch, or is of earlier ones: partition by partition where the state is. */
  readonly held: readonly RddNode<unknown>[];
}

/** Who computes streams in other threads, or for another one. */
export interface ApartStreams {
  computed<T>(node: DStreamNode<T>, time: Time, rdd: RddNode<T>): RddNode<T>;
  /** The batch of a time begins; `next` is planned already, and comes behind it. */
  begins?(time: Time, next: Time | undefined): void;
  /** Whether a state goes on in other threads; to be said before anything of the batch looks at it. */
  moves?(move: StateMove): boolean;
  /** Whether other threads take up what a window takes up at a time that is not its own. */
  collects?(move: Omit<StateMove, 'held'>): boolean;
  /** Brings the states of the batch that are elsewhere to its end, and what has changed in them into the store. */
  settle?(): Promise<void>;
  /** The pairs that belong to the partitions of a state that are here. */
  keyed?<T>(node: DStreamNode<unknown>, time: Time, rdd: RddNode<T>): RddNode<T>;
  /** Whether a partition of a state is here. */
  owns?(partition: number): boolean;
  /** The batch of a time is over. What it has changed stays, or goes. */
  finished?(time: Time, isCommitted: boolean): void;
  /** The batch fails for a reason that it will not have when it is run again from the beginning. */
  readonly mayRunAgain?: boolean;
}

/** What stays the same for the whole run of a context. */
export interface GraphSetting {
  readonly graph: DStreamGraph;
  readonly config: Configuration;
  readonly store: Pick<StateStore, 'table'>;
  readonly zeroTime: Time;
  /** The batch times after which steps came into the program, for those that were not there from the beginning. */
  readonly since?: ReadonlyMap<OperatorId, Time>;
  readonly inputs: ReadonlyMap<InputNode<unknown>, InputRun<unknown>>;
  /** Given the data of each stream at a time before anything else sees it; what it returns takes the place of them. Absent on one thread. */
  readonly apart?: ApartStreams;
  /** Looks at what each step gives; absent unless somebody asked. */
  readonly probe?: OperatorProbe;
}

/**
 * The graph at work: everything that exists only while a context runs. Nodes ask it for other streams at a time; each stream is
 * computed at most once for a time, and forgotten when it is no longer remembered.
 *
 * What a batch must have done before it is committed, whether or not an output operation looked at it (state advanced, slices of
 * windows stored), is handed to `defer` and done by `settle`.
 */
export class BatchGraph {
  readonly #setting: GraphSetting;
  readonly #computed = new Map<DStreamNode<unknown>, Map<Time, Promise<RddNode<unknown> | undefined>>>();
  readonly #cursors = new Map<DStreamNode<unknown>, Time>();
  readonly #runs = new Map<DStreamNode<unknown>, unknown>();
  readonly #retentions: ReadonlyMap<DStreamNode<unknown>, number>;
  readonly #collectors: readonly DStreamNode<unknown>[];
  readonly #isDevelopment: boolean;
  #deferredLast: (() => Promise<void> | void)[] = [];
  #deferred: (() => Promise<void>)[] = [];
  /** Counts the batches that were finished: two views of the same number belong to the same batch. */
  #batchNumber = 0;
  readonly #advanced = new Map<DStreamNode<unknown>, Time>();
  /** What was computed since the last batch was finished. */
  #fresh: StreamAt[] = [];

  constructor(setting: GraphSetting) {
    this.#setting = setting;
    this.#retentions = setting.graph.retentions();
    this.#collectors = setting.graph.collectors();
    this.#isDevelopment = setting.config.flag('millrace.development');
  }

  get zeroTime(): Time {
    return this.#setting.zeroTime;
  }

  get batchNumber(): number {
    return this.#batchNumber;
  }

  get config(): Configuration {
    return this.#setting.config;
  }

  idOf(node: DStreamNode<unknown>): OperatorId {
    return this.#setting.graph.ids.of(node);
  }

  isCached(node: DStreamNode<unknown>): boolean {
    return this.#setting.graph.isCached(node);
  }

  checkpointMsOf(node: DStreamNode<unknown>): number | undefined {
    return this.#setting.graph.checkpointMsOf(node);
  }

  /** Whether the program asked for batches of this stream to outlive the batch they belong to. */
  outlivesBatch(node: DStreamNode<unknown>): boolean {
    return this.isCached(node) || (this.#setting.graph.rememberMs ?? 0) > node.slideMs;
  }

  table<K, V>(node: DStreamNode<unknown>, name: string, partition?: number): StateTable<K, V> {
    return this.#setting.store.table(this.idOf(node), name, partition);
  }

  input<T>(node: InputNode<T>): InputRun<T> {
    const run = this.#setting.inputs.get(node);
    return run === undefined
      ? raise('INTERNAL_INVARIANT', { what: `the input ${this.idOf(node)} is not open` })
      : (run as InputRun<T>);
  }

  /** What a node keeps between batches in memory, created at its first use. */
  runOf<R>(node: DStreamNode<unknown>, create: () => R): R {
    if (!this.#runs.has(node)) this.#runs.set(node, create());
    return this.#runs.get(node) as R;
  }

  /** Whether a stream has a batch at `time` at all: times after the zero time, a whole number of slides from it. */
  isValid(node: DStreamNode<unknown>, time: Time): boolean {
    return time > this.zeroTime && (time - this.zeroTime) % node.slideMs === 0;
  }

  /** The data of a stream at a time; `undefined` where it has none. */
  async at<T>(node: DStreamNode<T>, time: Time): Promise<RddNode<T> | undefined> {
    if (!this.isValid(node, time)) return undefined;
    const times = this.#computed.get(node) ?? new Map<Time, Promise<RddNode<unknown> | undefined>>();
    this.#computed.set(node, times);
    const known = times.get(time);
    if (known !== undefined) return (await known) as RddNode<T> | undefined;
    const computing = this.#compute(node, time);
    times.set(time, computing);
    this.#fresh.push({ node, time });
    const rdd = await computing;
    // What is not there is not remembered: somebody may look ahead of the batch that brings it.
    if (rdd === undefined) times.delete(time);
    return rdd;
  }

  async #compute<T>(node: DStreamNode<T>, time: Time): Promise<RddNode<T> | undefined> {
    const bare = await node.compute(time, this);
    if (bare === undefined) return undefined;
    const { probe, apart } = this.#setting;
    const given = apart === undefined ? bare : apart.computed(node, time, bare);
    const rdd = probe === undefined ? given : probe.behind(this.idOf(node), given);
    if (node.hasCursor && this.outlivesBatch(node)) {
      // What comes from tables is there in its own batch only: who may read it later needs a copy.
      const kept = this.#isDevelopment ? new FreezingNode(rdd, true) : new StorageNode(rdd, true);
      this.defer(async () => {
        await count(kept);
      });
      return kept;
    }
    const isCached = this.isCached(node);
    if (this.#isDevelopment) return new FreezingNode(rdd, isCached);
    return isCached ? new StorageNode(rdd, true) : rdd;
  }

  /**
   * As `at`, for somebody who looks from outside of a batch: a stream with state gives what is held, since computing it would move the
   * state.
   */
  async lookUp<T>(node: DStreamNode<T>, time: Time): Promise<RddNode<T> | undefined> {
    return this.#keepsState(node) && this.#computed.get(node)?.has(time) !== true
      ? undefined
      : await this.at(node, time);
  }

  #keepsState(node: DStreamNode<unknown>): boolean {
    return node.hasCursor || node.dependencies.some((input) => this.#keepsState(input));
  }

  /** The times that are held of a stream, oldest first. */
  timesOf(node: DStreamNode<unknown>): readonly Time[] {
    return [...(this.#computed.get(node)?.keys() ?? [])].toSorted((a, b) => a - b);
  }

  /**
   * The last time up to which a node with a cursor is complete, also from an earlier process; when it never ran, the zero time, or the
   * time of its input at which it came into the program.
   */
  cursorOf(node: DStreamNode<unknown>): Time {
    const known = this.#cursors.get(node);
    if (known !== undefined) return known;
    const stored = this.table<string, number>(node, 'progress').get('computedUntil') ?? this.#beginOf(node);
    this.#cursors.set(node, stored);
    return stored;
  }

  #beginOf(node: DStreamNode<unknown>): Time {
    const since = this.#setting.since?.get(this.idOf(node)) ?? this.zeroTime;
    const stepMs = node.dependencies[0]?.slideMs ?? node.slideMs;
    return this.zeroTime + Math.floor((since - this.zeroTime) / stepMs) * stepMs;
  }

  /** Moves a cursor when this batch is settled. */
  advanceCursor(node: DStreamNode<unknown>, time: Time): void {
    this.#advanced.set(node, Math.max(time, this.#advanced.get(node) ?? time));
  }

  /** The batch of a time begins, and `next` will follow at once where it is known. */
  begins(time: Time, next: Time | undefined): void {
    this.#setting.apart?.begins?.(time, next);
  }

  /** Whether a state goes on in other threads: then nothing of it is changed here. */
  movesApart(move: StateMove): boolean {
    return this.#setting.apart?.moves?.(move) ?? false;
  }

  /** As `movesApart`, for what a window takes up between its own times. */
  collectsApart(move: Omit<StateMove, 'held'>): boolean {
    return this.#setting.apart?.collects?.(move) ?? false;
  }

  /** The pairs of the input of a state that belong to its partitions here: all of them, unless other threads have some. */
  keyed<T>(node: DStreamNode<unknown>, time: Time, rdd: RddNode<T>): RddNode<T> {
    return this.#setting.apart?.keyed?.(node, time, rdd) ?? rdd;
  }

  /** Whether a partition of the states is here. */
  owns(partition: number): boolean {
    return this.#setting.apart?.owns?.(partition) ?? true;
  }

  /** Has every window that slides by several batches of an input with state take up the batch of this time. */
  async collect(time: Time): Promise<void> {
    for (const node of this.#collectors) await node.collect(time, this);
  }

  /** Hands over work that has to be done in this batch, in the order of hand-over, whatever the output operations looked at. */
  defer(work: () => Promise<void>): void {
    this.#deferred.push(work);
  }

  /** As `defer`, for what takes data away: done when nothing of the batch needs it any more. */
  deferLast(work: () => Promise<void> | void): void {
    this.#deferredLast.push(work);
  }

  /** Does what was deferred and moves the cursors. One failure does not keep the rest from being done; the first is thrown. */
  async settle(): Promise<void> {
    const failures: unknown[] = [];
    while (this.#deferred.length > 0) {
      const works = this.#deferred;
      this.#deferred = [];
      for (const work of works) {
        try {
          await work();
        } catch (error) {
          failures.push(error);
        }
      }
    }
    if (failures.length > 0) throw failures[0];
    await this.#setting.apart?.settle?.();
    for (const work of this.#deferredLast.splice(0)) await work();
    for (const [node, time] of this.#advanced) {
      this.#cursors.set(node, time);
      this.table<string, number>(node, 'progress').put('computedUntil', time);
    }
    this.#advanced.clear();
  }

  /** Whether a batch that has failed is to be run again from the beginning. */
  get mayRunAgain(): boolean {
    return this.#setting.apart?.mayRunAgain ?? false;
  }

  /** Makes everything as it was before a batch that has failed and is to be run again; what output operations have done stays done. */
  beginAgain(): void {
    for (const { node, time } of this.#fresh) this.#computed.get(node)?.delete(time);
    this.#fresh = [];
    this.#runs.clear();
    this.#cursors.clear();
    this.#deferred = [];
    this.#deferredLast = [];
    this.#advanced.clear();
  }

  /**
   * Forgets what is no longer remembered once the batch of `time` is done, and what was left of a failed one. A batch that had nothing to do
   * makes nothing older, as in Spark.
   */
  finish(time: Time, { hadWork, isCommitted }: { readonly hadWork: boolean; readonly isCommitted: boolean }): void {
    this.#batchNumber += 1;
    this.#fresh = [];
    this.#deferred = [];
    this.#deferredLast = [];
    this.#advanced.clear();
    if (!hadWork) return;
    this.#setting.apart?.finished?.(time, isCommitted);
    for (const [node, times] of this.#computed) {
      const keep = this.#retentions.get(node) ?? Math.max(node.slideMs, this.#setting.graph.rememberMs ?? 0);
      for (const held of times.keys()) if (held <= time - keep) times.delete(held);
    }
    for (const [node, run] of this.#setting.inputs) {
      run.batchDone(time);
      run.release(time - (this.#retentions.get(node) ?? node.slideMs));
    }
  }
}
