import { raise } from '../../kernel/errors.ts';
import type { Done, Emit } from '../../kernel/evaluation.ts';
import type { Time } from '../../kernel/time.ts';
import type { NumberedColumns } from '../../rdd/key-columns.ts';
import { CombineByKeyNode } from '../../rdd/operators/combine-by-key.ts';
import { RddNode } from '../../rdd/rdd-node.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { BatchGraph } from '../batch-graph.ts';
import type { DStreamNode } from '../dstream-node.ts';
import { timesBetween } from '../window-length.ts';

/** Up to where slices were dropped, at the times of an input with this slide. */
interface Dropped {
  readonly until: Time;
  readonly slideMs: number;
}

type ChunkKey = readonly [time: Time, partition: number, chunk: number];

/** So many elements of a slice are one value of the table: small enough to decode at once, large enough that keys cost little. */
const chunkLength = 512;

/**
 * The batches of its input that a window still needs: kept as state, so that neither a later batch nor a restart reads or computes them
 * again. A slice is dropped as soon as no coming window covers it.
 */
export class SliceStore<T> {
  readonly #chunks: StateTable<ChunkKey, readonly T[]>;
  /** Time of a slice to the number of chunks in each partition. A slice is there once this says so. */
  readonly #index: StateTable<Time, readonly number[]>;
  readonly #progress: StateTable<string, Dropped>;
  /** Slices are batches of the node's input: at its times. */
  readonly #slideMs: number;
  readonly #zeroTime: Time;

  constructor(node: DStreamNode<unknown>, graph: BatchGraph) {
    this.#chunks = graph.table(node, 'slices');
    this.#index = graph.table(node, 'slice-index');
    this.#progress = graph.table(node, 'progress');
    this.#slideMs = (node.dependencies[0] ?? node).slideMs;
    this.#zeroTime = graph.zeroTime;
  }

  has(time: Time): boolean {
    return this.#index.has(time);
  }

  /**
   * The slices up to a time, oldest first. They are found by the times at which slices can be since the last `dropUntil`: a long
   * window is not looked through for the few that leave it.
   */
  storedUntil(until: Time): readonly Time[] {
    const dropped = this.#progress.get('slices');
    const times =
      dropped?.slideMs === this.#slideMs
        ? timesBetween(dropped.until, until, this.#slideMs, this.#zeroTime)
        : [...this.#index.entries()].map(([time]) => time).toSorted((a, b) => a - b);
    return times.filter((time) => time <= until && this.has(time));
  }

  /** The slice of a time, if it is stored. */
  find(time: Time): RddNode<T> | undefined {
    const counts = this.#index.get(time);
    return counts === undefined ? undefined : new StoredSlice(this, time, counts);
  }

  /** A slice that is stored. */
  stored(time: Time): RddNode<T> {
    return new StoredSlice(this, time, this.#counts(time));
  }

  /** `rdd`, stored on its way: each partition is computed once, by the first that asks or by `complete`. */
  storing(time: Time, rdd: RddNode<T>): StoringSlice<T> {
    return new StoringSlice(this, time, rdd);
  }

  /** As `storing`, for what may be stored already. */
  keeping(time: Time, rdd: RddNode<T>): RddNode<T> {
    return rdd instanceof StoredSlice ? rdd : this.storing(time, rdd);
  }

  /** Drops the slices up to a time; none of so long ago may come any more. */
  dropUntil(until: Time): void {
    for (const time of this.storedUntil(until)) this.#drop(time);
    this.#progress.put('slices', { until, slideMs: this.#slideMs });
  }

  #drop(time: Time): void {
    for (const [partition, chunks] of this.#counts(time).entries()) {
      for (let chunk = 0; chunk < chunks; chunk++) this.#chunks.remove([time, partition, chunk]);
    }
    this.#index.remove(time);
  }

  write(time: Time, partition: number, chunk: number, values: readonly T[]): void {
    this.#chunks.put([time, partition, chunk], values);
  }

  finish(time: Time, counts: readonly number[]): void {
    this.#index.put(time, counts);
  }

  emit(time: Time, partition: number, chunks: number, emit: Emit<T>): void {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const values = this.#chunks.get([time, partition, chunk]) ?? raise('STREAM_STATE_OUTDATED', { batch: time });
      for (const value of values) emit(value);
    }
  }

  #counts(time: Time): readonly number[] {
    return this.#index.get(time) ?? [];
  }
}

