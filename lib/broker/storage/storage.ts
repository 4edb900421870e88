import type { ByteBudget } from '../log/byte-budget.ts';
import { memorySegments } from '../log/memory-segment.ts';
import type { SegmentStore } from '../log/segment.ts';
import { forgetfulMetadata, type MetadataStore } from './metadata-store.ts';

/** Where a broker keeps what it is told: nowhere but in memory, or in a directory. */
export interface Storage {
  readonly metadata: MetadataStore;
  readonly segmentsOf: (topic: string, topicId: string, partition: number) => SegmentStore;
  /** Gives the place free for another broker; everything in it is closed already. */
  close(): void;
}

/** Ends with the broker; records of all topics together stay within the budget. */
export function memoryStorage(budget: ByteBudget): Storage {
  const segments = memorySegments(budget);
  return {
    metadata: forgetfulMetadata,
    segmentsOf: () => segments,
    close() {
      // Nothing is held.
    },
  };
}
