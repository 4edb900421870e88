import { failure } from '../../kernel/errors.ts';
import type { DescribedNode } from '../planner/describe-plan.ts';
import { newQueryId } from './query-id.ts';
import type { StreamingQuery } from './streaming-query.ts';
import type { RecordTracer } from './why-record.ts';

/** A query that a program asked to start, where nothing is started. */
export interface PlannedQuery {
  readonly name: string | null;
  readonly mode: string;
  readonly format: string;
  readonly checkpoint: string | undefined;
  readonly nodes: readonly DescribedNode[];
  readonly watermarkDelayMs: number | undefined;
  /** As `explain` prints it; with `extended` all stages. */
  readonly explain: (extended: boolean) => string;
  /** For questions about the records of its checkpoint. */
  readonly trace: RecordTracer;
}

/** What a program gets of such a start: a query that is over at once. */
export class DryQuery implements StreamingQuery {
  readonly id: string = newQueryId();
  readonly runId: string = newQueryId();
  readonly name: string | null;
  readonly isActive = false;
  readonly status = { message: 'Not started', isDataAvailable: false, isTriggerActive: false };
  readonly lastProgress = null;
  readonly recentProgress = [];
  readonly exception = null;

  constructor(name: string | null) {
    this.name = name;
  }

  awaitTermination(): Promise<boolean> {
    return Promise.resolve(true);
  }

  processAllAvailable(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  why(): Promise<never> {
    return Promise.reject(failure('WHY_QUERY_ENDED', {}));
  }

  explain(): void {
    // The tool that started nothing does the explaining.
  }
}
