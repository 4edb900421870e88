import type { Partitioner } from '../../kernel/partitioner.ts';
import { nextTurn } from '../../kernel/clock.ts';
import type { Time } from '../../kernel/time.ts';
import { outputOf } from '../../rdd/combine-table.ts';
import { collectAll, runEach } from '../../rdd/evaluate.ts';
import { functionFailed, refusePromise } from '../../rdd/function-failure.ts';
import { assertPair, type Pair } from '../../rdd/pair.ts';
import { RddNode } from '../../rdd/rdd-node.ts';
import { StorageNode } from '../../rdd/storage-node.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { DStreamNode, type StreamAt } from '../dstream-node.ts';
import { StateHandle } from '../state.ts';
import type { MapStateWithTime } from '../state-spec.ts';
import type { Step } from '../step.ts';
import { timesBetween } from '../window-length.ts';
import { StateChain, type StateView } from './state-view.ts';

export interface MapWithStateSettings<K, V, S, U> {
  readonly call: MapStateWithTime<K, V, S, U>;
  /** A null result is an element, too. */
  readonly emitsNull: boolean;
  readonly initialState: RddNode<Pair<K, S>> | undefined;
  readonly timeoutMs: number | undefined;
  readonly partitioner: Partitioner;
}

/** A state with the time of its last record: what a timeout counts from. */
type Touched<S> = readonly [state: S, touchedAt: Time];

/**
 * One call for each record, in order, with the state of its key; what the calls return is the stream.
 *
 * - A state is stored only when `update` was called; a removed one is gone, and a later record of the same batch may set it anew.
 * - With a timeout a key that had no record for strictly longer is given to the function once more and dropped. A record wins over
 *   the timeout of the same batch. Ours are exact in every batch; in compatible mode they fire only where Spark would checkpoint.
 *
 * State: a key leaves by `remove` and by its timeout.
 */
export class MapWithStateNode<K, V, S, U> extends DStreamNode<U> {
  readonly dependencies: readonly [DStreamNode<Pair<K, V>>];
  readonly #settings: MapWithStateSettings<K, V, S, U>;

  constructor(step: Step, parent: DStreamNode<Pair<K, V>>, settings: MapWithStateSettings<K, V, S, U>) {
    super(step, parent.slideMs);
    this.dependencies = [parent];
    this.#settings = settings;
  }

  override get needsCheckpoint(): boolean {
    return true;
  }

  override get statePartitions(): number {
    return this.#settings.partitioner.numPartitions;
  }

  override get hasCursor(): boolean {
    return true;
  }

  override demand(time: Time, cursor: Time): readonly StreamAt[] {
    return timesBetween(cursor, time, this.slideMs, cursor).map((at) => ({ node: this.dependencies[0], time: at }));
  }

  async compute(time: Time, graph: BatchGraph): Promise<RddNode<U> | undefined> {
    const chain = graph.runOf(this, () => new StateChain<K, Touched<S>>(this, graph));
    if (time <= chain.computedUntil) return undefined;
    for (const at of timesBetween(chain.computedUntil, time - 1, this.slideMs, graph.zeroTime)) {
      await graph.at(this, at);
    }
    const rdd = await graph.at(this.dependencies[0], time);
    const isFirst = !chain.hasBegun;
    const { numPartitions } = this.#settings.partitioner;
    const mapped: U[][] = Array.from({ length: numPartitions }, () => []);
    const view = chain.advance(time, numPartitions, async () => {
      const operator = graph.idOf(this);
      if (isFirst) await this.#begin(chain, time, operator);
      if (rdd !== undefined) {
        await runEach(rdd, () => (pair) => {
          this.#record(chain, pair, time, mapped, operator);
        });
      }
      const { timeoutMs } = this.#settings;
      if (timeoutMs === undefined || !this.#firesTimeouts(time, graph)) return;
      for (let partition = 0; partition < numPartitions; partition++) {
        if (partition > 0) await nextTurn();
        this.#timeOut(chain.table(partition), time, timeoutMs, mapped[partition] as U[], operator);
      }
    });
    return new MappedRdd<K, S, U>(view, mapped);
  }

  async #begin(chain: StateChain<K, Touched<S>>, time: Time, operator: string): Promise<void> {
    const { initialState, partitioner } = this.#settings;
    if (initialState === undefined) return;
    for (const pairs of await collectAll(initialState)) {
      for (const pair of pairs) {
        assertPair(operator, pair);
        chain.table(outputOf(partitioner, pair[0], operator)).put(pair[0], [pair[1], time]);
      }
    }
  }

