/** One entry of the list that a broker adds to a fetch: from `firstOffset` this producer's records were rolled back. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What the filter needs to know of a record batch. */
export interface TransactionalBatch {
  readonly lastOffset: number;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** The batch is the marker that ends a transaction as rolled back. */
  readonly isAbortMarker: boolean;
}

/**
 * Tells which batches of one fetch belong to rolled-back transactions. Ask for every batch, in order.
 *
 * A broker lists transactions in the order in which they ended, not in which they began, and a fetch may begin inside several: so
 * the list is sorted here, every entry that has begun is active at once, and a producer's entry ends at that producer's marker.
 * kafkajs' own filter does neither, and delivers records that were rolled back.
 */
export class AbortedRecords {
  readonly #waiting: AbortedTransaction[];
  readonly #active = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    // Last begins first, so that the next one is taken from the end.
    this.#waiting = [...aborted].toSorted((a, b) => b.firstOffset - a.firstOffset);
  }

  includes(batch: TransactionalBatch): boolean {
    for (;;) {
      const next = this.#waiting.at(-1);
      if (next === undefined || next.firstOffset > batch.lastOffset) break;
      this.#active.add(next.producerId);
      this.#waiting.pop();
    }
    if (batch.isAbortMarker) {
      this.#active.delete(batch.producerId);
      return false;
    }
    return batch.isTransactional && this.#active.has(batch.producerId);
  }
}
