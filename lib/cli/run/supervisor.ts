import type { BatchInfo } from '../../streaming/events.ts';
import { onContextStarting } from '../../streaming/running-contexts.ts';
import type { StreamingContext } from '../../streaming/streaming-context.ts';
import type { StreamingQueryProgress } from '../../structured/query/progress.ts';
import { watchQueries } from '../../structured/query/running-queries.ts';
import type { StreamingQuery } from '../../structured/query/streaming-query.ts';
import type { Terminal } from '../output/terminal.ts';
import type { RunLimits } from './run-options.ts';
import { asEvents } from './printed-rows.ts';
import { describeBatch, describeCatchUp, describeQueryBatch } from './status-text.ts';

/** Told what the contexts of a program do. */
export interface BatchWatch {
  batchStarted(time: number): void;
  batchEnded(): void;
}

/**
 * Looks after every context and query that the program starts, whoever starts it: counts its batches, reports them, and stops it when a
 * limit is reached or somebody asks.
 *
 * Batches for the time in which the program was down (`isCatchUp`) are reported and do not count when they are empty.
 */
export class Supervisor {
  readonly #contexts: StreamingContext[] = [];
  readonly #queries: StreamingQuery[] = [];
  readonly #limits: RunLimits;
  readonly #terminal: Terminal;
  readonly #watch: BatchWatch;
  readonly #unsubscribe: readonly (() => void)[];
  #stopping: Promise<void> | undefined;
  #limitTimer: NodeJS.Timeout | undefined;
  #hasCollected = false;
  #batches = 0;
  #records = 0;
  #idle = 0;
  /** Empty batches for the time in which the program was down. */
  #caughtUp = 0;

  constructor(limits: RunLimits, terminal: Terminal, watch: BatchWatch) {
    this.#limits = limits;
    this.#terminal = terminal;
    this.#watch = watch;
    this.#unsubscribe = [
      onContextStarting((context) => {
        this.#adopt(context);
      }),
      watchQueries({
        started: (query) => {
          this.#adoptQuery(query);
        },
        batchStarted: (batchId) => {
          this.#watch.batchStarted(batchId);
        },
        progressed: (progress) => {
          this.#watch.batchEnded();
          this.#countQuery(progress);
        },
        collected: () => {
          this.#hasCollected = true;
        },
      }),
    ];
  }

  get contexts(): readonly StreamingContext[] {
    return this.#contexts;
  }

  /** Whether the program has started anything, or asked for the rows of static data. */
  get hasStarted(): boolean {
    return this.#contexts.length + this.#queries.length > 0 || this.#hasCollected;
  }

  get totals(): { readonly batches: number; readonly records: number } {
    return { batches: this.#batches, records: this.#records };
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** Stops every context; later calls wait for the same stop. What a failed batch threw leaves through `awaitTermination`, not here. */
  async stop(graceful: boolean): Promise<void> {
    // One that failed to start, or that the program has stopped itself, has nothing to stop.
    const running = this.#contexts.filter((context) => context.getState() !== 'STOPPED');
    this.#stopping ??= Promise.all([
      ...running.map(async (context) => {
        await context.stop({ graceful });
      }),
      ...this.#queries.map(async (query) => {
        await query.stop();
      }),
    ]).then(() => undefined);
    await this.#stopping;
  }

  /** Waits for the end of every context; rejects with the first failure. */
  async ended(): Promise<void> {
    // A program may start another context after the first: look again until there is no new one.
    for (let i = 0; i < this.#contexts.length; i++) await this.#contexts[i]?.awaitTermination();
    await this.#queriesEnded();
  }

  close(): void {
    clearTimeout(this.#limitTimer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #adopt(context: StreamingContext): void {
    this.#contexts.push(context);
    if (this.#terminal.mode.json) context.setPrinter(asEvents(this.#terminal));
    this.#limitTime();
    context.addStreamingListener({
      onBatchStarted: ({ batchInfo }) => {
        this.#watch.batchStarted(batchInfo.batchTime);
      },
      onBatchCompleted: ({ batchInfo }) => {
        this.#watch.batchEnded();
        if (batchInfo.failureReason === undefined) this.#count(batchInfo);
      },
    });
  }

  /** A query that failed ends the program at once, also while others run. */
  async #queriesEnded(): Promise<void> {
    const awaited = new Set<StreamingQuery>();
    for (;;) {
      const fresh = this.#queries.filter((query) => !awaited.has(query));
      if (fresh.length === 0) return;
      for (const query of fresh) awaited.add(query);
      await Promise.all(fresh.map(async (query) => await query.awaitTermination()));
    }
  }

  #adoptQuery(query: StreamingQuery): void {
    this.#queries.push(query);
    this.#terminal.event('start', { query: query.name, id: query.id, runId: query.runId });
    this.#limitTime();
  }

  #limitTime(): void {
    const { forMs } = this.#limits;
    if (forMs === undefined || this.#limitTimer !== undefined) return;
    this.#limitTimer = setTimeout(() => {
      this.#stopSoon();
    }, forMs);
  }

  #countQuery(progress: StreamingQueryProgress): void {
    this.#records += progress.numInputRows;
    this.#batches += 1;
    this.#idle = progress.numInputRows === 0 ? this.#idle + 1 : 0;
    this.#terminal.event('queryProgress', { progress });
    this.#terminal.status(describeQueryBatch(progress, this.totals));
    if (this.#batches === this.#limits.batches || this.#idle === this.#limits.idleBatches) this.#stopSoon();
  }

  #count(batch: BatchInfo): void {
    this.#records += batch.numRecords;
    if (batch.isCatchUp && batch.numRecords === 0) {
      this.#caughtUp += 1;
      if (this.#caughtUp % 200 === 0) this.#terminal.status(describeCatchUp(batch, this.#caughtUp));
      return;
    }
    this.#batches += 1;
    this.#idle = batch.numRecords === 0 ? this.#idle + 1 : 0;
    this.#terminal.event('batch', {
      time: batch.batchTime,
      records: batch.numRecords,
      schedulingDelayMs: batch.schedulingDelay,
      processingDelayMs: batch.processingDelay,
      totalDelayMs: batch.totalDelay,
    });
    this.#terminal.status(describeBatch(batch, this.totals));
    if (this.#batches === this.#limits.batches || this.#idle === this.#limits.idleBatches) this.#stopSoon();
  }

  /** A listener must not wait for the batch that calls it. */
  #stopSoon(): void {
    queueMicrotask(() => {
      // Failures of the stop reach whoever awaits the end.
      this.stop(false).catch(() => undefined);
    });
  }
}
