import type { DataFrame, Row } from '../structured/data-frame.ts';
import type { DStream } from '../streaming/dstream.ts';
import type { CompareRecord, ResultRow } from './run-model.ts';
import type { CompareMode, CompareSettings } from './settings.ts';

export type RecordsKind = 'events' | 'retries' | 'halves';

/**
 * One question asked of both engines: a DStream program and a structured query over the same records.
 *
 * Both carry the ids of records along (`records`), beside what they compute: so each row says, by the engine's own work, which records it
 * was made of, and the reasons of differences are read from there.
 */
export interface Pair<T = unknown> {
  readonly name: string;
  readonly title: string;
  /** One sentence: what one will see. */
  readonly summary: string;
  /** What the value of a row is called. */
  readonly measure: string;
  /** The output modes that the query can run in; the first is what it runs in unless told otherwise. */
  readonly modes: readonly CompareMode[];
  /** The settings that make a difference to it, beside those of the records. */
  readonly uses: readonly (keyof CompareSettings)[];
  /** How rows of both results find each other: by label and window, or (sessions have no fixed bounds) by the records in them. */
  readonly rowsMatchBy: 'label' | 'records';
  /** Of records with one key only the first is let through. */
  readonly keepsOne?: boolean;
  /** A row is given once for each result, and does not replace one that was given before. */
  readonly rowsAdd?: boolean;
  /** It works in windows of a fixed length, though its rows do not say in which. */
  readonly hasGrid?: boolean;
  /** Its rows may not say which records they were made of. */
  readonly mayLackRecords?: boolean;
  /** What is to be said of a record that was read in time and is in no row. */
  readonly leftOut?: string;
  /** What `windowMs` is to it, if not a window; in the middle of a sentence. */
  readonly windowLabel?: string;
  /** What has to be known of it to set it, with `windowLabel`. */
  readonly windowHint?: string;
  /** Settings that suit it better than those of all pairs. */
  readonly defaults?: Partial<CompareSettings>;
  /** Which records are made for it: events of users, events that are sent again, or orders and payments. */
  readonly records: RecordsKind;
  /** What a record adds to the value of a row that it is in. */
  readonly amountOf: (record: CompareRecord) => number;
  /** The time of day to which the first batch is aligned, so that windows of both engines can lie side by side. */
  alignMs(settings: CompareSettings): number;
  /** How long after the last record the DStream program may still have something to give. */
  drainMs(settings: CompareSettings): number;
  dstream(events: DStream<CompareRecord>, settings: CompareSettings): DStream<T>;
  /** An element of the DStream's result as a row. */
  dstreamRow(element: T, batchMs: number, settings: CompareSettings): ResultRow;
  /** The query over the columns of `eventColumns`, with its watermark. */
  structured(events: DataFrame, settings: CompareSettings): DataFrame;
  /** What `foreachBatch` does with the result of a batch. */
  eachBatch?(batch: DataFrame, settings: CompareSettings): DataFrame;
  structuredRow(row: Row): ResultRow;
}
