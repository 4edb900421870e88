import { raise } from '../../kernel/errors.ts';
import type { ByteBudget } from './byte-budget.ts';
import { type BatchEntry, type NewBatch, nextEntry, type Segment, type SegmentStore } from './segment.ts';

/** Segments that live as long as the broker; all of them together stay within one budget. */
export function memorySegments(budget: ByteBudget): SegmentStore {
  return {
    open: () => [],
    create: (baseOffset) => new MemorySegment(baseOffset, budget),
    remove() {
      // Nothing but the segments.
    },
  };
}

class MemorySegment implements Segment {
  readonly baseOffset: number;
  readonly entries: BatchEntry[] = [];
  sizeBytes = 0;
  readonly #budget: ByteBudget;
  #batches: Buffer[] = [];

  constructor(baseOffset: number, budget: ByteBudget) {
    this.baseOffset = baseOffset;
    this.#budget = budget;
  }

  append(batch: NewBatch): void {
    if (!this.#budget.take(batch.bytes.length)) raise('BROKER_MEMORY_FULL', { limit: this.#budget.limitBytes });
    this.entries.push(nextEntry(this.entries, batch));
    this.#batches.push(batch.bytes);
    this.sizeBytes += batch.bytes.length;
  }

  read(from: number, until: number): Buffer[] {
    return this.#batches.slice(from, until);
  }

  close(): void {
    this.#budget.release(this.sizeBytes);
    this.#batches = [];
    this.entries.length = 0;
    this.sizeBytes = 0;
  }

  remove(): void {
    this.close();
  }
}
