/** Next position to read, by partition. The key of a Kafka partition is `topic-partition`. */
export type Offset = Readonly<Record<string, number>>;

/** What one batch reads of one source: `from` <= position < `until`, by partition. */
export interface OffsetRange {
  readonly from: Offset;
  readonly until: Offset;
}
