import type { StateStore } from '../../store/state-store.ts';
import type { InternalRow, Long } from '../types/data-type.ts';
import type { EvaluationContext } from '../functions/define-function.ts';
import type { WindowCount } from './window-counts.ts';
import type { OutputMode } from '../plan/user-programs.ts';

/** Takes rows one after the other. A row belongs to whoever gets it. */
export type RowSink = (row: InternalRow) => void;

/** What a batch is, for the operators of a query. */
export interface OperatorBatch {
  readonly batchId: number;
  /** Microseconds; in force during this batch. Undefined when the query has no watermark. */
  readonly watermarkUs: number | undefined;
  /** What the late filters judge by: the watermark of the batch before when several operators keep state, else the same. */
  readonly lateWatermarkUs: number | undefined;
  readonly processingTimeMs: number;
}

/** Fixed for the life of a started query. */
export interface OperatorSetup {
  readonly store: StateStore;
  readonly mode: OutputMode;
  readonly context: EvaluationContext;
  /** `spark.sql.ansi.enabled` and `spark.sql.session.timeZone`, as the query was started with. */
  readonly ansi: boolean;
  readonly timeZone: string;
  /** False where `eval` is forbidden, or when the user asks for it: expressions are then interpreted. */
  readonly mayGenerate: boolean;
  /** Takes rows that are late, in the columns of `lateColumns`, when the query gives them to somebody. */
  readonly late?: RowSink;
  /** Whether it takes any more in this batch; always, where it is absent. */
  readonly wantsLate?: () => boolean;
  /**
   * Steps with state tell what becomes of each row. Such a plan is only looked at: programs of users with state are not called, joins
   * of streams give nothing, and groups go on at once, whatever the watermark.
   */
  readonly trace?: (row: TracedRow) => void;
}

/** What became of a row at a step with state. */
export interface TracedRow {
  readonly operator: string;
  readonly key: InternalRow;
  /** `duplicate`: its key was there. `unmatched`: no row of a join's other side can go with it. */
  readonly outcome: 'late' | 'taken' | 'duplicate' | 'unmatched';
  /** By which it is late: its event time, or the end of its window, and that one's start. Microseconds. */
  readonly timeUs: Long | null;
  readonly startUs: Long | null;
  /** What late rows of the step were judged by. */
  readonly lateWatermarkUs: number | undefined;
  /** Of a join. */
  readonly side?: 'left' | 'right';
}

/**
 * One physical operator of a started query, at its place in the tree. A batch is: `begin`, then the rows of its inputs through
 * `input(i)`, then `finish`, which gives what could only be given at the end (aggregates, evicted windows, timed-out keys). The
 * query calls `begin` from the sinks up and `finish` from the sources down, so that an operator has all rows before it finishes.
 */
export interface PhysicalOperator {
  begin(batch: OperatorBatch): void;
  /** Where its i-th child sends rows to. */
  input(index: number): RowSink;
  finish(): void;
  /** Only operators that keep state. */
  readonly state?: StatefulOperator;
}

/** What progress tells about an operator that keeps state, and what decides whether a no-data batch runs. */
export interface StatefulOperator {
  /** Spark's name: `stateStoreSave`, `dedupe`, `symmetricHashJoin`, `sessionWindowStateStoreSave`, ... */
  readonly name: string;
  /** Stable within the query, for the checkpoint. */
  readonly id: string;
  /** What it keeps, for the checkpoint's description and for state readers. */
  readonly shape: StateShape;
  /** After `finish`. */
  metrics(): StateMetrics;
  /** After `finish`: the windows that the batch has finished, with their groups, and those that rows came too late for, with the rows. */
  windows(): { readonly closed: readonly WindowCount[]; readonly late: readonly WindowCount[] };
  /** Whether it could give or drop something if the watermark moved from the batch's to this one. */
  wantsBatch(watermarkUs: number, processingTimeMs: number): boolean;
}

/** Columns of an operator's state. Names may change from one start to the next, types may not. */
export interface StateShape {
  readonly keys: readonly StateColumn[];
  readonly values: readonly StateColumn[];
  /** What a reader of the state has to know beside the columns. */
  readonly layout?: StoredLayout;
  /** Where the windows are that the watermark closes; left out where it closes none. */
  readonly windows?: StateWindows;
  /** How much the query's watermark has to be beyond a time before it counts here, behind a join that holds rows back; else absent. */
  readonly lagUs?: number;
}

/** How an operator keeps its values, for readers of its state; recorded in the checkpoint. */
export type StoredLayout =
  /** Buffers of aggregates, and which columns they are. */
  | { readonly kind: 'buffer'; readonly columns: readonly BufferColumn[] }
  /** A join: so many of the value columns are the left side's. Checkpoints of the first versions have no more than that. */
  | {
      readonly kind: 'sides';
      readonly leftColumns: number;
      readonly how?: string;
      readonly left?: StoredExpiry;
      readonly right?: StoredExpiry;
    }
  | { readonly kind: 'groupState'; readonly hasTimeout: boolean; readonly timeout?: string }
  | {
      readonly kind: 'processor';
      readonly timeMode: string;
      readonly outputMode: string;
      readonly variables: readonly ProcessorVariable[];
    };

/** Rows of a side leave when the watermark has reached the time in one of their values, or of the key's, less a shift. */
export interface StoredExpiry {
  readonly of: 'row' | 'key';
  readonly at: number;
  readonly shiftUs: number;
}

/** A column made of a place of a buffer. */
export interface BufferColumn extends StateColumn {
  readonly at: number;
  /** The value as it is, whether there is none, or JSON of it. */
  readonly form: 'value' | 'isEmpty' | 'json';
}

/** A state variable of a processor; types as SQL text. */
export interface ProcessorVariable {
  readonly name: string;
  readonly kind: 'value' | 'list' | 'map';
  readonly valueType: string;
  /** Of a map. */
  readonly keyType?: string;
  readonly hasTtl: boolean;
}

/** A table of state whose keys, or values, belong to windows. */
export interface StateWindows {
  readonly table: string;
  /** `key`: a value of the key is the window `[start, end)`; `time`: it is the event time; `sessions`: the value is a list of `[start, end, ...]`. */
  readonly kind: 'key' | 'time' | 'sessions';
  /** Which value of the key. */
  readonly at: number;
  /** How much the watermark has to be beyond the end, behind a join that holds rows back. */
  readonly lagUs: number;
}

/** A column of state: its name for people, and its type as `typeText` prints it. */
export interface StateColumn {
  readonly name: string;
  readonly type: string;
}

export interface StateMetrics {
  readonly rowsTotal: number;
  readonly rowsUpdated: number;
  readonly rowsRemoved: number;
  /** As Spark counts: after the partial aggregation of the batch. */
  readonly rowsDroppedByWatermark: number;
  /** Each late input row once. */
  readonly lateRows: number;
  /** What left the state because its time had come, and the bytes that it held. */
  readonly rowsEvicted: number;
  readonly bytesEvicted: number;
  /** The operator's own, in force in the batch; undefined when the query has none. */
  readonly watermarkUs: number | undefined;
  readonly lateWatermarkUs: number | undefined;
  readonly memoryUsedBytes: number;
  readonly customMetrics: Readonly<Record<string, number>>;
}
