import type { Emit } from '../kernel/evaluation.ts';
import type { Offset, OffsetRange } from './offsets.ts';
import type { ReadLimit } from './read-limit.ts';
import type { TextRows } from './text-rows.ts';

/** Records packed together (bytes and columns). A record object exists only while an operator asks for it. */
export interface RecordBlock<R> {
  readonly count: number;
  /** Memory that the block keeps alive. */
  readonly sizeBytes: number;
  /** Emits every record in order. May be called again. An error of `emit` leaves with the record's position in its `where`. */
  forEach(emit: Emit<R>): void;
  /** The records as texts in bytes; undefined where their texts are not simply the bytes that the source read. */
  texts?(): TextRows<R> | undefined;
  /**
   * Says that the block is not asked again and that no view of its bytes was kept: the source may read into them anew. Once, or never.
   */
  release?(): void;
}

/** Where a batch may end, and as far as the source knows where its partitions end: the rest is its lag. */
export interface SourceEnd extends OffsetRange {
  readonly latest?: Offset;
}

/** One partition's part of a range, to be read once, in order. */
export interface PartitionRead<R> {
  readonly partition: string;
  readonly from: number;
  readonly until: number;
  /** The blocks of `[from, until)`, read ahead within the source's byte budget. Ending early is an error, never a short read. */
  blocks(): AsyncIterable<RecordBlock<R>>;
}

/**
 * A replayable input. The engine calls `open` once, then `latestOffset`, `read` and `commit` in batch order, and `close` last.
 *
 * - `read` of the same range gives the same records, also in another process: recovery relies on it.
 * - Every call ends within the source's own deadline, with a result or a coded error.
 */
export interface Source<R = unknown> {
  /** Unique within the application: ranges are recorded under it. */
  readonly name: string;
  readonly replayable: boolean;
  /** `read` may be called without `open`, by several of the same source in several threads, each for partitions of its own. */
  readonly readsApart?: boolean;
  /**
   * Begins what needs no position, threads and connections, while the engine does something else; `open` or `close` follows. What goes wrong is
   * told by `open`.
   */
  prepare?(): void;
  /** Connects and resolves where to begin: `from` of the checkpoint, or the source's own starting offsets when undefined. */
  open(from: Offset | undefined): Promise<Offset>;
  /** May begin to read at `from`, where the first batch will begin, before that is planned. After `open`; what goes wrong is told by `read`. */
  readAhead?(from: Offset): void;
  /** Where a batch that begins at `from` may end now: never before `from`, within the limit. New partitions appear with their first offset in `from`. */
  latestOffset(from: Offset, limit: ReadLimit): Promise<SourceEnd>;
  /** One read for each partition of the range, in the order of its keys; also for those that are empty. */
  read(range: OffsetRange): readonly PartitionRead<R>[];
  /** Everything below `until` is durable: the engine will not ask for it again. For group offsets and such; may do nothing. */
  commit(until: Offset): Promise<void>;
  close(): Promise<void>;
}
