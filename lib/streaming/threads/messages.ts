import type { ThreadLine } from '../../io/host.ts';
import type { OffsetRange } from '../../io/offsets.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import type { PlainError } from '../../kernel/plain-error.ts';
import type { Time } from '../../kernel/time.ts';
import type { Packed } from '../../rdd/packed.ts';

/**
 * What is made of a partition: its elements, or what is left of them where they are combined by key, merged into one, or counted.
 */
type Side = 'elements' | 'combined' | 'reduced' | 'counted';

/** One node of a batch, named so that another thread finds it in the program that it has built itself. */
export interface Stage {
  readonly operator: OperatorId;
  readonly time: Time;
  /** From the RDD of the operator down to the node: which parent at each step. */
  readonly path: readonly number[];
  readonly side: Side;
}

/** What an input gives at a time: of partitions that other threads read nothing. */
export interface InputRange extends OffsetRange {
  readonly input: OperatorId;
  readonly time: Time;
}

/**
 * What a thread numbers the keys of a stage by, as far as it was not said before: the numbers from `from` on. Where that is 0 it has begun
 * anew.
 */
export interface KeyNews {
  /** The thread's own number of the stage. */
  readonly stage: number;
  readonly from: number;
  readonly added: Packed;
}

/** Driver to thread. */
export type ToThread =
  | { readonly kind: 'begin'; readonly zeroTime: Time }
  | {
      readonly kind: 'make';
      readonly request: number;
      readonly stage: Stage;
      readonly partitions: readonly number[];
      readonly ranges: readonly InputRange[];
    }
  /** A batch is over: what was held for it can go. */
  | { readonly kind: 'finish'; readonly time: Time };

/** Thread to driver. */
export type FromThread =
  /** The program is built: what it is, to be compared. */
  | { readonly kind: 'built'; readonly description: string }
  | { readonly kind: 'notBuilt'; readonly reason: string }
  | { readonly kind: 'made'; readonly request: number; readonly partition: number; readonly packed: Packed }
  /** Keys by number, and what was combined of each. */
  | {
      readonly kind: 'combined';
      readonly request: number;
      readonly partition: number;
      readonly news: KeyNews;
      readonly ids: Int32Array;
      readonly values: Packed;
    }
  | { readonly kind: 'counted'; readonly request: number; readonly partition: number; readonly count: number }
  /** What was made would not arrive as it is. */
  | { readonly kind: 'unsendable'; readonly request: number; readonly partition: number; readonly what: string }
  | { readonly kind: 'failed'; readonly request: number; readonly partition: number; readonly error: PlainError }
  | { readonly kind: 'warning'; readonly text: string };

export type ThreadPort = ThreadLine<FromThread, ToThread>;
