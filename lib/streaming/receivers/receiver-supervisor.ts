import type { Clock } from '../../kernel/clock.ts';
import { failure, messageOf } from '../../kernel/errors.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import { endsWithin } from '../../kernel/deadline.ts';
import type { ReceiverInfo } from '../events.ts';
import type { ListenerBus } from '../listener-bus.ts';
import type { Intake } from './intake.ts';
import type { Receiver, ReceiverEngine, ReceiverState, RestartOptions } from './receiver.ts';

export interface SupervisorOptions {
  readonly id: OperatorId;
  readonly streamId: number;
  readonly clock: Clock;
  readonly bus: ListenerBus;
  readonly restartDelayMs: number;
  /** How long `onStop` may take when the context stops. */
  readonly stopTimeoutMs: number;
  warn(text: string): void;
}

/** Looks after one receiver: starts it, starts it again, stops it, and tells the listeners. */
export class ReceiverSupervisor<T> implements ReceiverEngine<T> {
  readonly #receiver: Receiver<T>;
  readonly #intake: Intake<T>;
  readonly #options: SupervisorOptions;
  #state: ReceiverState = 'initialized';
  #runs = 0;
  /** Stopped for good. */
  #isOver = false;
  #restarting: { unsubscribe(): void } | undefined;
  #stopping: Promise<void> = Promise.resolve();
  #lastError = { lastErrorMessage: '', lastError: '', lastErrorTime: -1 };
  #warned = { text: '', stored: 0 };

  constructor(receiver: Receiver<T>, intake: Intake<T>, options: SupervisorOptions) {
    this.#receiver = receiver;
    this.#intake = intake;
    this.#options = options;
    receiver.attach(this);
  }

  get streamId(): number {
    return this.#options.streamId;
  }

  get state(): ReceiverState {
    return this.#state;
  }

  store(value: T): Promise<boolean> {
    return this.#intake.store(value);
  }

  storeMany(values: Iterable<T>): Promise<boolean> {
    return this.#intake.storeMany(values);
  }

  start(): void {
    if (this.#isOver || this.#state === 'started') return;
    this.#state = 'started';
    this.#options.bus.post('onReceiverStarted', { receiverInfo: this.#info() });
    void this.#run();
  }

  restart(reason: string, { delayMs = this.#options.restartDelayMs, error }: RestartOptions): void {
    if (this.#isOver || this.#state !== 'started' || this.#restarting !== undefined) return;
    const { clock, id } = this.#options;
    const text = error === undefined ? reason : `${reason}: ${messageOf(error)}`;
    this.#warn(failure('STREAM_RECEIVER_RESTARTS', { input: id, reason: text, delay: delayMs }).message);
    this.#failed(text, error);
    void this.#halt();
    this.#restarting = clock.schedule(() => {
      this.#restarting = undefined;
      // `onStop` may take its time, and `onStart` must not overtake it.
      void this.#stopping.then(() => {
        this.start();
      });
    }, delayMs);
  }

  stop(reason: string, error: unknown): void {
    if (this.#isOver) return;
    const text = error === undefined ? reason : `${reason}: ${messageOf(error)}`;
    this.#options.warn(failure('STREAM_RECEIVER_STOPPED', { input: this.#options.id, reason: text }).message);
    if (error !== undefined) this.#failed(text, error);
    void this.close();
  }

  reportError(reason: string, error: unknown): void {
    const text = error === undefined ? reason : `${reason}: ${messageOf(error)}`;
    this.#failed(text, error);
    this.#warn(failure('STREAM_RECEIVER_ERROR', { input: this.#options.id, reason: text }).message);
    this.#options.bus.post('onReceiverError', { receiverInfo: this.#info() });
  }

  /** Stops for good; resolves when the receiver has stopped or has taken too long. What it had stored is in its blocks then. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#restarting?.unsubscribe();
    this.#restarting = undefined;
    if (this.#state === 'started') void this.#halt();
    const { clock, stopTimeoutMs, id } = this.#options;
    if (!(await endsWithin(clock, this.#stopping, stopTimeoutMs))) {
      this.#options.warn(failure('STREAM_RECEIVER_HANGS', { input: id, timeout: stopTimeoutMs }).message);
    }
    this.#intake.close();
  }

  async #run(): Promise<void> {
    this.#runs += 1;
    const run = this.#runs;
    try {
      await this.#receiver.onStart();
    } catch (error) {
      // Of a run that was ended meanwhile: whatever it says, it is over.
      if (run !== this.#runs || this.#state !== 'started') return;
      this.reportError('onStart failed', error);
      this.restart('onStart failed', { error });
    }
  }

  async #halt(): Promise<void> {
    this.#state = 'stopped';
    this.#stopping = this.#callOnStop();
    this.#options.bus.post('onReceiverStopped', { receiverInfo: this.#info() });
    await this.#stopping;
  }

  async #callOnStop(): Promise<void> {
    try {
      await this.#receiver.onStop();
    } catch (error) {
      this.reportError('onStop failed', error);
    }
  }

  #failed(text: string, error: unknown): void {
    this.#lastError = {
      lastErrorMessage: text,
      lastError:
        error === undefined ? '' : error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error),
      lastErrorTime: this.#options.clock.now(),
    };
  }

  /** A server that stays away is told of once, until something came in between. */
  #warn(text: string): void {
    const { stored } = this.#intake;
    if (this.#warned.text !== text || this.#warned.stored !== stored) this.#options.warn(text);
    this.#warned = { text, stored };
  }

  #info(): ReceiverInfo {
    const { streamId } = this.#options;
    return {
      streamId,
      name: `${this.#receiver.constructor.name}-${streamId}`,
      active: this.#state === 'started',
      location: 'localhost',
      executorId: 'driver',
      ...this.#lastError,
    };
  }
}
