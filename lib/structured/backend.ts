import type { CheckpointFactory } from '../batch/checkpoint.ts';
import type { Attribute } from './expressions/typed-expression.ts';
import type { LogicalPlan } from './plan/logical-plan.ts';
import type { OutputMode } from './plan/user-programs.ts';
import type { StreamingQuery } from './query/streaming-query.ts';
import type { InternalRow } from './types/data-type.ts';

/** How a streaming query is to run, as the writer collected it; texts checked, nothing opened yet. */
export interface QueryOptions {
  readonly name?: string;
  readonly mode: OutputMode;
  readonly format: string;
  readonly options: Readonly<Record<string, string>>;
  readonly partitionBy: readonly string[];
  readonly trigger: Trigger;
  /** `foreach` and `foreachBatch`: the functions of the program. */
  readonly foreachBatch?: (batch: {
    readonly rows: readonly InternalRow[];
    readonly output: readonly Attribute[];
    readonly batchId: number;
  }) => unknown;
  readonly foreach?: object;
  /** What becomes of the query's late rows, and where they go. */
  readonly late?: { readonly plan: LogicalPlan; readonly options: QueryOptions };
  /** Where the checkpoint is kept, in place of what the session uses. */
  readonly openCheckpoint?: CheckpointFactory;
}

export type Trigger =
  | { readonly kind: 'processingTime'; readonly intervalMs: number }
  | { readonly kind: 'once' }
  | { readonly kind: 'availableNow' };

/** Where plans run: here, or on a Spark cluster over Spark Connect. */
export interface Backend {
  /** Columns of a plan. Raises every problem of the plan at once. */
  analyze(plan: LogicalPlan): readonly Attribute[];
  explain(plan: LogicalPlan, extended: boolean): string;
  start(plan: LogicalPlan, options: QueryOptions): Promise<StreamingQuery>;
  /** Runs a plan on static data. */
  collect(plan: LogicalPlan): Promise<readonly InternalRow[]>;
  /** The same some rows at a time: nothing is read or computed ahead of whoever takes them, but for what needs all rows (a sort). */
  iterate(plan: LogicalPlan): AsyncIterable<readonly InternalRow[]>;
}
