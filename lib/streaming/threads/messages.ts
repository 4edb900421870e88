import type { ThreadLine } from '../../io/host.ts';
import type { OffsetRange } from '../../io/offsets.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import type { PlainError } from '../../kernel/plain-error.ts';
import type { Time } from '../../kernel/time.ts';
import type { Packed } from '../../rdd/packed.ts';
import type { ElementElsewhere } from '../../rdd/rdd-node.ts';
import type { PackedTable } from '../../store/state-store.ts';

/**
 * What is made of a partition: its elements, or the first of them, or what is left of them where they are combined by key, merged into one, or
 * counted. `moved`: its pairs go to the threads that have the partitions of their keys, by what the node above it, or the state, moves them by;
 * `scattered`: so does what is combined of them.
 */
type Side = 'elements' | 'head' | 'combined' | 'reduced' | 'counted' | 'moved' | 'scattered';

/** One node of a batch, named so that another thread finds it in the program that it has built itself. */
export interface Stage {
  readonly operator: OperatorId;
  readonly time: Time;
  /** From the RDD of the operator down to the node: which parent at each step. */
  readonly path: readonly number[];
  readonly side: Side;
  /** Of a head: so many elements. */
  readonly limit?: number;
}

/** A step at one of its times. */
export interface StepAt {
  readonly operator: OperatorId;
  readonly time: Time;
}

/** Pairs on their way to the thread that has the partitions of their keys. */
export type Bucket =
  /** `numbers`: those of the pairs in the input partition, to find their records again. */
  | { readonly kind: 'pairs'; readonly keys: Packed; readonly values: Packed; readonly numbers: Int32Array }
  /** Keys by number, and what was combined of each. */
  | { readonly kind: 'combined'; readonly news: KeyNews; readonly ids: Int32Array; readonly values: Packed };

/** A bucket, and the place of the thread it is for. */
export interface Addressed {
  readonly to: number;
  readonly bucket: Bucket;
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
  /** The thread is the `place`-th of `count`: of every state that is shared out it has the partitions with that remainder. */
  | { readonly kind: 'begin'; readonly zeroTime: Time; readonly place: number; readonly count: number }
  /** Tables of a state as they are committed, to be gone on with. */
  | { readonly kind: 'tables'; readonly tables: readonly PackedTable[] }
  | {
      readonly kind: 'make';
      readonly request: number;
      readonly stage: Stage;
      readonly partitions: readonly number[];
      readonly ranges: readonly InputRange[];
    }
  /** What another thread has of one input partition of a stage for this one. */
  | {
      readonly kind: 'bucket';
      readonly stage: Stage;
      readonly partition: number;
      readonly from: number;
      readonly bucket: Bucket;
    }
  /** The other thread has none of it: it failed. */
  | { readonly kind: 'lost'; readonly stage: Stage; readonly partition: number; readonly error: PlainError }
  /** States of the batch go on to these times, windows take up their input at those; then what has changed is to be said. */
  | {
      readonly kind: 'settle';
      readonly request: number;
      readonly moved: readonly StepAt[];
      readonly collected: readonly StepAt[];
      readonly ranges: readonly InputRange[];
    }
  /** Something has failed with a pair that this thread has read: the error is to be given back with the place of the record. */
  | {
      readonly kind: 'locate';
      readonly request: number;
      readonly record: ElementElsewhere;
      readonly error: PlainError;
    }
  /** A batch is over: what was held for it can go. What it has changed stays, or goes. */
  | { readonly kind: 'finish'; readonly time: Time; readonly isCommitted: boolean };

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
  | {
      readonly kind: 'scattered';
      readonly request: number;
      readonly partition: number;
      readonly stage: Stage;
      readonly buckets: readonly Addressed[];
    }
  | { readonly kind: 'settled'; readonly request: number; readonly changes: readonly PackedTable[] }
  | { readonly kind: 'counted'; readonly request: number; readonly partition: number; readonly count: number }
  /** What was made would not arrive as it is. */
  | { readonly kind: 'unsendable'; readonly request: number; readonly partition: number; readonly what: string }
  /** `partition` is left out where it was not asked for one; `record`: what it failed on, where another thread has read that. */
  | {
      readonly kind: 'failed';
      readonly request: number;
      readonly partition?: number;
      readonly error: PlainError;
      readonly record?: ElementElsewhere;
    }
  | { readonly kind: 'warning'; readonly text: string };

export type ThreadPort = ThreadLine<FromThread, ToThread>;
