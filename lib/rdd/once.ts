import type { Done } from '../kernel/evaluation.ts';

/**
 * Work that is done on first use and whose result is kept: a shuffle, a persisted partition.
 *
 * Uses that come while it is under way wait for the same result. A failure is not kept: the next use tries again.
 */
export class Once<R> {
  readonly #work: () => Promise<R>;
  #running: Promise<R> | undefined;
  #result: { readonly value: R } | undefined;

  constructor(work: () => Promise<R>) {
    this.#work = work;
  }

  get isDone(): boolean {
    return this.#result !== undefined;
  }

  /** Calls `next` with the result: at once where it is there. */
  use(next: (result: R) => Done): Done {
    return this.#result === undefined ? this.#start().then(next) : next(this.#result.value);
  }

  /** Drops the result, so that the next use does the work again. */
  forget(): void {
    this.#result = undefined;
    this.#running = undefined;
  }

  #start(): Promise<R> {
    if (this.#running !== undefined) return this.#running;
    const running = this.#work().then(
      (value) => {
        if (this.#running === running) this.#result = { value };
        return value;
      },
      (error: unknown) => {
        if (this.#running === running) this.#running = undefined;
        throw error;
      },
    );
    this.#running = running;
    return running;
  }
}
