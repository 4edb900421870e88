import type { Long } from '../types/data-type.ts';

/** How many groups or rows belong to a window; `startUs` is null where the key is an event time by itself. Microseconds. */
export type WindowCount = readonly [startUs: number | null, endUs: number, count: number];

/** So many windows of a batch are told apart. */
const maxWindows = 200;

/** Whether these are all windows of a batch, none having been left out. */
export function hasAllWindows(counts: readonly WindowCount[]): boolean {
  return counts.length < maxWindows;
}

/** Counts by window what a batch did, for whoever asks later why. Windows beyond the first 200 of a batch are left out. */
export class WindowCounts {
  readonly #counts = new Map<string, [startUs: number | null, endUs: number, count: number]>();
  #last: [startUs: number | null, endUs: number, count: number] | undefined;

  clear(): void {
    this.#counts.clear();
    this.#last = undefined;
  }

  add(startUs: Long | null, endUs: Long, count: number): void {
    const [start, end] = [startUs === null ? null : Number(startUs), Number(endUs)];
    // Windows that end together are finished one after the other.
    if (this.#last !== undefined && this.#last[1] === end && this.#last[0] === start) {
      this.#last[2] += count;
      return;
    }
    const name = `${start}:${end}`;
    const known = this.#counts.get(name);
    if (known !== undefined) {
      known[2] += count;
      this.#last = known;
    } else if (this.#counts.size < maxWindows) {
      this.#last = [start, end, count];
      this.#counts.set(name, this.#last);
    }
  }

  get all(): readonly WindowCount[] {
    return [...this.#counts.values()];
  }
}
