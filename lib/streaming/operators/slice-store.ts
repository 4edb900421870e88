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

/** With the partition: in a checkpoint that has the chunks of all partitions in the table of the first. */
type ChunkKey = readonly [time: Time, chunk: number] | readonly [time: Time, partition: number, chunk: number];

/** The number of partitions; for a slice whose chunks are all in the first table, the number of chunks of each. */
type IndexEntry = number | readonly number[];

/**
 * So many elements of a partition are one value of its table: small enough to decode at once, large enough that keys cost little. Part of
 * the format: a chunk of fewer is the last one of its partition, so what was stored by another length would not be read to its end.
 */
const chunkLength = 512;

/**
 * The batches of its input that a window still needs: kept as state, so that neither a later batch nor a restart reads or computes them
 * again. A slice is dropped as soon as no coming window covers it.
 *
 * Each partition has a table for its chunks, which say by themselves where they end; an empty partition has none. The index is the same
 * whoever computed which partition.
 */
export class SliceStore<T> {
  readonly #chunksOf: (partition: number) => StateTable<ChunkKey, readonly T[]>;
  /** By the time of a slice. A slice is there once it is here. */
  readonly #index: StateTable<Time, IndexEntry>;
  readonly #progress: StateTable<string, Dropped>;
  /** Slices are batches of the node's input: at its times. */
  readonly #slideMs: number;
  readonly #zeroTime: Time;

  constructor(node: DStreamNode<unknown>, graph: BatchGraph) {
    this.#chunksOf = (partition) => graph.table(node, 'slices', partition);
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
    const entry = this.#index.get(time);
    return entry === undefined ? undefined : new StoredSlice(this, time, partitionsOf(entry));
  }

  /** A slice that is stored. */
  stored(time: Time): RddNode<T> {
    return new StoredSlice(this, time, partitionsOf(this.#index.get(time) ?? 0));
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
    const entry = this.#index.get(time) ?? 0;
    const isInFirst = typeof entry !== 'number';
    for (let partition = 0; partition < partitionsOf(entry); partition++) {
      const chunks = this.#chunksOf(isInFirst ? 0 : partition);
      let chunk = 0;
      while (chunks.remove(isInFirst ? [time, partition, chunk] : [time, chunk])) chunk += 1;
    }
    this.#index.remove(time);
  }

  /** The chunks of a partition come in order; the last one has fewer than `chunkLength` elements, and may be empty if it is not the first. */
  write(time: Time, partition: number, chunk: number, values: readonly T[]): void {
    this.#chunksOf(partition).put([time, chunk], values);
  }

  finish(time: Time, partitions: number): void {
    this.#index.put(time, partitions);
  }

  emit(time: Time, partition: number, emit: Emit<T>): void {
    const chunks = this.#chunksOf(partition);
    let values: readonly T[];
    let chunk = 0;
    do {
      values = chunks.get([time, chunk]) ?? this.#otherChunk(time, partition, chunk);
      for (const value of values) emit(value);
      chunk += 1;
    } while (values.length === chunkLength);
  }

  /** What stands for a chunk that is not in the table of its partition. */
  #otherChunk(time: Time, partition: number, chunk: number): readonly T[] {
    const entry = this.#index.get(time);
    if (typeof entry === 'object') {
      // These end by their number, also behind a chunk that is full.
      if (chunk === entry[partition]) return [];
      const values = this.#chunksOf(0).get([time, partition, chunk]);
      if (values !== undefined) return values;
    } else if (entry !== undefined && chunk === 0) return [];
    return raise('STREAM_STATE_OUTDATED', { batch: time });
  }
}

function partitionsOf(entry: IndexEntry): number {
  return typeof entry === 'number' ? entry : entry.length;
}

class StoredSlice<T> extends RddNode<T> {
  readonly kind = 'slice';
  readonly partitions: number;
  readonly parents = [];
  readonly #store: SliceStore<T>;
  readonly #time: Time;

  constructor(store: SliceStore<T>, time: Time, partitions: number) {
    super();
    this.#store = store;
    this.#time = time;
    this.partitions = partitions;
  }

  compute(partition: number, emit: Emit<T>): Done {
    this.#store.emit(this.#time, partition, emit);
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
    if (chunks > 0) this.#store.emit(this.#time, partition, emit);
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
    this.#store.finish(this.#time, this.partitions);
  }

  #writeColumns(partition: number, { keys, ids, values }: NumberedColumns<unknown, unknown>): void {
    let chunks = 0;
    // Behind a chunk that is full comes another one, if only an empty one.
    for (let from = 0; ids.length > 0 && from <= ids.length; from += chunkLength) {
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
      this.#store.write(this.#time, partition, chunks, values);
      chunks += 1;
      values = [];
    };
    await this.parents[0].compute(partition, (value) => {
      values.push(value);
      if (values.length === chunkLength) flush();
      emit(value);
    });
    if (chunks > 0 || values.length > 0) flush();
    this.#counts[partition] = chunks;
  }
}

function nowhere(): void {
  // What `complete` computes is only written down.
}
