import type { OperatorId } from '../kernel/operator-id.ts';

/** A block of an input, by number: 0, 1, 2 ... in the order in which they were received. */
export interface ReceivedBlock {
  readonly number: number;
  readonly records: number;
  readonly bytes: Uint8Array;
}

/**
 * The write-ahead log of receivers: what came from outside and cannot be asked for again. A block counts as received when `append`
 * has returned, and is held until it is dropped, across restarts.
 */
export interface ReceivedLog {
  /** Makes blocks durable, all or none. */
  append(input: OperatorId, blocks: readonly ReceivedBlock[]): void;
  /** What is held of an input, in order of number. */
  list(input: OperatorId): readonly Omit<ReceivedBlock, 'bytes'>[];
  read(input: OperatorId, number: number): Uint8Array | undefined;
  /** Forgets the blocks below a number. */
  dropBelow(input: OperatorId, number: number): void;
}
