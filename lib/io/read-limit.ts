/** How much one batch may take. Absent means without limit. */
export interface ReadLimit {
  /** Records for the whole source, shared out over partitions by their lag. */
  readonly maxRecords?: number;
  /** Records for each partition: the same for all, or by the partition's name. */
  readonly maxRecordsPerPartition?: number | ((partition: string) => number | undefined);
  /** What a partition's share of `maxRecords` comes down to at the least; 1. */
  readonly minRecordsPerPartition?: number;
}
