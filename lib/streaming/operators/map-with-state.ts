import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Time } from '../../kernel/time.ts';
import { headOf } from '../../rdd/actions/take.ts';
import { outputOf } from '../../rdd/combine-table.ts';
import { collectAll } from '../../rdd/evaluate.ts';
import { functionFailed, refusePromise } from '../../rdd/function-failure.ts';
import { assertPair, type Pair } from '../../rdd/pair.ts';
import { makerOf, RddNode } from '../../rdd/rdd-node.ts';
import { type StateTable, unchanged } from '../../store/state-table.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { DStreamNode, type StreamAt } from '../dstream-node.ts';
import { StateHandle } from '../state.ts';
import type { MapStateWithTime } from '../state-spec.ts';
import type { Step } from '../step.ts';
import { timesBetween } from '../window-length.ts';
import { takeRecords } from './state-records.ts';
import { dropTimeouts, StateTimeouts, type TimedState } from './state-timeouts.ts';
import { StateChain, type StateView } from './state-view.ts';

export interface MapWithStateSettings<K, V, S, U> {
  readonly call: MapStateWithTime<K, V, S, U>;
  /** A null result is an element, too. */
  readonly emitsNull: boolean;
  readonly initialState: RddNode<Pair<K, S>> | undefined;
  readonly timeoutMs: number | undefined;
  readonly partitioner: Partitioner;
}

/**
 * One call for each record with the state of its key, in order within each partition of the state; what the calls return is the stream.
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

  override get isBuiltAlike(): boolean {
    return true;
  }

  override get keyedBy(): Partitioner {
    return this.#settings.partitioner;
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
    const chain = graph.runOf(this, () => new StateChain<K, TimedState<S>>(this, graph));
    if (time <= chain.computedUntil) return undefined;
    for (const at of timesBetween(chain.computedUntil, time - 1, this.slideMs, graph.zeroTime)) {
      await graph.at(this, at);
    }
    const rdd = await graph.at(this.dependencies[0], time);
    const isFirst = !chain.hasBegun;
    const { numPartitions } = this.#settings.partitioner;
    const mapped: U[][] = Array.from({ length: numPartitions }, () => []);
    const inputs = rdd === undefined ? [] : [rdd];
    const view = chain.advance({ time, partitions: numPartitions, inputs }, async () => {
      const states = this.#states(chain, graph);
      states.timeouts?.prepare(time, numPartitions);
      if (states.timeouts === undefined) dropTimeouts(this, graph, numPartitions);
      if (isFirst) await this.#begin(states, time, graph);
      if (rdd !== undefined) await this.#takeRecords(graph.keyed(this, time, rdd), states, time, mapped);
      states.timeouts?.settle(time);
      if (states.timeouts === undefined || !this.#firesTimeouts(time, graph)) return;
      await states.timeouts.sweep(time, numPartitions, (partition, key, state) => {
        const handle = new StateHandle<S>(state, true);
        this.#emit(this.#call(time, key, null, handle, states.operator), mapped[partition] as U[]);
      });
    });
    return new MappedRdd<K, S, U>(view, mapped);
  }

  #states(chain: StateChain<K, TimedState<S>>, graph: BatchGraph): States<K, S> {
    const { timeoutMs, partitioner } = this.#settings;
    // Looked up once a batch: a look-up for each record was a fifth of its time.
    const tables = Array.from({ length: partitioner.numPartitions }, (_, partition) => chain.table(partition));
    const timeouts =
      timeoutMs === undefined
        ? undefined
        : new StateTimeouts<K, S>(this, graph, timeoutMs, (partition) => tables[partition] ?? chain.table(partition));
    return { tables, timeouts, operator: graph.idOf(this) };
  }

  async #begin(states: States<K, S>, time: Time, graph: BatchGraph): Promise<void> {
    const { initialState, partitioner } = this.#settings;
    if (initialState === undefined) return;
    for (const pairs of await collectAll(initialState)) {
      for (const pair of pairs) {
        assertPair(states.operator, pair);
        const partition = outputOf(partitioner, pair[0], states.operator);
        if (!graph.owns(partition)) continue;
        states.tables[partition]?.put(pair[0], timed(states, partition, pair[0], pair[1], undefined, time));
      }
    }
  }

  async #takeRecords(rdd: RddNode<Pair<K, V>>, states: States<K, S>, time: Time, mapped: U[][]): Promise<void> {
    const { tables, timeouts, operator } = states;
    const { partitioner } = this.#settings;
    await takeRecords<K, V, TimedState<S>>(rdd, {
      tables,
      partitioner,
      operator,
      take: (partition, key, value, known) => {
        const handle = new StateHandle<S>(known?.[0]);
        this.#emit(this.#call(time, key, value, handle, operator), mapped[partition] as U[]);
        if (handle.isRemoved) return null;
        const isStored = handle.isUpdated || (known !== undefined && timeouts !== undefined);
        return isStored ? timed(states, partition, key, handle.get(), known, time) : unchanged;
      },
    });
  }

  #firesTimeouts(time: Time, graph: BatchGraph): boolean {
    if (!graph.config.flag('millrace.spark.compat')) return true;
    const everyMs = graph.checkpointMsOf(this) ?? 10 * this.slideMs;
    return (time - graph.zeroTime) % everyMs === 0;
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

/** The states at work in one batch. */
interface States<K, S> {
  /** By partition. */
  readonly tables: readonly StateTable<K, TimedState<S>>[];
  readonly timeouts: StateTimeouts<K, S> | undefined;
  readonly operator: string;
}

function timed<K, S>(
  { timeouts }: States<K, S>,
  partition: number,
  key: K,
  state: S,
  known: TimedState<S> | undefined,
  time: Time,
): TimedState<S> {
  return timeouts === undefined ? [state, 0] : timeouts.touched(partition, key, state, known, time);
}

/** What the calls of one batch returned, held once the state has been advanced; and the state after it. */
class MappedRdd<K, S, U> extends RddNode<U> {
  readonly kind = 'mapWithState';
  readonly partitions: number;
  readonly parents = [];
  readonly view: StateView<K, TimedState<S>>;
  readonly #mapped: readonly (readonly U[])[];

  constructor(view: StateView<K, TimedState<S>>, mapped: readonly (readonly U[])[]) {
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

  override get isBuiltAlike(): boolean {
    return true;
  }

  async compute(time: Time, graph: BatchGraph): Promise<RddNode<[K, S]> | undefined> {
    const rdd = await graph.at(this.dependencies[0], time);
    const mapped = rdd === undefined ? undefined : makerOf(rdd);
    return mapped instanceof MappedRdd ? new SnapshotRdd<K, S>(mapped.view as StateView<K, TimedState<S>>) : undefined;
  }
}

class SnapshotRdd<K, S> extends RddNode<[K, S]> {
  readonly kind = 'stateSnapshots';
  readonly partitions: number;
  readonly parents: readonly [RddNode<[K, TimedState<S>]>];

  constructor(view: StateView<K, TimedState<S>>) {
    super();
    this.partitions = view.partitions;
    this.parents = [view];
  }

  override get isNarrow(): boolean {
    return true;
  }

  override count(partition: number): number | Promise<number> | undefined {
    return this.parents[0].count(partition);
  }

  override async head(partition: number, limit: number): Promise<readonly [K, S][]> {
    const pairs = await headOf(this.parents[0], partition, limit);
    return pairs.map(([key, [state]]) => [key, state]);
  }

  compute(partition: number, emit: (pair: [K, S]) => void): void | Promise<void> {
    return this.parents[0].compute(partition, ([key, [state]]) => {
      emit([key, state]);
    });
  }
}
