import type { EventTimes } from './compiled-query.ts';
import type { Long } from '../types/data-type.ts';

/** The event times that pass one `withWatermark` node in a batch; null ones do not count. */
export class EventTimeStats {
  readonly #delayMs: number;
  #count = 0;
  #max: Long | undefined;
  #min: Long | undefined;
  /** Of the distances from the first one: sums of whole times would not be exact. */
  #sum = 0;
  #first = 0;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  reset(): void {
    this.#count = 0;
    this.#max = undefined;
    this.#min = undefined;
    this.#sum = 0;
  }

  observe(timeUs: Long | null): void {
    if (timeUs === null) return;
    if (this.#count++ === 0) this.#first = Number(timeUs);
    if (this.#max === undefined || timeUs > this.#max) this.#max = timeUs;
    if (this.#min === undefined || timeUs < this.#min) this.#min = timeUs;
    this.#sum += Number(timeUs) - this.#first;
  }

  get times(): EventTimes {
    return {
      delayMs: this.#delayMs,
      count: this.#count,
      maxUs: this.#max === undefined ? undefined : Number(this.#max),
      minUs: this.#min === undefined ? undefined : Number(this.#min),
      averageUs: this.#count === 0 ? undefined : this.#first + this.#sum / this.#count,
    };
  }
}
