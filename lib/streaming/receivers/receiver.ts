import { raise } from '../../kernel/errors.ts';

export interface RestartOptions {
  /** How long to wait before `onStart`; `spark.streaming.receiverRestartDelay` (2 s) unless told otherwise. */
  readonly delayMs?: number;
  /** What went wrong, for the listeners. */
  readonly error?: unknown;
}

/** What the engine does for a receiver. */
export interface ReceiverEngine<T> {
  readonly streamId: number;
  readonly state: ReceiverState;
  store(value: T): Promise<boolean>;
  storeMany(values: Iterable<T>): Promise<boolean>;
  restart(reason: string, options: RestartOptions): void;
  stop(reason: string, error: unknown): void;
  reportError(reason: string, error: unknown): void;
}

/**
 * ```
 * initialized --onStart--> started --onStop--> stopped
 *                             ^---- restart -----'
 * ```
 */
export type ReceiverState = 'initialized' | 'started' | 'stopped';

/**
 * Brings records in from outside, as they come. Subclass it, and hand an object of the class to `ssc.receiverStream`.
 *
 * - `onStart` begins receiving and returns; an async one may go on for as long as it receives. What it throws is reported, and the
 *   receiver is started again after a while.
 * - `onStop` ends what `onStart` began. Both may be called several times, always in turn.
 * - Records stored before a batch time belong to that batch. They wait for it in memory, and with
 *   `spark.streaming.receiver.writeAheadLog.enable` also in the checkpoint: what is not there is lost when the process dies.
 *
 * @example
 * class Ticks extends Receiver<number> {
 *   onStart() { this.timer = setInterval(() => void this.store(Date.now()), 100); }
 *   onStop() { clearInterval(this.timer); }
 * }
 */
export abstract class Receiver<T> {
  #engine: ReceiverEngine<T> | undefined;

  abstract onStart(): void | Promise<void>;
  abstract onStop(): void | Promise<void>;

  /**
   * Stores one record. Resolves to true when it is taken, which takes as long as the rate limit and full memory demand: wait for it
   * before reading on. Resolves to false when nothing is taken any more, because the context stops.
   *
   * Records are gathered for the block interval and written to the log together: what has to be acknowledged goes through `storeMany`.
   */
  store(value: T): Promise<boolean> {
    return this.#attached('store').store(value);
  }

  /** Stores records as a block of their own. Resolves to true when they are safe: with the write-ahead log, durable. Acknowledge then. */
  storeMany(values: Iterable<T>): Promise<boolean> {
    return this.#attached('storeMany').storeMany(values);
  }

  /** Calls `onStop`, waits, and calls `onStart`. Returns at once; while it is under way, further calls do nothing. */
  restart(reason: string, options: RestartOptions = {}): void {
    this.#attached('restart').restart(reason, options);
  }

  /** Stops this receiver for good; the context goes on with what the others bring. */
  stop(reason: string, error?: unknown): void {
    this.#attached('stop').stop(reason, error);
  }

  /** Tells the listeners (`onReceiverError`) and people of an error. The receiver goes on. */
  reportError(reason: string, error?: unknown): void {
    this.#attached('reportError').reportError(reason, error);
  }

  isStarted(): boolean {
    return this.#engine?.state === 'started';
  }

  /** True also between `onStop` and `onStart` of a restart. */
  isStopped(): boolean {
    return this.#engine?.state === 'stopped';
  }

  /** The number of its stream in events. */
  get streamId(): number {
    return this.#attached('streamId').streamId;
  }

  /** Binds the receiver to the context that runs it. For the engine. */
  attach(engine: ReceiverEngine<T>): void {
    this.#engine = engine;
  }

  #attached(what: string): ReceiverEngine<T> {
    return this.#engine ?? raise('STREAM_NOT_STARTED', { what: `${what}() of a receiver` });
  }
}