class StoredSlice<T> extends RddNode<T> {
  readonly kind = 'slice';
  readonly partitions: number;
  readonly parents = [];
  readonly #store: SliceStore<T>;
  readonly #time: Time;
  /** Chunks of each partition. */
  readonly #counts: readonly number[];

  constructor(store: SliceStore<T>, time: Time, counts: readonly number[]) {
    super();
    this.#store = store;
    this.#time = time;
    this.#counts = counts;
    this.partitions = counts.length;
  }

  compute(partition: number, emit: Emit<T>): Done {
    this.#store.emit(this.#time, partition, this.#counts[partition] ?? 0, emit);
  }
}

/** Passes elements on while it writes them down; from then on it gives what it wrote. */
export class StoringSlice<T> extends RddNode<T> {
  readonly kind = 'slice';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #store: SliceStore<T>;
  readonly #time: Time;
  /** Chunks written, for partitions that are complete. */
  readonly #counts: (number | undefined)[];

  constructor(store: SliceStore<T>, time: Time, rdd: RddNode<T>) {
    super();
    this.#store = store;
    this.#time = time;
    this.parents = [rdd];
    this.partitions = rdd.partitions;
    this.#counts = Array.from({ length: rdd.partitions }, () => undefined);
  }

  compute(partition: number, emit: Emit<T>): Done {
    const chunks = this.#counts[partition];
    if (chunks === undefined) return this.#write(partition, emit);
    this.#store.emit(this.#time, partition, chunks, emit);
  }

  /** As `compute`, for pairs by column; undefined where they do not come so, or are written already. */
  async columns<K, V>(partition: number): Promise<NumberedColumns<K, V> | undefined> {
    const [parent] = this.parents;
    if (!(parent instanceof CombineByKeyNode) || this.#counts[partition] !== undefined) return undefined;
    const columns = (await parent.columns(partition)) as NumberedColumns<K, V> | undefined;
    if (columns !== undefined) this.#writeColumns(partition, columns);
    return columns;
  }

  /** Computes what nobody has asked for, and makes the slice last. */
  async complete(): Promise<void> {
    for (const [partition, chunks] of this.#counts.entries()) {
      if (chunks === undefined) await this.#write(partition, nowhere);
    }
    this.#store.finish(this.#time, this.#counts as readonly number[]);
  }

  #writeColumns(partition: number, { keys, ids, values }: NumberedColumns<unknown, unknown>): void {
    let chunks = 0;
    for (let from = 0; from < ids.length; from += chunkLength) {
      const pairs: unknown[] = [];
      const until = Math.min(ids.length, from + chunkLength);
      for (let i = from; i < until; i++) pairs.push([keys[ids[i] as number], values[i]]);
      this.#store.write(this.#time, partition, chunks, pairs as T[]);
      chunks += 1;
    }
    this.#counts[partition] = chunks;
  }

  async #write(partition: number, emit: Emit<T>): Promise<void> {
    let values: T[] = [];
    let chunks = 0;
    const flush = (): void => {
      if (values.length === 0) return;
      this.#store.write(this.#time, partition, chunks, values);
      chunks += 1;
      values = [];
    };
    await this.parents[0].compute(partition, (value) => {
      values.push(value);
      if (values.length === chunkLength) flush();
      emit(value);
    });
    flush();
    this.#counts[partition] = chunks;
  }
}

function nowhere(): void {
  // What `complete` computes is only written down.
}
