import type { Partitioner } from '../../kernel/partitioner.ts';
import { KeyMap } from '../../kernel/key-map.ts';
import type { Time } from '../../kernel/time.ts';
import { nextTurnIfDue } from '../../kernel/turns.ts';
import { outputOf } from '../../rdd/combine-table.ts';
import { collectAll, runEach } from '../../rdd/evaluate.ts';
import { functionFailed, refusePromise } from '../../rdd/function-failure.ts';
import { KeyIndex } from '../../rdd/key-index.ts';
import { drawn } from '../../rdd/operators/flat-map.ts';
import { PartitionListsNode } from '../../rdd/operators/partition-lists.ts';
import { assertPair, type Pair } from '../../rdd/pair.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { KeyRun, StateTable } from '../../store/state-table.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { DStreamNode, type StreamAt } from '../dstream-node.ts';
import type { Step } from '../step.ts';
import { timesBetween } from '../window-length.ts';
import { StateChain } from './state-view.ts';

/** A key with the values it has in the batch and its state; `null` when it has none. */
export type KeyedUpdate<K, V, S> = readonly [key: K, values: readonly V[], state: S | null];

/** How a state goes on: key by key, or a partition at a time. An undefined or null state removes the key. */
export type StateFunction<K, V, S> =
  | {
      readonly kind: 'key';
      readonly next: (time: Time, key: K, values: readonly V[], state: S | null) => S | null | undefined;
    }
  | {
      readonly kind: 'partition';
      readonly next: (updates: IterableIterator<KeyedUpdate<K, V, S>>, time: Time) => Iterable<Pair<K, S>>;
    };

export interface StateSettings<K, S> {
  readonly partitioner: Partitioner;
  /** The state before the first batch. */
  readonly initialState: RddNode<Pair<K, S>> | undefined;
  /** Call the function for, and give, only keys with values in the batch. */
  readonly touchedOnly: boolean;
}

/**
 * One state for each key, carried from batch to batch.
 *
 * - The function is called once a batch for every known key, with no values where it has none, and for every new one.
 * - The result is the whole state, a view of the table; with `touchedOnly` both are limited to the keys of the batch.
 * - A batch without an RDD still calls every known key, but does not begin the state.
 *
 * State: a key leaves when the function gives null or undefined.
 */
export class UpdateStateByKeyNode<K, V, S> extends DStreamNode<[K, S]> {
  readonly dependencies: readonly [DStreamNode<Pair<K, V>>];
  readonly #function: StateFunction<K, V, S>;
  readonly #settings: StateSettings<K, S>;

