import type { CheckpointFactory } from '../../batch/checkpoint.ts';
import { openCheckpoint } from '../../batch/checkpoint.ts';
import { controlRuns } from '../../batch/run-control.ts';
import { StreamingContext } from '../../index.ts';
import { raise } from '../../kernel/errors.ts';
import { ManualClock } from '../../kernel/manual-clock.ts';
import type { OperatorFigures } from '../../kernel/operator-figures.ts';
import type { ProgramEnv } from '../../kernel/program.ts';
import type { StateStore } from '../../store/state-store.ts';
import { keptLateRows } from '../../monitor/query-history.ts';
import { watchProgram, type WatchedProgram } from '../monitor/watch-program.ts';
import { callSetup, type Setup } from '../run/setup-program.ts';
import { RunningQuery } from '../../structured/query/running-query.ts';

export interface StepperOptions {
  readonly path: string;
  readonly setup: Setup;
  readonly env: Omit<ProgramEnv, 'clock'>;
  /** Where the clock of the program begins. */
  readonly startMs: number;
  /** What each operator gave is shown up to so many values. */
  readonly samples: number;
}

/** One batch that was run on demand. */
export interface SteppedBatch {
  /** Its batch time, or its number for a query. */
  readonly batch: number;
  /** The version of the state behind it. */
  readonly version: number;
  readonly records: number;
  readonly operators: readonly OperatorFigures[];
}

/** How often the sources of a query are asked before a step says that there is nothing new. */
const asks = 20;

/**
 * Runs a program batch by batch, on demand, forward and back.
 *
 * ```
 * start -> [before a batch] --next--> [before the next batch] ... --back--> [before the batch that was run last]
 * ```
 * Going back stops the program, winds its store back by a version and builds the program again: the batches behind it are pending, and run
 * again with the same ranges when they are asked for.
 */
export class Stepper {
  readonly #options: StepperOptions;
  readonly #clock: ManualClock;
  readonly #watched: WatchedProgram;
  readonly #release: () => void;
  readonly #stores: StateStore[] = [];
  #context: StreamingContext | undefined;
  #queries: readonly RunningQuery[] = [];
  /** The batch that waits to be run, and what lets it. */
  #waiting: { readonly batch: number; readonly go: () => void } | undefined;
  #rollbackTo: number | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: StepperOptions) {
    this.#options = options;
    this.#clock = new ManualClock(options.startMs);
    this.#watched = watchProgram(options.path, this.#clock);
    this.#watched.history.isStepping = true;
    this.#release = controlRuns({
      clock: this.#clock,
      measuring: { everyMs: 0, samples: options.samples, lateRows: keptLateRows },
      openCheckpoint: this.#open,
      beforeBatch: async (batch) => {
        await new Promise<void>((go) => {
          this.#waiting = { batch, go };
        });
      },
    });
  }

  get watched(): WatchedProgram {
    return this.#watched;
  }

  /** The version of the state as it is now; 0 before the first batch. */
  get version(): number {
    return this.#stores.at(-1)?.lastCommitted?.version ?? 0;
  }

  /** Versions that `back` can return to, oldest first. */
  get versions(): readonly number[] {
    return (this.#stores.at(-1)?.versions ?? []).map(({ version }) => version);
  }

  async start(): Promise<void> {
    const { path, setup, env } = this.#options;
    const built = await callSetup(path, setup, { ...env, clock: this.#clock });
    if (built instanceof StreamingContext) {
      this.#context = await StreamingContext.getOrCreate(built.checkpointDir ?? env.checkpointDir, () => built);
      await this.#context.start();
      this.#context.awaitTermination().catch((error: unknown) => {
        this.#failure = { error };
      });
    } else {
      this.#queries = (Array.isArray(built) ? built : [built]).filter((one) => one instanceof RunningQuery);
      if (this.#queries.length !== 1) raise('CLI_STEP_PROGRAM', { path, count: this.#queries.length });
    }
    await this.#clock.idle();
  }

  /** Runs the next batch; undefined when there is none: a query without new rows, or one that has ended. */
  async next(): Promise<SteppedBatch | undefined> {
    await this.#untilWaiting();
    const waiting = this.#waiting;
    if (waiting === undefined) return undefined;
    this.#waiting = undefined;
    waiting.go();
    await this.#clock.idle();
    await this.#raiseFailure();
    return this.#last(waiting.batch);
  }

  /** Winds the state back by one batch: it runs again, over the same ranges, at the next step. Returns the version that holds then. */
  async back(): Promise<number> {
    const wanted = this.version - 1;
    const isThere = wanted === 0 ? this.versions[0] === 1 : this.versions.includes(wanted);
    if (wanted < 0 || !isThere) {
      raise('STATE_VERSION_NOT_RETAINED', {
        version: wanted,
        oldest: this.versions[0] ?? 'none',
        newest: this.versions.at(-1) ?? 'none',
      });
    }
    if (this.#context?.graph.inputs.some(({ isReplayable }) => !isReplayable) === true) {
      raise('STREAM_QUEUE_NOT_RECOVERABLE', { directory: this.#context.checkpointDir ?? '' });
    }
    await this.#stop();
    this.#rollbackTo = wanted;
    await this.start();
    return this.version;
  }

  async close(): Promise<void> {
    await this.#stop();
    this.#watched.close();
    this.#release();
  }

  readonly #open: CheckpointFactory = async (directory, options) => {
    const store = await openCheckpoint(directory, options);
    if (this.#rollbackTo !== undefined) store.rollbackTo(this.#rollbackTo);
    this.#rollbackTo = undefined;
    this.#stores.push(store);
    return store;
  };

  async #untilWaiting(): Promise<void> {
    const intervalMs = this.#context?.batchMs;
    for (let asked = 0; this.#waiting === undefined && asked < asks; asked++) {
      await this.#raiseFailure();
      if (intervalMs === undefined && this.#queries.every(({ isActive }) => !isActive)) return;
      await this.#clock.advance(intervalMs ?? 100);
    }
  }

  async #raiseFailure(): Promise<void> {
    await this.#clock.idle();
    if (this.#failure !== undefined) throw this.#failure.error;
    const failed = this.#queries.find(({ exception }) => exception !== null);
    if (failed?.exception) throw failed.exception;
  }

  #last(batch: number): SteppedBatch {
    const { streams, queries } = this.#watched.history;
    const version = this.version;
    const stream = streams.at(-1)?.batchAt(batch);
    if (stream !== undefined) return { batch, version, records: stream.records, operators: stream.operators ?? [] };
    const progress = queries.at(-1)?.progress(1)[0];
    return { batch, version, records: progress?.rows ?? 0, operators: progress?.operators ?? [] };
  }

  async #stop(): Promise<void> {
    this.#waiting = undefined;
    for (const query of this.#queries) await query.stop();
    if (this.#context?.getState() === 'ACTIVE') await this.#context.stop();
    this.#context = undefined;
    this.#queries = [];
  }
}
