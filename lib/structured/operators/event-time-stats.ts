import type { EventTimes, RowPlace } from './compiled-query.ts';
import type { EventTimePart } from '../threads/part-result.ts';
import type { Long } from '../types/data-type.ts';

/** No row of the block had a greater time than those before. */
const unchanged = -2;
/** A row that came from no block. */
const unknown = -1;

/** The event times that pass one `withWatermark` node in a batch; null ones do not count. */
export class EventTimeStats {
  /** The row of the block that is being read, where the caller of `observe` does not pass it. */
  row = unknown;
  readonly #delayMs: number;
  #count = 0;
  #max: Long | undefined;
  #min: Long | undefined;
  /** Of the distances from the first one: sums of whole times would not be exact. */
  #sum = 0;
  #first = 0;
  #maxRow = unchanged;
  #maxPlace: RowPlace | undefined;

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  reset(): void {
    this.#count = 0;
    this.#max = undefined;
    this.#min = undefined;
    this.#sum = 0;
    this.row = unknown;
    this.#maxRow = unchanged;
    this.#maxPlace = undefined;
  }

  observe(timeUs: Long | null, row = this.row): void {
    if (timeUs === null) return;
    if (this.#count++ === 0) this.#first = Number(timeUs);
    if (this.#max === undefined || timeUs > this.#max) {
      this.#max = timeUs;
      this.#maxRow = row;
    }
    if (this.#min === undefined || timeUs < this.#min) this.#min = timeUs;
    this.#sum += Number(timeUs) - this.#first;
  }

  /** After each block: remembers where the greatest time came from when the block had it. */
  locate(placeOf: (row: number) => RowPlace): void {
    if (this.#maxRow === unchanged) return;
    this.#maxPlace = this.#maxRow === unknown ? undefined : placeOf(this.#maxRow);
    this.#maxRow = unchanged;
    this.row = unknown;
  }

  /** What was seen so far, for those of another thread to be added to. */
  get part(): EventTimePart {
    return {
      count: this.#count,
      max: this.#max,
      min: this.#min,
      first: this.#first,
      sum: this.#sum,
      maxPlace: this.#maxPlace,
    };
  }

  /** Adds what came behind that. */
  absorb({ count, max, min, first, sum, maxPlace }: EventTimePart): void {
    if (count === 0 || max === undefined || min === undefined) return;
    if (this.#count === 0) this.#first = first;
    this.#sum += sum + (first - this.#first) * count;
    this.#count += count;
    if (this.#max === undefined || max > this.#max) {
      this.#max = max;
      this.#maxPlace = maxPlace;
      this.#maxRow = unchanged;
    }
    if (this.#min === undefined || min < this.#min) this.#min = min;
  }

  get times(): EventTimes {
    return {
      delayMs: this.#delayMs,
      count: this.#count,
      maxUs: this.#max === undefined ? undefined : Number(this.#max),
      minUs: this.#min === undefined ? undefined : Number(this.#min),
      averageUs: this.#count === 0 ? undefined : this.#first + this.#sum / this.#count,
      // Rows that steps above gave at the end of the batch are in no block.
      ...(this.#maxPlace === undefined || this.#maxRow !== unchanged ? {} : { maxPlace: this.#maxPlace }),
    };
  }
}
