import type { InternalValue } from '../../types/data-type.ts';

/** How many values are gathered before they are sorted into the summary. */
const headSize = 50_000;
/** From how many samples on the summary is compressed at once. */
const compressSize = 10_000;

interface Sample {
  readonly value: number;
  /** How many ranks this sample stands for. */
  readonly g: number;
  /** How uncertain its rank is. */
  readonly delta: number;
}

/**
 * A summary of Greenwald and Khanna ("Space-efficient Online Computation of Quantile Summaries", 2001), in a buffer of three values:
 * samples (value, g, delta by turns), their count, and the values that are not sorted in yet.
 */
export class QuantileSketch {
  static readonly size = 3;

  static initial(): InternalValue[] {
    return [[], 0, []];
  }

  private readonly buffer: InternalValue[];
  private readonly at: number;
  private readonly error: number;

  constructor(buffer: InternalValue[], at: number, error: number) {
    this.buffer = buffer;
    this.at = at;
    this.error = error;
  }

  insert(value: number): void {
    const head = this.buffer[this.at + 2] as number[];
    head.push(value);
    if (head.length < headSize) return;
    this.sortIn();
    if (this.samples().length >= compressSize) this.compress();
  }

  merge(other: QuantileSketch): void {
    this.compress();
    other.compress();
    const otherCount = other.count;
    if (otherCount === 0) return;
    if (this.count === 0) {
      this.put(other.samples(), otherCount);
      return;
    }
    const [mine, theirs] = [this.samples(), other.samples()];
    const moreForMine = Math.floor(2 * other.error * otherCount);
    const moreForTheirs = Math.floor(2 * this.error * this.count);
    const merged: Sample[] = [];
    let i = 0;
    let j = 0;
    while (i < mine.length && j < theirs.length) {
      const [a, b] = [mine[i] as Sample, theirs[j] as Sample];
      // A sample between those of the other side is as uncertain as they are.
      if (a.value < b.value) {
        merged.push({ ...a, delta: a.delta + (j > 0 ? moreForMine : 0) });
        i++;
      } else {
        merged.push({ ...b, delta: b.delta + (i > 0 ? moreForTheirs : 0) });
        j++;
      }
    }
    merged.push(...mine.slice(i), ...theirs.slice(j));
    const count = this.count + otherCount;
    this.put(compressed(merged, 2 * Math.max(this.error, other.error) * count), count);
  }

  /** The values at fractions of the rows; undefined when there are none. */
  query(fractions: readonly number[]): number[] | undefined {
    this.compress();
    const samples = this.samples();
    if (samples.length === 0) return undefined;
    const tolerance = Math.floor(Math.max(...samples.map(({ g, delta }) => g + delta)) / 2);
    return fractions.map((fraction) => this.atFraction(samples, fraction, tolerance));
  }

  private atFraction(samples: readonly Sample[], fraction: number, tolerance: number): number {
    const last = samples.at(-1) as Sample;
    if (fraction <= this.error) return (samples[0] as Sample).value;
    if (fraction >= 1 - this.error) return last.value;
    const rank = Math.ceil(fraction * this.count);
    let least = 0;
    for (const { value, g, delta } of samples.slice(0, -1)) {
      least += g;
      if (least + delta - tolerance <= rank && rank <= least + tolerance) return value;
    }
    return last.value;
  }

  private get count(): number {
    return this.buffer[this.at + 1] as number;
  }

  private samples(): Sample[] {
    const flat = this.buffer[this.at] as readonly number[];
    return Array.from({ length: flat.length / 3 }, (_, i) => ({
      value: flat[3 * i] as number,
      g: flat[3 * i + 1] as number,
      delta: flat[3 * i + 2] as number,
    }));
  }

  private put(samples: readonly Sample[], count: number): void {
    this.buffer[this.at] = samples.flatMap(({ value, g, delta }) => [value, g, delta]);
    this.buffer[this.at + 1] = count;
    this.buffer[this.at + 2] = [];
  }

  private compress(): void {
    this.sortIn();
    this.put(compressed(this.samples(), 2 * this.error * this.count), this.count);
  }

  private sortIn(): void {
    const head = Float64Array.from(this.buffer[this.at + 2] as readonly number[]).toSorted();
    if (head.length === 0) return;
    const samples = this.samples();
    const result: Sample[] = [];
    let { count } = this;
    let next = 0;
    head.forEach((value, i) => {
      while (next < samples.length && (samples[next] as Sample).value <= value) result.push(samples[next++] as Sample);
      count++;
      // The least and the greatest value are known exactly.
      const isEdge = result.length === 0 || (next === samples.length && i === head.length - 1);
      result.push({ value, g: 1, delta: isEdge ? 0 : Math.floor(2 * this.error * count) });
    });
    result.push(...samples.slice(next));
    this.put(result, count);
  }
}

/** Joins neighbours whose ranks are near enough; the first and the last sample stay. */
function compressed(samples: readonly Sample[], threshold: number): Sample[] {
  if (samples.length === 0) return [];
  const result: Sample[] = [];
  let { value, g, delta } = samples.at(-1) as Sample;
  for (let i = samples.length - 2; i >= 1; i--) {
    const sample = samples[i] as Sample;
    if (sample.g + g + delta < threshold) g += sample.g;
    else {
      result.push({ value, g, delta });
      ({ value, g, delta } = sample);
    }
  }
  result.push({ value, g, delta });
  const first = samples[0] as Sample;
  if (samples.length > 1 && first.value <= value) result.push(first);
  return result.toReversed();
}
