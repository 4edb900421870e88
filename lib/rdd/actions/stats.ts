import { raise } from '../../kernel/errors.ts';
import { runAll } from '../evaluate.ts';
import { kindOf } from '../function-failure.ts';
import type { RddNode } from '../rdd-node.ts';

/** Count, sum, mean, extremes and spread of numbers. Without any, `mean` and the spreads are NaN and the extremes infinite, as in Spark. */
export class Stats {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Of the whole population. */
  readonly variance: number;
  /** As an estimate from a sample. */
  readonly sampleVariance: number;

  constructor(count: number, sum: number, min: number, max: number, squares: number) {
    this.count = count;
    this.sum = sum;
    this.mean = sum / count;
    this.min = min;
    this.max = max;
    this.variance = squares / count;
    this.sampleVariance = count < 2 ? Number.NaN : squares / (count - 1);
  }

  get stdev(): number {
    return Math.sqrt(this.variance);
  }

  get sampleStdev(): number {
    return Math.sqrt(this.sampleVariance);
  }
}

/** Goes over the numbers once; the variance by Welford's method, which keeps its digits where sums of squares lose them. */
export async function stats(node: RddNode<number>, operator = 'stats'): Promise<Stats> {
  let count = 0;
  let sum = 0;
  let mean = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  await runAll(node, (value) => {
    if (typeof value !== 'number') {
      raise('RDD_ARGUMENT', { operator, name: 'an element', given: kindOf(value), expected: 'numbers only' });
    }
    count += 1;
    sum += value;
    const distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
    min = Math.min(min, value);
    max = Math.max(max, value);
  });
  return new Stats(count, sum, min, max, squares);
}
