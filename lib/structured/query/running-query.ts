import type { Clock } from '../../kernel/clock.ts';
import { raise } from '../../kernel/errors.ts';
import type { MicroBatchExecution, QueryIdentity } from './micro-batch-execution.ts';
import type { StreamingQueryProgress } from './progress.ts';
import type { QueryInspection } from './query-inspection.ts';
import { StreamingQueryError } from './streaming-query-error.ts';
import type { StreamingQuery } from './streaming-query.ts';
import { pause } from './trigger.ts';
import type { WhyAnswer } from './why-answer.ts';
import type { WhyQuestion } from './why-target.ts';

export interface RunningQuerySetup {
  readonly identity: QueryIdentity;
  readonly execution: MicroBatchExecution;
  readonly clock: Clock;
  readonly explain: (isExtended: boolean) => void;
  readonly why: (question: WhyQuestion) => Promise<WhyAnswer>;
  /** Closes sources, sink, operators and store, whatever became of the query. */
  readonly close: () => Promise<void>;
  readonly inspection: QueryInspection;
  readonly onTerminated: (query: RunningQuery) => void;
}

/** A started query in this process. */
export class RunningQuery implements StreamingQuery {
  readonly id: string;
  readonly runId: string;
  readonly name: string | null;
  readonly #setup: RunningQuerySetup;
  /** Settles when everything is closed; never rejects. */
  readonly #ended: Promise<void>;
  #isActive = true;
  #error: StreamingQueryError | undefined;

  constructor(setup: RunningQuerySetup) {
    this.id = setup.identity.id;
    this.runId = setup.identity.runId;
    this.name = setup.identity.name;
    this.#setup = setup;
    this.#ended = this.#run();
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  get status(): StreamingQuery['status'] {
    return this.#setup.execution.status;
  }

  /** What holds for the next batch; null when the query has no watermark. */
  get watermark(): string | null {
    return this.#setup.execution.watermark;
  }

  get lastProgress(): StreamingQueryProgress | null {
    return this.recentProgress.at(-1) ?? null;
  }

  get recentProgress(): readonly StreamingQueryProgress[] {
    return this.#setup.execution.recentProgress;
  }

  /** For tools that look at what runs. */
  get inspection(): QueryInspection {
    return this.#setup.inspection;
  }

  /** What ended the query; null while it runs and after a stop. */
  get exception(): StreamingQueryError | null {
    return this.#error ?? null;
  }

  async awaitTermination(timeoutMs?: number): Promise<boolean> {
    let hasEnded = false;
    const over = new AbortController();
    const ended = this.#ended.then(() => {
      hasEnded = true;
      over.abort();
    });
    await (timeoutMs === undefined ? ended : pause(this.#setup.clock, timeoutMs, over.signal));
    if (this.#error !== undefined) throw this.#error;
    return hasEnded;
  }

  async processAllAvailable(): Promise<void> {
    if (this.#isActive) await this.#setup.execution.processAllAvailable();
    if (this.#error !== undefined) throw this.#error;
  }

  /** Gives the running batch up and ends; resolves when everything is closed. What the query failed with before is not thrown here. */
  async stop(): Promise<void> {
    this.#setup.execution.stop();
    await this.#ended;
  }

  explain(extended = false): void {
    this.#setup.explain(extended);
  }

  async why(question: WhyQuestion): Promise<WhyAnswer> {
    if (!this.#isActive) raise('WHY_QUERY_ENDED', {});
    return await this.#setup.why(question);
  }

  async #run(): Promise<void> {
    const { execution, identity, close, onTerminated } = this.#setup;
    try {
      await execution.run();
    } catch (error) {
      this.#error = new StreamingQueryError(identity, execution.currentBatch, error);
    }
    try {
      await close();
    } catch (error) {
      this.#error ??= new StreamingQueryError(identity, undefined, error);
    }
    this.#isActive = false;
    if (this.#error !== undefined) execution.failWaiters(this.#error);
    onTerminated(this);
  }
}
