import { nextTurnIfDue } from '../../kernel/turns.ts';
import { raise } from '../../kernel/errors.ts';
import { type Done, type Emit, after } from '../../kernel/evaluation.ts';
import type { Time } from '../../kernel/time.ts';
import { pushSlice } from '../../rdd/evaluate.ts';
import { RddNode } from '../../rdd/rdd-node.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { BatchGraph } from '../batch-graph.ts';
import type { DStreamNode } from '../dstream-node.ts';

/**
 * The state of one operator, from batch to batch: the order in which batches change it, and the view of it that is current.
 *
 * ```
 * advance(t1) -> advance(t2) -> ...   each runs once, when its view is first read or when its batch is settled, after the one before
 * ```
 */
export class StateChain<K, S> {
  readonly #node: DStreamNode<unknown>;
  readonly #graph: BatchGraph;
  #latest: StateView<K, S> | undefined;
  /** The last time for which a batch was taken up, settled or not. */
  computedUntil: Time;

  constructor(node: DStreamNode<unknown>, graph: BatchGraph) {
    this.#node = node;
    this.#graph = graph;
    this.computedUntil = graph.cursorOf(node);
  }

  table(partition: number): StateTable<K, S> {
    return this.#graph.table(this.#node, 'state', partition);
  }

  /** Whether the state has had its first batch, here or in an earlier process. */
  get hasBegun(): boolean {
    return (
      this.#latest !== undefined || (this.#graph.table<string, boolean>(this.#node, 'progress').get('begun') ?? false)
    );
  }

  /**
   * Adds the change of one batch. `change` is called once, when all earlier ones are through; not at all where the state is in other threads.
   */
  advance({ time, partitions, inputs }: Advance, change: () => Promise<void>): StateView<K, S> {
    const previous = this.#latest;
    const { batchNumber } = this.#graph;
    let isApart = false;
    const view = new StateView<K, S>(this, time, partitions, batchNumber, async () => {
      if (previous === undefined) {
        this.#graph.table<string, boolean>(this.#node, 'progress').put('begun', true);
      } else {
        await previous.force();
        // Somebody may still read the earlier view in the same batch.
        if (isApart || previous.batchNumber !== batchNumber) previous.expire();
        else previous.keep();
      }
      if (!isApart) await change();
    });
    isApart = this.#graph.movesApart({ node: this.#node, time, inputs, held: [view] });
    this.#latest = view;
    this.computedUntil = time;
    this.#graph.advanceCursor(this.#node, time);
    this.#graph.defer(async () => {
      await view.force();
    });
    return view;
  }
}

/** What a state is moved on by. */
export interface Advance {
  readonly time: Time;
  /** Of the state. */
  readonly partitions: number;
  /** The data that the change reads. */
  readonly inputs: readonly RddNode<unknown>[];
}

/** So many keys are given out before others may have their turn. */
const keysPerTurn = 4096;

/**
 * Every key with its state as of one batch, read from the table when asked: no copy of all keys is made. Valid until the next batch
 * changes the table, unless it is kept.
 */
export class StateView<K, S> extends RddNode<[K, S]> {
  readonly kind = 'state';
  readonly partitions: number;
  readonly parents = [];
  readonly batchNumber: number;
  readonly #chain: StateChain<K, S>;
  readonly #time: Time;
  /** Let go once it is called: it leads to the view before, and so to every batch there ever was. */
  #change: (() => Promise<void>) | undefined;
  #forced: Promise<void> | undefined;
  #isDone = false;
  #isExpired = false;
  #kept: [K, S][][] | undefined;

  constructor(
    chain: StateChain<K, S>,
    time: Time,
    partitions: number,
    batchNumber: number,
    change: () => Promise<void>,
  ) {
    super();
    this.#chain = chain;
    this.#time = time;
    this.partitions = partitions;
    this.batchNumber = batchNumber;
    this.#change = change;
  }

  compute(partition: number, emit: Emit<[K, S]>): Done {
    return after(this.#isDone ? undefined : this.force(), () => this.#emit(partition, emit));
  }

  override async head(partition: number, limit: number): Promise<readonly [K, S][]> {
    if (!this.#isDone) await this.force();
    if (this.#kept !== undefined) return (this.#kept[partition] ?? []).slice(0, limit);
    this.#assertCurrent();
    const pairs: [K, S][] = [];
    if (limit === 0) return pairs;
    for (const [key, state] of this.#chain.table(partition).entries()) {
      if (pairs.push([key, state]) === limit) break;
    }
    return pairs;
  }

  override async count(partition: number): Promise<number> {
    if (!this.#isDone) await this.force();
    if (this.#kept !== undefined) return (this.#kept[partition] ?? []).length;
    this.#assertCurrent();
    return this.#chain.table(partition).size;
  }

  /** Makes the change, once. A failure stays one: later batches cannot build on it. */
  async force(): Promise<void> {
    const change = this.#change;
    this.#change = undefined;
    this.#forced ??= (change?.() ?? Promise.resolve()).then(() => {
      this.#isDone = true;
    });
    await this.#forced;
  }

  /** Copies the state, so that the view outlives the next change. */
  keep(): void {
    this.#kept ??= Array.from({ length: this.partitions }, (_, partition) => {
      const pairs: [K, S][] = [];
      this.#chain.table(partition).forEach((key, state) => pairs.push([key, state]));
      return pairs;
    });
  }

  expire(): void {
    this.#isExpired = true;
  }

  #assertCurrent(): void {
    if (this.#isExpired) raise('STREAM_STATE_OUTDATED', { batch: this.#time });
  }

  #emit(partition: number, emit: Emit<[K, S]>): Done {
    if (this.#kept !== undefined) {
      const pairs = this.#kept[partition] ?? [];
      return pushSlice(pairs, 0, pairs.length, emit);
    }
    this.#assertCurrent();
    const table = this.#chain.table(partition);
    if (table.size > keysPerTurn) return emitInTurns(table, emit);
    table.forEach((key, state) => {
      emit([key, state]);
    });
    return undefined;
  }
}

async function emitInTurns<K, S>(table: StateTable<K, S>, emit: Emit<[K, S]>): Promise<void> {
  let emitted = 0;
  for (const [key, state] of table.entries()) {
    emit([key, state]);
    emitted += 1;
    if (emitted % keysPerTurn === 0) await nextTurnIfDue();
  }
}
