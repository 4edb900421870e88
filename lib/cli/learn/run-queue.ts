import { raise } from '../../kernel/errors.ts';

/** Runs programs of lessons one after the other: contexts and warnings belong to the whole process, so two at once would mix. */
export class RunQueue {
  readonly #max: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** More than `max` runs that have not ended are refused. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Gives what `run` gives, when those before it have ended, well or not. */
  async add<T>(run: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#max) raise('LEARN_BUSY', { runs: this.#waiting });
    this.#waiting += 1;
    const turn = after(this.#last, run);
    this.#last = turn;
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }
}

async function after<T>(previous: Promise<unknown>, run: () => Promise<T>): Promise<T> {
  await Promise.allSettled([previous]);
  return await run();
}
