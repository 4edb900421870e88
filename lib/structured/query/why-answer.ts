import type { WatermarkMove } from './batch-history.ts';

/** The record, or the silence, that moved the watermark past the end of a window. */
export interface WhyMove extends WatermarkMove {
  readonly batchId: number;
  /** Where the watermark was from then on. Milliseconds. */
  readonly watermarkMs: number;
}

/** What still has to come before a window closes. */
interface WhyWaiting {
  readonly column: string;
  /** Names of the sources that it may come from. */
  readonly sources: readonly string[];
  /** An event of this time or later. Microseconds. */
  readonly eventTimeUs: number;
}

/** One window of one step. Times in microseconds. */
export interface WindowAnswer {
  readonly operator: string;
  /** Null where groups go by the event time itself. */
  readonly startUs: number | null;
  readonly endUs: number;
  /** `open`: rows of it are taken. `due`: the watermark has reached its end, the next batch closes it. `closed`: rows of it are late. */
  readonly state: 'open' | 'due' | 'closed';
  /** Groups in state; of a closed window those that were finished. */
  readonly groups: number;
  /** When it was closed and, in append mode, its groups were given out; undefined where that is longer ago than is known. */
  readonly closedInBatch?: number;
  readonly closedBy?: WhyMove;
  /** Rows that came too late for it, by batch. */
  readonly late: readonly { readonly batchId: number; readonly rows: number }[];
  /** Of an open window: an event of each of these has to come, and one batch. */
  readonly waitsFor: readonly WhyWaiting[];
  readonly text: string;
}

/** A key of a step with state. */
export interface KeyAnswer {
  readonly operator: string;
  /** Without the window. */
  readonly key: Readonly<Record<string, unknown>>;
  /** Of steps with windows or sessions. Microseconds. */
  readonly startUs?: number | null;
  readonly endUs?: number;
  readonly isInState: boolean;
  /** The batch since which it has been there without a break, where that is still known. */
  readonly sinceBatch?: number;
  /** It leaves the state when the watermark reaches this; null: no watermark removes it. Microseconds. */
  readonly leavesAtUs?: number | null;
  /** Rows that a join keeps of it, and how many of them have matched. */
  readonly rows?: Readonly<Record<'left' | 'right', { readonly kept: number; readonly matched: number }>>;
  /** When the program is called for it without a row. */
  readonly timersMs?: readonly number[];
  /** State variables of the program that have something for it. */
  readonly variables?: readonly string[];
  /** Of a closed window: the batch that finished this very group, where that is still known. */
  readonly finishedInBatch?: number;
  readonly text: string;
}

/** A step with state that has no windows which a watermark closes. */
export interface StepAnswer {
  readonly operator: string;
  /** Spark's name of the step. */
  readonly name: string;
  /** What it keeps: groups, keys, or rows of a join. */
  readonly kept: number;
  /** The least watermark at which something of it leaves; null: nothing ever does by a watermark. Microseconds. */
  readonly nextLeavesAtUs?: number | null;
  readonly text: string;
}

/** What became of one record at one step with state. */
export interface RecordStep {
  readonly operator: string;
  /**
   * `counted`: it is part of the state of its key. `passed`: it was the first of its key, or one of the first rows, and went on. `late`,
   * `duplicate`, `unmatched`: dropped, or without a partner for good. `unknown`: what decides it is not kept any more.
   */
  readonly outcome: 'counted' | 'passed' | 'late' | 'duplicate' | 'unmatched' | 'unknown';
  readonly key: Readonly<Record<string, unknown>>;
  /** Its event time, or the end of its window. Microseconds. */
  readonly timeUs?: number;
  /** Of a late one: what it was judged by, and by how much it came too late. */
  readonly lateWatermarkMs?: number;
  readonly lateByMs?: number;
  readonly side?: 'left' | 'right';
  /** Whether the join gives rows of its side without a match, too. */
  readonly isPadded?: boolean;
  readonly window?: WindowAnswer;
  readonly state?: KeyAnswer;
  readonly text: string;
}

export interface RecordAnswer {
  /** The source that has it, as ranges are recorded under. */
  readonly source: string;
  readonly partition: string;
  readonly offset: number;
  /** Whether a committed batch has read it. */
  readonly isRead: boolean;
  /** Which one, where that is still known. */
  readonly batchId?: number;
  /** What its late rows were judged by. Milliseconds. */
  readonly lateWatermarkMs?: number;
  /** Rows of that batch that came too late, by step and window. Undefined where that is longer ago than is known, or there is no watermark. */
  readonly late?: readonly {
    readonly operator: string;
    /** Null where rows go by the event time itself. Microseconds. */
    readonly startUs: number | null;
    readonly endUs: number;
    readonly rows: number;
  }[];
  /** It moved the watermark to here. Milliseconds. */
  readonly movedTo?: number;
  /** What became of the record itself, step by step, in the order in which it came there. */
  readonly steps?: readonly RecordStep[];
  /** Rows that it gave at once, where no step with state holds anything back. */
  readonly outputRows?: number;
  /** The step that let nothing of it through. */
  readonly endedAt?: string;
  /** Why there are no `steps`. */
  readonly missing?: { readonly code: string; readonly message: string };
  readonly text: string;
}

/** Why there is, or is not, output for a window, a key or a record. */
export interface WhyAnswer {
  /** Of the next batch. Milliseconds. */
  readonly watermarkMs: number;
  readonly windows: readonly WindowAnswer[];
  readonly keys: readonly KeyAnswer[];
  readonly steps: readonly StepAnswer[];
  readonly records: readonly RecordAnswer[];
  /** Everything as lines for people. */
  readonly text: string;
}
