/** How much one batch may take. Absent means without limit. */
export interface ReadLimit {
  /** Records for the whole source, shared out over partitions by their lag. */
  readonly maxRecords?: number;
  /** Records for each partition. */
  readonly maxRecordsPerPartition?: number;
}
