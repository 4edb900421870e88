import type { ErrorCode } from '../../kernel/error-catalogue.ts';
import { type ErrorWhere, messageOf, MillraceError } from '../../kernel/errors.ts';
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
      /** What they were read into, where nobody looks at it any more. */
      readonly memory: ArrayBuffer | undefined;
    }
  | { readonly kind: 'close' };

/** Reader to engine. */
export type FromReader =
  | { readonly kind: 'block'; readonly key: string; readonly generation: number; readonly block: PackedBlock }
  | { readonly kind: 'failed'; readonly key: string; readonly generation: number; readonly error: PlainError }
  | { readonly kind: 'warning'; readonly text: string };

/** A coded error as it crosses threads: classes do not. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, unknown>>;
  readonly where: ErrorWhere | undefined;
  readonly cause: string | undefined;
}

export function toPlain(error: unknown): PlainError {
  if (error instanceof MillraceError) {
    const { code, params, where, cause } = error;
    return { code, params, where, cause: cause === undefined ? undefined : messageOf(cause) };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'INTERNAL_INVARIANT', params: { what: messageOf(error) }, where: undefined, cause: text };
}

export function fromPlain({ code, params, where, cause }: PlainError): MillraceError {
  return new MillraceError(code, params, {
    ...(where === undefined ? {} : { where }),
    ...(cause === undefined ? {} : { cause }),
  });
}
