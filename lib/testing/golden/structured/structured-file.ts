/** A recorded case of a structured golden file: the query, what it was fed, and every batch that real Spark ran. */
export interface StructuredCase {
  readonly name: string;
  readonly sparkQuirk?: boolean;
  readonly query: { readonly ts?: string | null; readonly tsWhyNot?: string };
  /** Columns of each source as DDL text, or `RAW`. */
  readonly sources: Readonly<Record<string, string>>;
  readonly conf?: Readonly<Record<string, string>>;
  readonly inputs: readonly InputStep[];
  readonly outputMode: string;
  readonly schema?: readonly { readonly name: string; readonly type: string }[];
  readonly batches: readonly RecordedBatch[];
  /** How its state was read when it had ended. */
  readonly reads?: readonly RecordedRead[];
  readonly ordered?: boolean;
  readonly error?: RecordedError;
  /** Said where times of batches decide: then ids of batches are no part of what is compared. */
  readonly timing?: string;
}

/** A table of state: columns, and rows as the texts that casts give, or the error. */
export interface RecordedRead {
  /** `statestore` unless it is said. */
  readonly format?: string;
  readonly options: Readonly<Record<string, string>>;
  /** Expressions that stand for the columns. */
  readonly select?: readonly string[];
  /** Why we answer otherwise: it is not compared. */
  readonly differs?: string;
  readonly schema?: readonly { readonly name: string; readonly type: string }[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly error?: RecordedError;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

export type InputStep =
  | Rows
  | { readonly $restart: true }
  | { readonly $sleep: number }
  | Readonly<Record<string, Rows>>;

export interface RecordedBatch {
  readonly batchId?: number;
  readonly step: number;
  readonly numInputRows: number;
  readonly watermark: string | null;
  readonly output: Rows;
  readonly state: RecordedState | null;
  readonly operator?: string;
  readonly operators?: readonly (RecordedState & { readonly operator: string })[];
  readonly eventTime?: Readonly<Record<string, string>>;
}

interface RecordedState {
  readonly total: number;
  readonly updated?: number;
  readonly removed?: number;
  readonly dropped: number;
  readonly droppedDuplicates?: number;
}

interface RecordedError {
  readonly at: string;
  readonly step?: number;
  readonly errorClass?: string;
  readonly chain?: readonly { readonly exception: string; readonly errorClass?: string }[];
  readonly cause?: readonly string[];
}

/** A query that was tried for its outcome only. */
export interface OutcomeCase {
  readonly name: string;
  readonly sparkQuirk?: boolean;
  readonly query: { readonly ts?: string | null; readonly tsWhyNot?: string };
  readonly conf?: Readonly<Record<string, string>>;
  readonly outputMode: string | null;
  readonly outcome: 'accepted' | 'rejected';
  readonly error?: RecordedError;
}

export interface StructuredGoldenFile {
  readonly topic: string;
  readonly session?: { readonly timeZone?: string; readonly ansi?: boolean; readonly shufflePartitions?: number };
  /** Files of outcomes feed all cases with the same. */
  readonly sources?: Readonly<Record<string, string>>;
  readonly inputs?: readonly InputStep[];
  readonly cases: readonly (StructuredCase | OutcomeCase)[];
}

export function isOutcomeCase(one: StructuredCase | OutcomeCase): one is OutcomeCase {
  return 'outcome' in one;
}
