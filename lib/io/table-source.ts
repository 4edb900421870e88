import type { ColumnarBlock } from './columnar-block.ts';
import type { Offset, OffsetRange } from './offsets.ts';

/** What a batch reads of a source of the structured engine, with what else the source has to know to read the same again. */
export interface TableRange extends OffsetRange {
  /** Names of files and such. Small, and of the kinds that the codec keeps. */
  readonly detail?: unknown;
}

/** Where the next batch may end, and how much there is beyond. */
export interface Available extends TableRange {
  /** The end of what is there now; `until` is less when the source limits batches. */
  readonly latest: Offset;
}

/** A part of a range; with rows where these are at hand and not read. */
export interface RangePart {
  readonly range: TableRange;
  readonly rows?: RowsAtHand;
}

export interface RowsAtHand {
  readonly names: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** Where the first of them stands. */
  readonly first: number;
}

/** What a source remembers from batch to batch, durable with the batch: the names of files that were read. Values are small. */
export interface SourceMemory {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  remove(key: string): void;
  entries(): Iterable<readonly [key: string, value: unknown]>;
}

/**
 * A replayable source of the structured engine: rows by column. The engine calls `open` once, then `available`, `read` and `commit` in
 * batch order, and `close` last. `read` of the same range gives the same rows, also in another process.
 */
export interface TableSource {
  /** As progress shows it: `KafkaV2[Subscribe[topic]]`. */
  readonly description: string;
  /** What it has given is not to be had from it again: lines of a socket. */
  readonly givesOnce?: boolean;
  /** Connects and resolves where to begin: `from` of the checkpoint, or the source's own start when undefined. */
  open(from: Offset | undefined, memory: SourceMemory): Promise<Offset>;
  /** The range that a batch beginning at `from` gets now. `isUnlimited`: everything at once, whatever the options say. */
  available(from: Offset, isUnlimited: boolean): Promise<Available>;
  /** From now on nothing newer than what is there now is available. */
  freeze(): Promise<void>;
  /** The blocks of a range, in order. Ending early is an error, never a short read. What it writes to its memory belongs to the batch. */
  read(range: TableRange): AsyncIterable<ColumnarBlock>;
  /**
   * Cuts what a batch reads into so many parts, which follow each other as in `read`: each is read in a thread of its own, by another source of
   * the same options, which is not opened. A partition stays with its thread from batch to batch. Absent where a range is read as one.
   */
  divide?(range: TableRange, parts: number): readonly RangePart[];
  /** Everything below `until` is durable: it is not asked for again. */
  commit(until: Offset): Promise<void>;
  close(): Promise<void>;
  /** A block without rows, in the form of those that will come: code for it may be made before they do. */
  sample?(): ColumnarBlock;
  /** Resolves when there may be more than before. Without it the source is asked again after a short while. */
  changed?(): Promise<void>;
  /** An offset as progress shows it; as it is when left out. */
  printOffset?(offset: Offset): unknown;
  /** Further numbers for progress. */
  metrics?(range: TableRange, latest: Offset): Readonly<Record<string, string>>;
}

/** An object that is a source by itself: streams that tests feed. Each query that reads it opens it anew. */
export interface OpensTableSource {
  tableSource(): TableSource;
}

export function opensTableSource(object: object): object is OpensTableSource {
  return 'tableSource' in object && typeof object.tableSource === 'function';
}
