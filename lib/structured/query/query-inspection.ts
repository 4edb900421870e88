import type { OperatorFigures } from '../../kernel/operator-figures.ts';
import type { CommitStats, StateStore } from '../../store/state-store.ts';
import type { DescribedNode } from '../planner/describe-plan.ts';
import type { LateRow } from './late-samples.ts';

/** What tools may look at of a running query. They read, and change nothing. */
export interface QueryInspection {
  readonly store: StateStore;
  /** Where its checkpoint is; undefined when it is in memory. */
  readonly checkpoint: string | undefined;
  readonly nodes: readonly DescribedNode[];
  /** Of the largest `withWatermark` delay: how far an event has to be ahead of a window's end to close it. */
  readonly watermarkDelayMs: number | undefined;
}

/** What is known of a batch beside Spark's progress. */
export interface BatchDetail {
  readonly commit?: CommitStats;
  /** What each node gave, where somebody asked to measure it. */
  readonly operators?: readonly OperatorFigures[];
  /** The first rows that came too late, where somebody asked for them and there are any. */
  readonly late?: readonly LateRow[];
}