  constructor(
    step: Step,
    parent: DStreamNode<Pair<K, V>>,
    stateFunction: StateFunction<K, V, S>,
    settings: StateSettings<K, S>,
  ) {
    super(step, parent.slideMs);
    this.dependencies = [parent];
    this.#function = stateFunction;
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

  async compute(time: Time, graph: BatchGraph): Promise<RddNode<[K, S]> | undefined> {
    const chain = graph.runOf(this, () => new StateChain<K, S>(this, graph));
    if (time <= chain.computedUntil) return undefined;
    // A consumer that slides by several batches asks for the last of them only; the state passes through all.
    for (const at of timesBetween(chain.computedUntil, time - 1, this.slideMs, graph.zeroTime))
      await graph.at(this, at);
    const rdd = await graph.at(this.dependencies[0], time);
    const isFirst = !chain.hasBegun;
    if (isFirst && rdd === undefined) {
      chain.computedUntil = time;
      graph.advanceCursor(this, time);
      return undefined;
    }
    const touched: [K, S][][] = [];
    const { numPartitions } = this.#settings.partitioner;
    const inputs = rdd === undefined ? [] : [rdd];
    const view = chain.advance({ time, partitions: numPartitions, inputs }, async () => {
      const operator = graph.idOf(this);
      if (isFirst) await this.#begin(chain, graph);
      const pairs = rdd === undefined ? undefined : graph.keyed(this, time, rdd);
      const batch = await groupValues(pairs, this.#settings.partitioner, operator);
      for (let partition = 0; partition < numPartitions; partition++) {
        if (partition > 0) await nextTurnIfDue();
        // A function of partitions is called for an empty one, too: once, where it is.
        if (!graph.owns(partition)) touched.push([]);
        else touched.push(await this.#update(chain.table(partition), batch, partition, time, operator));
      }
    });
    return this.#settings.touchedOnly ? new TouchedRdd(view, touched, numPartitions) : view;
  }

  async #begin(chain: StateChain<K, S>, graph: BatchGraph): Promise<void> {
    const { initialState, partitioner } = this.#settings;
    if (initialState === undefined) return;
    const operator = graph.idOf(this);
    for (const pairs of await collectAll(initialState)) {
      for (const pair of pairs) {
        assertPair(operator, pair);
        const partition = outputOf(partitioner, pair[0], operator);
        if (graph.owns(partition)) chain.table(partition).put(pair[0], pair[1]);
      }
    }
  }

  async #update(
    table: StateTable<K, S>,
    batch: GroupedBatch<K, V>,
    partition: number,
    time: Time,
    operator: string,
  ): Promise<[K, S][]> {
    const cells = batch.partitions[partition] ?? [];
    const { kind } = this.#function;
    if (kind === 'partition') {
      this.#replace(table, batch, cells, time, operator);
      return [];
    }
    if (this.#settings.touchedOnly) {
      const touched: [K, S][] = [];
      const run: KeyRun<K, S> = {
        keys: cells.map(({ key }) => key),
        at: 0,
        next: (state) => {
          const { key, values } = cells[run.at] as ValueCell<K, V>;
          const next = this.#call(time, key, values, state, operator);
          if (next !== undefined && next !== null) touched.push([key, next]);
          return next;
        },
      };
      table.reviseEach(run);
      return touched;
    }
    const hasValues = cells.length > 0;
    const steps = table.updateInSteps((key, state) => {
      const cell = hasValues ? cellOf(batch, key) : undefined;
      if (cell === undefined) return this.#call(time, key, noValues, state, operator);
      cell.isDone = true;
      return this.#call(time, key, cell.values, state, operator);
    });
    for (const step of steps) {
      void step;
      const turn = nextTurnIfDue();
      if (turn !== undefined) await turn;
    }
    for (const cell of cells) {
      if (!cell.isDone) table.update(cell.key, () => this.#call(time, cell.key, cell.values, undefined, operator));
    }
    return [];
  }

  #call(time: Time, key: K, values: readonly V[], state: S | undefined, operator: string): S | null | undefined {
    if (this.#function.kind !== 'key') return undefined;
    let next: S | null | undefined;
    try {
      next = this.#function.next(time, key, values, state ?? null);
    } catch (error) {
      throw functionFailed(operator, error);
    }
    if (typeof next === 'object') refusePromise(operator, next);
    return next;
  }

  /** The function sees the whole partition and says what the whole partition becomes. */
  #replace(
    table: StateTable<K, S>,
    batch: GroupedBatch<K, V>,
    cells: readonly ValueCell<K, V>[],
    time: Time,
    operator: string,
  ): void {
    if (this.#function.kind !== 'partition') return;
    const updates: KeyedUpdate<K, V, S>[] = [];
    table.forEach((key, state) => {
      const cell = cellOf(batch, key);
      if (cell !== undefined) cell.isDone = true;
      updates.push([key, cell?.values ?? [], state]);
    });
    for (const cell of cells) if (!cell.isDone) updates.push([cell.key, cell.values, null]);
    let results: Iterable<Pair<K, S>>;
    try {
      results = this.#function.next(updates.values(), time);
    } catch (error) {
      throw functionFailed(operator, error);
    }
    const next = new KeyMap<K, S>();
    for (const pair of drawn(operator, results)) {
      assertPair(operator, pair);
      if (pair[1] !== undefined && pair[1] !== null) next.set(pair[0], pair[1]);
    }
    for (const [key, , state] of updates) if (state !== null && !next.has(key)) table.remove(key);
    for (const [key, state] of next) table.put(key, state);
  }
}

const noValues: readonly never[] = Object.freeze([]);

interface ValueCell<K, V> {
  readonly key: K;
  readonly values: V[];
  isDone: boolean;
}

interface GroupedBatch<K, V> {
  readonly index: KeyIndex<K>;
  /** By number in the index. */
  readonly cells: readonly ValueCell<K, V>[];
  readonly partitions: readonly ValueCell<K, V>[][];
}

/** The values of each key in the batch: one lookup for each record, the partitioner asked once for each key. */
async function groupValues<K, V>(
  rdd: RddNode<Pair<K, V>> | undefined,
  partitioner: Partitioner,
  operator: string,
): Promise<GroupedBatch<K, V>> {
  const index = new KeyIndex<K>();
  const cells: ValueCell<K, V>[] = [];
  const partitions: ValueCell<K, V>[][] = Array.from({ length: partitioner.numPartitions }, () => []);
  if (rdd === undefined) return { index, cells, partitions };
  await runEach(rdd, () => (pair) => {
    const known = index.find(pair[0]);
    if (known >= 0) {
      (cells[known] as ValueCell<K, V>).values.push(pair[1]);
      return;
    }
    assertPair(operator, pair);
    const cell = { key: pair[0], values: [pair[1]], isDone: false };
    partitions[outputOf(partitioner, pair[0], operator)]?.push(cell);
    index.add(pair[0]);
    cells.push(cell);
  });
  return { index, cells, partitions };
}

function cellOf<K, V>({ index, cells }: GroupedBatch<K, V>, key: K): ValueCell<K, V> | undefined {
  const known = index.find(key);
  return known < 0 ? undefined : cells[known];
}

/** The keys a batch changed, once the state has been advanced. */
class TouchedRdd<K, S> extends PartitionListsNode<[K, S]> {
  readonly #view: RddNode<[K, S]> & { force(): Promise<void> };
  readonly #touched: readonly (readonly [K, S][])[];
  override readonly partitions: number;

  constructor(
    view: RddNode<[K, S]> & { force(): Promise<void> },
    touched: readonly (readonly [K, S][])[],
    partitions: number,
  ) {
    super([], 'state');
    this.#view = view;
    this.#touched = touched;
    this.partitions = partitions;
  }

  override async compute(partition: number, emit: (pair: [K, S]) => void): Promise<void> {
    await this.#view.force();
    for (const pair of this.#touched[partition] ?? []) emit(pair);
  }
}
