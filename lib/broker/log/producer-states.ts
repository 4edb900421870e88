import type { BatchHeader } from '../protocol/record-batch.ts';
import { KafkaError } from '../protocol/error-codes.ts';

/** Batches per producer whose repetition is recognized, as in Kafka: what a client may have in flight. */
const windowSize = 5;
const maxSequence = 0x7fffffff;

interface AppendedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly maxTimestamp: number;
}

interface ProducerState {
  epoch: number;
  readonly recent: AppendedBatch[];
}

export type SequenceVerdict =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly baseOffset: number; readonly maxTimestamp: number }
  | { readonly kind: 'refuse'; readonly error: number };

/**
 * The sequence numbers of idempotent producers in one partition.
 *
 * `check` first, then `record` once the batch is in the log. A producer that is not known may begin with any number: its earlier
 * batches may have been removed by retention.
 */
export class ProducerStates {
  readonly #producers = new Map<number, ProducerState>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  check(batch: BatchHeader): SequenceVerdict {
    const known = this.#producers.get(batch.producerId);
    if (known === undefined) return { kind: 'append' };
    if (batch.producerEpoch < known.epoch) return { kind: 'refuse', error: KafkaError.invalidProducerEpoch };
    const sameEpoch = batch.producerEpoch === known.epoch;
    const lastSequence = sequenceAfter(batch.baseSequence, batch.lastOffsetDelta);
    const repeated = known.recent.find(
      (earlier) => sameEpoch && earlier.firstSequence === batch.baseSequence && earlier.lastSequence === lastSequence,
    );
    if (repeated !== undefined) {
      const { baseOffset, maxTimestamp } = repeated;
      return { kind: 'duplicate', baseOffset, maxTimestamp };
    }
    const last = sameEpoch ? known.recent.at(-1)?.lastSequence : undefined;
    const expected = last === undefined ? 0 : sequenceAfter(last, 1);
    return batch.baseSequence === expected
      ? { kind: 'append' }
      : { kind: 'refuse', error: KafkaError.outOfOrderSequence };
  }

  record(batch: BatchHeader, baseOffset: number): void {
    const state = this.#at(batch.producerId, batch.producerEpoch);
    if (state.recent.length === windowSize) state.recent.shift();
    state.recent.push({
      firstSequence: batch.baseSequence,
      lastSequence: sequenceAfter(batch.baseSequence, batch.lastOffsetDelta),
      baseOffset,
      maxTimestamp: batch.maxTimestamp,
    });
  }

  /** A marker fences older epochs even where the producer wrote nothing. */
  recordMarker(producerId: number, epoch: number): void {
    this.#at(producerId, epoch);
  }

  epochOf(producerId: number): number | undefined {
    return this.#producers.get(producerId)?.epoch;
  }

  #at(producerId: number, epoch: number): ProducerState {
    const known = this.#producers.get(producerId);
    if (known !== undefined) {
      if (epoch > known.epoch) known.recent.length = 0;
      known.epoch = Math.max(epoch, known.epoch);
      return known;
    }
    const oldest = this.#producers.size >= this.#limit ? this.#producers.keys().next().value : undefined;
    if (oldest !== undefined) this.#producers.delete(oldest);
    const state: ProducerState = { epoch, recent: [] };
    this.#producers.set(producerId, state);
    return state;
  }
}

/** Sequence numbers start again at 0 after 2^31 - 1. */
function sequenceAfter(sequence: number, count: number): number {
  return (sequence + count) % (maxSequence + 1);
}
