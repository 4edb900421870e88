import type { OperatorFigures } from '../../kernel/operator-figures.ts';
import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import type { RowObject } from './row-objects.ts';
import type { StructType } from '../types/data-type.ts';
import type { OperatorBatch, StatefulOperator } from './physical-operator.ts';
import type { PackedRows } from '../threads/packed-rows.ts';
import type { PartResult } from '../threads/part-result.ts';

/** A source that a compiled plan reads. */
export interface QuerySource {
  /** The id of the `read` node, or `watermark` node for `QueryWatermark`. */
  readonly sourceId: number;
  readonly isStreaming: boolean;
  readonly format: string;
  readonly options: Readonly<Record<string, string>>;
  readonly schema: StructType;
  /** The columns that the plan needs, in the order in which it wants them from `ColumnarBlock.columns`. */
  readonly columns: readonly string[];
  /** Memory streams: the source object itself. */
  readonly source?: object;
}

/** A `withWatermark` node of the plan. */
export interface WatermarkNode {
  readonly column: string;
  readonly delayMs: number;
  /** After so long without a row it no longer holds the watermark back; undefined: never. */
  readonly idleTimeoutMs: number | undefined;
  /** The streaming sources below it. */
  readonly sourceIds: readonly number[];
}

/** Where a row came from: its source, and its place there (topic, partition and offset; file and line; row). */
export interface RowPlace {
  readonly sourceId: number;
  readonly where: Readonly<Record<string, string | number>>;
}

/** Event times seen by one `withWatermark` node since `begin`. */
export interface EventTimes {
  readonly delayMs: number;
  readonly count: number;
  /** Microseconds; undefined while nothing was seen. */
  readonly maxUs: number | undefined;
  readonly minUs: number | undefined;
  readonly averageUs: number | undefined;
  /** The row that had the greatest; undefined where a step between has made it. */
  readonly maxPlace?: RowPlace;
}

/**
 * A plan made ready to run. For each batch: `begin`, `push` for every block of every source (static ones too, first), `finish`. Rows of
 * the result go to the sink given to the compiler, in order.
 */
export interface CompiledQuery {
  readonly output: readonly Attribute[];
  readonly sources: readonly QuerySource[];
  /** Stateful operators, downstream first, as Spark lists them. */
  readonly stateful: readonly StatefulOperator[];
  /** In the order of `eventTimes`. */
  readonly watermarks: readonly WatermarkNode[];
  /**
   * Does before the first batch what does not wait for it: static parts that are the same in all batches, code for blocks such as the
   * samples, which have no rows.
   */
  prepare(
    statics: Iterable<readonly [sourceId: number, block: ColumnarBlock]>,
    samples: ReadonlyMap<number, ColumnarBlock>,
  ): void;
  begin(batch: OperatorBatch): void;
  /** Synchronous; the caller yields to the event loop between blocks. Returns the number of rows. */
  push(sourceId: number, block: ColumnarBlock): number;
  /** The static sides of joins by row, if they are others than when this was last called: for the threads that look rows up in them. */
  tables(): readonly PackedRows[] | undefined;
  /** Takes what another thread made of blocks, in their place. Returns the number of rows. */
  absorb(part: PartResult): number;
  finish(): void;
  /** `finish` step by step: rows come out between the steps. To be gone through to the end, or not begun. */
  steps(): Iterable<undefined>;
  /** One for each `withWatermark` node, after `finish`. */
  eventTimes(): readonly EventTimes[];
  /** Metrics of `observe`, by name, after `finish`. */
  observed(): Readonly<Record<string, RowObject>>;
  /** What each node gave in the batch, after `finish`; undefined unless somebody asked. */
  figures(): readonly OperatorFigures[] | undefined;
  close(): void;
}
