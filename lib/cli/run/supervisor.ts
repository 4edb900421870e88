import type { BatchInfo } from '../../streaming/events.ts';
import { onContextStarting } from '../../streaming/running-contexts.ts';
import type { StreamingContext } from '../../streaming/streaming-context.ts';
import type { Terminal } from '../output/terminal.ts';
import type { RunLimits } from './run-options.ts';
import { asEvents } from './printed-rows.ts';
import { describeBatch, describeCatchUp } from './status-text.ts';

/** Told what the contexts of a program do. */
export interface BatchWatch {
  batchStarted(time: number): void;
  batchEnded(): void;
}

/**
 * Looks after every context that the program starts, whoever starts it: counts its batches, reports them, and stops it when a
 * limit is reached or somebody asks.
 *
 * Batches for the time in which the program was down (`isCatchUp`) are reported and do not count when they are empty.
 */
export class Supervisor {
  readonly #contexts: StreamingContext[] = [];
  readonly #limits: RunLimits;
  readonly #terminal: Terminal;
  readonly #watch: BatchWatch;
  readonly #unsubscribe: () => void;
  #stopping: Promise<void> | undefined;
  #limitTimer: NodeJS.Timeout | undefined;
  #batches = 0;
  #records = 0;
  #idle = 0;
  /** Empty batches for the time in which the program was down. */
  #caughtUp = 0;

  constructor(limits: RunLimits, terminal: Terminal, watch: BatchWatch) {
    this.#limits = limits;
    this.#terminal = terminal;
    this.#watch = watch;
    this.#unsubscribe = onContextStarting((context) => {
      this.#adopt(context);
    });
  }

  get contexts(): readonly StreamingContext[] {
    return this.#contexts;
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
    this.#stopping ??= Promise.all(running.map(async (context) => await context.stop({ graceful }))).then(
      () => undefined,
    );
    await this.#stopping;
  }

  /** Waits for the end of every context; rejects with the first failure. */
  async ended(): Promise<void> {
    // A program may start another context after the first: look again until there is no new one.
    for (let i = 0; i < this.#contexts.length; i++) await this.#contexts[i]?.awaitTermination();
  }

  close(): void {
    clearTimeout(this.#limitTimer);
    this.#unsubscribe();
  }

  #adopt(context: StreamingContext): void {
    this.#contexts.push(context);
    if (this.#terminal.mode.json) context.setPrinter(asEvents(this.#terminal));
    const { forMs } = this.#limits;
    if (forMs !== undefined && this.#limitTimer === undefined) {
      this.#limitTimer = setTimeout(() => {
        this.#stopSoon();
      }, forMs);
    }
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
