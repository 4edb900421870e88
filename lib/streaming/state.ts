import { raise } from '../kernel/errors.ts';

/** The state of one key, in the hands of the function of `mapWithState`, for one call. */
export interface State<S> {
  exists(): boolean;
  /** The state; refused where there is none. */
  get(): S;
  /** The state, or null. */
  getOption(): S | null;
  /** Sets the state. Only what is set here is stored. */
  update(state: S): void;
  /** Drops the state. */
  remove(): void;
  /** The key has been idle for longer than the timeout and is dropped after this call. */
  isTimingOut(): boolean;
}

/** A state handle that remembers what was done with it. */
export class StateHandle<S> implements State<S> {
  readonly #isTimingOut: boolean;
  #state: S | undefined;
  #exists: boolean;
  #isUpdated = false;
  #isRemoved = false;

  constructor(state: S | undefined, isTimingOut = false) {
    this.#state = state;
    this.#exists = state !== undefined;
    this.#isTimingOut = isTimingOut;
  }

  get isUpdated(): boolean {
    return this.#isUpdated;
  }

  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  exists(): boolean {
    return this.#exists;
  }

  get(): S {
    return this.#exists ? (this.#state as S) : raise('STREAM_STATE_GET', {});
  }

  getOption(): S | null {
    return this.#exists ? (this.#state as S) : null;
  }

  update(state: S): void {
    this.#assertChangeable('updated');
    this.#state = state;
    this.#exists = true;
    this.#isUpdated = true;
  }

  remove(): void {
    this.#assertChangeable('removed');
    this.#exists = false;
    this.#isUpdated = false;
    this.#isRemoved = true;
  }

  isTimingOut(): boolean {
    return this.#isTimingOut;
  }

  #assertChangeable(action: string): void {
    if (this.#isRemoved) raise('STREAM_STATE_CHANGE', { action, when: 'after it was removed' });
    if (this.#isTimingOut) raise('STREAM_STATE_CHANGE', { action, when: 'while it is timing out' });
  }
}
