import type { TransactionOutcome } from '../protocol/record-batch.ts';
import { firstIndex } from './segment.ts';

/** A transaction of which a reader of committed records must leave out the records. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** The offset of the abort marker. */
  readonly lastOffset: number;
}

/** The transactions of one partition: those under way, and those aborted in order of completion, as Kafka lists them. */
export class TransactionIndex {
  /** In order of begin, so the first entry bounds the last stable offset. */
  readonly #firstOffsets = new Map<number, number>();
  #aborted: AbortedTransaction[] = [];

  /** The first offset whose transaction is not decided; undefined when all are. */
  get firstUnstableOffset(): number | undefined {
    return this.#firstOffsets.values().next().value;
  }

  get openProducerIds(): readonly number[] {
    return [...this.#firstOffsets.keys()];
  }

  begin(producerId: number, offset: number): void {
    if (!this.#firstOffsets.has(producerId)) this.#firstOffsets.set(producerId, offset);
  }

  end(producerId: number, outcome: TransactionOutcome, markerOffset: number): void {
    const firstOffset = this.#firstOffsets.get(producerId);
    this.#firstOffsets.delete(producerId);
    if (outcome === 'abort' && firstOffset !== undefined) {
      this.#aborted.push({ producerId, firstOffset, lastOffset: markerOffset });
    }
  }

  /** Aborted transactions that have records in `[from, until)`; an empty range has none. */
  abortedIn(from: number, until: number): AbortedTransaction[] {
    if (until <= from) return [];
    const first = firstIndex(this.#aborted, (transaction) => transaction.lastOffset >= from);
    return this.#aborted.slice(first).filter((transaction) => transaction.firstOffset < until);
  }

  /** Forgets what lies wholly before the start of the log. */
  forgetBefore(startOffset: number): void {
    const first = firstIndex(this.#aborted, (transaction) => transaction.lastOffset >= startOffset);
    if (first > 0) this.#aborted = this.#aborted.slice(first);
  }
}
