import type { ThreadLine } from '../../io/host.ts';
import type { RangePart } from '../../io/table-source.ts';
import type { PlainError } from '../../kernel/plain-error.ts';
import type { OperatorSetup } from '../operators/physical-operator.ts';
import type { PackedRows } from './packed-rows.ts';
import type { PartResult } from './part-result.ts';
import type { SentPlan } from './sent-plan.ts';

/** What a thread is started with. */
export interface QueryThreadData {
  readonly plan: SentPlan;
  readonly setup: Pick<OperatorSetup, 'mode' | 'ansi' | 'timeZone' | 'mayGenerate'>;
}

/** A thread's part of what a batch reads of a source. */
export interface ReadOrder extends RangePart {
  readonly sourceId: number;
}

/** First thread to the others. */
export type ToThread =
  /** The static sides of joins, as they are from now on. */
  | { readonly kind: 'tables'; readonly tables: readonly PackedRows[] }
  | {
      readonly kind: 'run';
      /** Counts the runs: answers to an older one are not wanted any more. */
      readonly run: number;
      readonly batchTimestampUs: number;
      readonly orders: readonly ReadOrder[];
    };

export type FromThread =
  | { readonly kind: 'part'; readonly run: number; readonly order: number; readonly result: PartResult }
  | { readonly kind: 'failed'; readonly run: number; readonly order: number; readonly error: PlainError }
  | { readonly kind: 'warning'; readonly text: string };

export type QueryPort = ThreadLine<FromThread, ToThread>;
