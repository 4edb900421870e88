import type { PlainError } from '../../kernel/plain-error.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { PackedBlock } from './packed-block.ts';
import type { TopicPartition } from './partition-key.ts';

/** What the reader needs to know once; it is cloned into the thread. */
export interface ReaderOptions extends ConnectionOptions {
  readonly readCommitted: boolean;
  readonly failOnDataLoss: boolean;
  /** Bytes that may be read and not yet consumed, over all partitions. */
  readonly maxBufferedBytes: number;
  readonly maxRecordBytes: number;
}

/** One partition's part of a planned range. */
export interface ReadOrder extends TopicPartition {
  readonly from: number;
  readonly until: number;
  /** Counts the jumps of this partition: a new number says that what was read ahead is not wanted. */
  readonly generation: number;
}

/** Engine to reader. */
export type ToReader =
  | { readonly kind: 'read'; readonly orders: readonly ReadOrder[] }
  /** The consumer of this partition waits for its next block. */
  | { readonly kind: 'want'; readonly key: string }
  /** Blocks were consumed or dropped: this much may be read again. */
  | {
      readonly kind: 'credit';
      readonly sizeBytes: number;
      /** What they were read into, where nobody looks at it any more: the bytes, and the columns over them. */
      readonly memory: readonly ArrayBuffer[];
    }
  | { readonly kind: 'close' };

/** Reader to engine. */
export type FromReader =
  | { readonly kind: 'block'; readonly key: string; readonly generation: number; readonly block: PackedBlock }
  | { readonly kind: 'failed'; readonly key: string; readonly generation: number; readonly error: PlainError }
  | { readonly kind: 'warning'; readonly text: string };