  #record(chain: StateChain<K, Touched<S>>, pair: Pair<K, V>, time: Time, mapped: U[][], operator: string): void {
    assertPair(operator, pair);
    const [key, value] = pair;
    const partition = outputOf(this.#settings.partitioner, key, operator);
    const table = chain.table(partition);
    const known = table.get(key);
    const handle = new StateHandle<S>(known?.[0]);
    this.#emit(this.#call(time, key, value, handle, operator), mapped[partition] as U[]);
    if (handle.isRemoved) table.remove(key);
    else if (handle.isUpdated) table.put(key, [handle.get(), this.#touch(time)]);
    else if (known !== undefined && this.#settings.timeoutMs !== undefined) table.put(key, [handle.get(), time]);
  }

  /** Without a timeout the time of the last record is not kept: a state that stays the same is then no change. */
  #touch(time: Time): Time {
    return this.#settings.timeoutMs === undefined ? 0 : time;
  }

  #firesTimeouts(time: Time, graph: BatchGraph): boolean {
    if (!graph.config.flag('millrace.spark.compat')) return true;
    const everyMs = graph.checkpointMsOf(this) ?? 10 * this.slideMs;
    return (time - graph.zeroTime) % everyMs === 0;
  }

  #timeOut(table: StateTable<K, Touched<S>>, time: Time, timeoutMs: number, mapped: U[], operator: string): void {
    const idle: (readonly [K, S])[] = [];
    table.forEach((key, [state, touchedAt]) => {
      if (touchedAt < time - timeoutMs) idle.push([key, state]);
    });
    for (const [key, state] of idle) {
      this.#emit(this.#call(time, key, null, new StateHandle<S>(state, true), operator), mapped);
      table.remove(key);
    }
  }

  #call(time: Time, key: K, value: V | null, handle: StateHandle<S>, operator: string): U | null | undefined {
    let result: U | null | undefined;
    try {
      result = this.#settings.call(time, key, value, handle);
    } catch (error) {
      throw functionFailed(operator, error);
    }
    if (typeof result === 'object') refusePromise(operator, result);
    return result;
  }

  #emit(result: U | null | undefined, mapped: U[]): void {
    if (this.#settings.emitsNull || (result !== null && result !== undefined)) mapped.push(result as U);
  }
}

/** What the calls of one batch returned, held once the state has been advanced; and the state after it. */
class MappedRdd<K, S, U> extends RddNode<U> {
  readonly kind = 'mapWithState';
  readonly partitions: number;
  readonly parents = [];
  readonly view: StateView<K, Touched<S>>;
  readonly #mapped: readonly (readonly U[])[];

  constructor(view: StateView<K, Touched<S>>, mapped: readonly (readonly U[])[]) {
    super();
    this.view = view;
    this.partitions = mapped.length;
    this.#mapped = mapped;
  }

  async compute(partition: number, emit: (value: U) => void): Promise<void> {
    await this.view.force();
    for (const value of this.#mapped[partition] ?? []) emit(value);
  }
}

/** Every key with its state after each batch of a `mapWithState`. */
export class StateSnapshotsNode<K, S, U> extends DStreamNode<[K, S]> {
  readonly dependencies: readonly [DStreamNode<U>];

  constructor(step: Step, mapped: DStreamNode<U>) {
    super(step, mapped.slideMs);
    this.dependencies = [mapped];
  }

  async compute(time: Time, graph: BatchGraph): Promise<RddNode<[K, S]> | undefined> {
    const rdd = await graph.at(this.dependencies[0], time);
    const mapped = rdd instanceof StorageNode ? rdd.parents[0] : rdd;
    return mapped instanceof MappedRdd ? new SnapshotRdd<K, S>(mapped.view as StateView<K, Touched<S>>) : undefined;
  }
}

class SnapshotRdd<K, S> extends RddNode<[K, S]> {
  readonly kind = 'stateSnapshots';
  readonly partitions: number;
  readonly parents: readonly [RddNode<[K, Touched<S>]>];

  constructor(view: StateView<K, Touched<S>>) {
    super();
    this.partitions = view.partitions;
    this.parents = [view];
  }

  compute(partition: number, emit: (pair: [K, S]) => void): void | Promise<void> {
    return this.parents[0].compute(partition, ([key, [state]]) => {
      emit([key, state]);
    });
  }
}
