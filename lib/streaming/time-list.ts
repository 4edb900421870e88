import type { Time } from '../kernel/time.ts';

/**
 * Values by batch time, oldest first. Times mostly come in order and leave from the front, and thousands may wait between: a `Map`
 * would come by the places of all that have left each time it is gone through.
 */
export class TimeList<T> {
  #times: Time[] = [];
  #values: T[] = [];
  #head = 0;

  /** The value of the oldest time. */
  get first(): T | undefined {
    return this.#values[this.#head];
  }

  has(time: Time): boolean {
    return this.#times[this.#find(time)] === time;
  }

  get(time: Time): T | undefined {
    const at = this.#find(time);
    return this.#times[at] === time ? this.#values[at] : undefined;
  }

  set(time: Time, value: T): void {
    const at = this.#find(time);
    if (this.#times[at] === time) {
      this.#values[at] = value;
    } else if (at === this.#times.length) {
      this.#times.push(time);
      this.#values.push(value);
    } else {
      this.#times.splice(at, 0, time);
      this.#values.splice(at, 0, value);
    }
  }

  /** Removes what is at a time or before it. */
  dropUntil(time: Time): void {
    while (this.#head < this.#times.length && (this.#times[this.#head] as Time) <= time) {
      this.#values[this.#head] = undefined as T;
      this.#head += 1;
    }
    if (this.#head <= 1024 || this.#head * 2 <= this.#times.length) {
      if (this.#head < this.#times.length) return;
    }
    this.#times = this.#times.slice(this.#head);
    this.#values = this.#values.slice(this.#head);
    this.#head = 0;
  }

  /** Values of the times up to one. */
  *upTo(time: Time): Generator<T> {
    for (let at = this.#head; at < this.#times.length && (this.#times[at] as Time) <= time; at++) {
      yield this.#values[at] as T;
    }
  }

  /** The first place whose time is not before `time`. */
  #find(time: Time): number {
    let from = this.#head;
    let until = this.#times.length;
    // What is looked for is mostly at one of the ends.
    if (until > from && time > (this.#times[until - 1] as Time)) return until;
    while (from < until) {
      const middle = (from + until) >> 1;
      if ((this.#times[middle] as Time) < time) from = middle + 1;
      else until = middle;
    }
    return from;
  }
}
