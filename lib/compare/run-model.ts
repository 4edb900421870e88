import type { CompareSettings } from './settings.ts';

/** The two engines that a comparison runs; keys of everything that exists once for each. */
export type EngineName = 'dstream' | 'structured';

/** One record of a comparison, as both engines read it. Times are milliseconds since the epoch. */
export interface CompareRecord {
  /** Its place among the records, from 0; what rows carry in `records`. */
  readonly id: number;
  readonly key: string;
  readonly value: number;
  /** Which of two streams it belongs to; only a join looks at it. */
  readonly stream: 'left' | 'right';
  readonly eventMs: number;
  /** When it could first be read: what DStreams call its time. */
  readonly arrivalMs: number;
  readonly partition: number;
}

/** Half open, milliseconds. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A row of a result, with the records that the engine made it of. */
export interface ResultRow {
  /** What the row is about, without its window: a key, a pair of records. */
  readonly label: string;
  readonly window?: TimeSpan;
  /** What is compared. */
  readonly value: number;
  /** Place among the rows of its window, from 1, where the program ranks. */
  readonly rank?: number;
  /** Ids of the records in it, ascending. */
  readonly records: readonly number[];
}

/** A batch as the engine reported it. */
export interface RunBatch {
  /** Structured: the batch id. DStream: the number of the batch, from 1. */
  readonly number: number;
  /** DStream: the batch time. Structured: when the trigger fired. */
  readonly timeMs: number;
  /** Ids of the records in its offset ranges. */
  readonly records: readonly number[];
  /** In force during the batch: what it has passed is put out and forgotten. Absent for DStreams and before the first event. */
  readonly watermarkMs?: number;
  /** The watermark of the batch before, by which rows are late. */
  readonly lateWatermarkMs?: number;
  /** Rows that the engine counted as late. */
  readonly lateRows: number;
  /** Stands for time in which the program was down. */
  readonly isCatchUp: boolean;
  /** After the closing record, which is not part of the comparison. */
  readonly isAfterEnd: boolean;
  /** What it put out. */
  readonly rows: readonly ResultRow[];
}

/** What one engine did from start to end. */
export interface EngineRun {
  readonly batches: readonly RunBatch[];
}

/** One side of a compared row: the last value that the engine gave it. */
export interface SideRow {
  readonly row: ResultRow;
  /** Number of the batch that gave it last. */
  readonly batch: number;
  readonly timeMs: number;
  /** The engine still holds it back: it came out only after the closing record. */
  readonly isWaiting: boolean;
}

/**
 * - `same`: same value, of the same records.
 * - `by-chance`: same value, of other records.
 * - `differs`: another value, another rank, or missing on one side.
 */
export type RowStatus = 'same' | 'by-chance' | 'differs';

export interface ComparedRow {
  /** Unique within the comparison. */
  readonly id: string;
  readonly label: string;
  readonly window?: TimeSpan;
  readonly dstream?: SideRow;
  readonly structured?: SideRow;
  readonly status: RowStatus;
  readonly reasons: readonly Reason[];
}

/** The batch in which an engine read a record. */
interface ReadIn {
  readonly batch: number;
  readonly timeMs: number;
  /** The window that the record was in there, where rows do not name theirs. */
  readonly within?: TimeSpan;
}

/** What an engine did with one record, seen from one row. */
export type Fate =
  /** In this row. */
  | ({ readonly kind: 'here' } & ReadIn)
  /** In other rows. */
  | ({ readonly kind: 'elsewhere'; readonly rows: readonly Pick<ResultRow, 'label' | 'window'>[] } & ReadIn)
  /** Dropped: the watermark had passed it. */
  | ({
      readonly kind: 'late';
      readonly watermarkMs: number;
      /** How far the record's event time was behind the watermark. */
      readonly lateMs: number;
    } & ReadIn)
  /** Dropped: another record of the same key was there before. */
  | ({ readonly kind: 'duplicate'; readonly of?: number } & ReadIn)
  /** Read in time, and in no row. */
  | ({ readonly kind: 'nowhere'; readonly what: string } & ReadIn)
  /** In no batch before the end. */
  | { readonly kind: 'unread' };

/** Why a row differs: one record that one engine has in it and the other has not. */
export interface Reason {
  readonly record: number;
  /** The row that it is in or out of: the row explained, or with ranks one that stands before it on one side only. */
  readonly about: string;
  /** The engine that has it in that row. */
  readonly counted: EngineName;
  /** What it adds to that row's value there. */
  readonly amount: number;
  readonly dstream: Fate;
  readonly structured: Fate;
}

/** A whole comparison: the report in the terminal, the JSON and the page are three views of it. */
export interface RunModel {
  readonly v: 1;
  readonly pair: string;
  readonly title: string;
  readonly settings: CompareSettings;
  /** What the value of a row is called. */
  readonly measure: string;
  readonly span: TimeSpan;
  /** The time in which both programs were down. */
  readonly restart?: TimeSpan;
  readonly records: readonly CompareRecord[];
  /** What became of each record, by id. */
  readonly fates: readonly Readonly<Record<EngineName, Fate>>[];
  readonly dstream: EngineRun;
  readonly structured: EngineRun;
  /** Rows are given once for each result and add up, instead of replacing one another. */
  readonly rowsAdd: boolean;
  /** Windows of a fixed length that the rows do not name. */
  readonly hasGrid: boolean;
  /** The settings that make a difference to the pair, beside those of the records. */
  readonly uses: readonly (keyof CompareSettings)[];
  /** What `windowMs` is to the pair, if not a window; in the middle of a sentence. */
  readonly windowLabel?: string;
  /** Rows that belong together under different identities: DStream's to structured's. */
  readonly matched: Readonly<Record<string, string>>;
  readonly rows: readonly ComparedRow[];
  readonly verdict: Verdict;
  /** What else is to be known of the result. */
  readonly notes: readonly string[];
}

export interface Verdict {
  readonly isSame: boolean;
  readonly differing: number;
  readonly byChance: number;
  /** Rows that structured still holds back. */
  readonly waiting: number;
  /** Rows that the structured engine counted as late. */
  readonly lateRows: number;
}
