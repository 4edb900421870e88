import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, type ColumnArguments, call, columnOf, columnsOf, given, valueOf } from './build.ts';

/** How many rows have no null in the arguments; `count(*)` counts all rows. */
export function count(column: ColumnArgument): Column {
  return call('count', columnOf(column));
}

/** How many rows satisfy the condition. */
export function countIf(condition: ColumnArgument): Column {
  return call('count_if', columnOf(condition));
}

/** The sum of the values; null when there is none. */
export function sum(column: ColumnArgument): Column {
  return call('sum', columnOf(column));
}

/** The sum of the values; null when it does not fit its type. */
export function trySum(column: ColumnArgument): Column {
  return call('try_sum', columnOf(column));
}

/** The mean of the values; null when there is none. */
export function avg(column: ColumnArgument): Column {
  return call('avg', columnOf(column));
}

/** The mean of the values; null when there is none. */
export function mean(column: ColumnArgument): Column {
  return call('mean', columnOf(column));
}

/** The mean of the values; null when the sum does not fit its type. */
export function tryAvg(column: ColumnArgument): Column {
  return call('try_avg', columnOf(column));
}

/** The least value. */
export function min(column: ColumnArgument): Column {
  return call('min', columnOf(column));
}

/** The greatest value; NaN is greater than any number. */
export function max(column: ColumnArgument): Column {
  return call('max', columnOf(column));
}

/** The value in the row with the least order. */
export function minBy(value: ColumnArgument, order: ColumnArgument): Column {
  return call('min_by', columnOf(value), columnOf(order));
}

/** The value in the row with the greatest order. */
export function maxBy(value: ColumnArgument, order: ColumnArgument): Column {
  return call('max_by', columnOf(value), columnOf(order));
}

/** All values that are no null, in the order in which they came. */
export function collectList(column: ColumnArgument): Column {
  return call('collect_list', columnOf(column));
}

/** The distinct values that are no null. */
export function collectSet(column: ColumnArgument): Column {
  return call('collect_set', columnOf(column));
}

/** All values that are no null, in the order in which they came. */
export function arrayAgg(column: ColumnArgument): Column {
  return call('array_agg', columnOf(column));
}

/** How many distinct values there are, estimated with a relative error (0.05). */
export function approxCountDistinct(column: ColumnArgument, relativeError?: number | Column): Column {
  return call('approx_count_distinct', columnOf(column), ...given(valueOf, relativeError));
}

/** Standard deviation of a sample; null for fewer than two values. */
export function stddev(column: ColumnArgument): Column {
  return call('stddev', columnOf(column));
}

/** Standard deviation of a sample; null for fewer than two values. */
export function std(column: ColumnArgument): Column {
  return call('std', columnOf(column));
}

/** Standard deviation of a sample; null for fewer than two values. */
export function stddevSamp(column: ColumnArgument): Column {
  return call('stddev_samp', columnOf(column));
}

/** Standard deviation of a whole population. */
export function stddevPop(column: ColumnArgument): Column {
  return call('stddev_pop', columnOf(column));
}

/** Variance of a sample; null for fewer than two values. */
export function variance(column: ColumnArgument): Column {
  return call('variance', columnOf(column));
}

/** Variance of a sample; null for fewer than two values. */
export function varSamp(column: ColumnArgument): Column {
  return call('var_samp', columnOf(column));
}

/** Variance of a whole population. */
export function varPop(column: ColumnArgument): Column {
  return call('var_pop', columnOf(column));
}

/** Skewness; null when all values are equal. */
export function skewness(column: ColumnArgument): Column {
  return call('skewness', columnOf(column));
}

/** Excess kurtosis; null when all values are equal. */
export function kurtosis(column: ColumnArgument): Column {
  return call('kurtosis', columnOf(column));
}

/** Pearson's correlation; null for a single pair. */
export function corr(a: ColumnArgument, b: ColumnArgument): Column {
  return call('corr', columnOf(a), columnOf(b));
}

/** Covariance of a whole population of pairs. */
export function covarPop(a: ColumnArgument, b: ColumnArgument): Column {
  return call('covar_pop', columnOf(a), columnOf(b));
}

/** Covariance of a sample of pairs. */
export function covarSamp(a: ColumnArgument, b: ColumnArgument): Column {
  return call('covar_samp', columnOf(a), columnOf(b));
}

/** The exact percentile, interpolated between the two nearest values. */
export function percentile(
  column: ColumnArgument,
  percentage: number | readonly number[] | Column,
  frequency?: ColumnArgument,
): Column {
  return call('percentile', columnOf(column), valueOf(percentage), ...given(columnOf, frequency));
}

/** A value at a percentile, with an error of at most 1/accuracy (10000) of the rows. */
export function percentileApprox(
  column: ColumnArgument,
  percentage: number | readonly number[] | Column,
  accuracy?: number | Column,
): Column {
  return call('percentile_approx', columnOf(column), valueOf(percentage), ...given(valueOf, accuracy));
}

/** A value at a percentile, with an error of at most 1/accuracy (10000) of the rows. */
export function approxPercentile(
  column: ColumnArgument,
  percentage: number | readonly number[] | Column,
  accuracy?: number | Column,
): Column {
  return call('approx_percentile', columnOf(column), valueOf(percentage), ...given(valueOf, accuracy));
}

/** The exact median. */
export function median(column: ColumnArgument): Column {
  return call('median', columnOf(column));
}

/** The most frequent value that is no null. */
export function mode(column: ColumnArgument, deterministic?: boolean | Column): Column {
  return call('mode', columnOf(column), ...given(valueOf, deterministic));
}

/** Whether all values are true; null when there is none. */
export function boolAnd(column: ColumnArgument): Column {
  return call('bool_and', columnOf(column));
}

/** Whether all values are true; null when there is none. */
export function every(column: ColumnArgument): Column {
  return call('every', columnOf(column));
}

/** Whether a value is true; null when there is none. */
export function boolOr(column: ColumnArgument): Column {
  return call('bool_or', columnOf(column));
}

/** Whether a value is true; null when there is none. */
export function some(column: ColumnArgument): Column {
  return call('some', columnOf(column));
}

/** All values joined by bitwise AND. */
export function bitAnd(column: ColumnArgument): Column {
  return call('bit_and', columnOf(column));
}

/** All values joined by bitwise OR. */
export function bitOr(column: ColumnArgument): Column {
  return call('bit_or', columnOf(column));
}

/** All values joined by bitwise XOR. */
export function bitXor(column: ColumnArgument): Column {
  return call('bit_xor', columnOf(column));
}

/** The texts joined with a delimiter; null when there is none. */
export function listagg(column: ColumnArgument, delimiter?: string | Uint8Array | Column): Column {
  return call('listagg', columnOf(column), ...given(valueOf, delimiter));
}

/** The texts joined with a delimiter; null when there is none. */
export function stringAgg(column: ColumnArgument, delimiter?: string | Uint8Array | Column): Column {
  return call('string_agg', columnOf(column), ...given(valueOf, delimiter));
}

/** Whether a column is left out of the grouping in this row of rollup or cube. */
export function grouping(column: ColumnArgument): Column {
  return call('grouping', columnOf(column));
}

/** The columns that are left out, as bits. */
export function groupingId(...columns: ColumnArguments): Column {
  return call('grouping_id', ...columnsOf(columns));
}

/** How many pairs there are. */
export function regrCount(y: ColumnArgument, x: ColumnArgument): Column {
  return call('regr_count', columnOf(y), columnOf(x));
}

/** The mean of x. */
export function regrAvgx(y: ColumnArgument, x: ColumnArgument): Column {
  return call('regr_avgx', columnOf(y), columnOf(x));
}

/** The mean of y. */
export function regrAvgy(y: ColumnArgument, x: ColumnArgument): Column {
  return call('regr_avgy', columnOf(y), columnOf(x));
}

/** The slope of the line. */
export function regrSlope(y: ColumnArgument, x: ColumnArgument): Column {
  return call('regr_slope', columnOf(y), columnOf(x));
}

/** Where the line meets the axis of y. */
export function regrIntercept(y: ColumnArgument, x: ColumnArgument): Column {
  return call('regr_intercept', columnOf(y), columnOf(x));
}

/** The coefficient of determination. */
export function regrR2(y: ColumnArgument, x: ColumnArgument): Column {
  return call('regr_r2', columnOf(y), columnOf(x));
}

/** The sum of squares of x around its mean. */
export function regrSxx(y: ColumnArgument, x: ColumnArgument): Column {
  return call('regr_sxx', columnOf(y), columnOf(x));
}

/** The sum of squares of y around its mean. */
export function regrSyy(y: ColumnArgument, x: ColumnArgument): Column {
  return call('regr_syy', columnOf(y), columnOf(x));
}

/** The sum of products around the means. */
export function regrSxy(y: ColumnArgument, x: ColumnArgument): Column {
  return call('regr_sxy', columnOf(y), columnOf(x));
}

/** The number of a row in its partition, from 1. */
export function rowNumber(): Column {
  return call('row_number');
}

/** The number of the first of the rows that are equal in order. */
export function rank(): Column {
  return call('rank');
}

/** As rank, without gaps. */
export function denseRank(): Column {
  return call('dense_rank');
}

/** (rank - 1) / (rows - 1). */
export function percentRank(): Column {
  return call('percent_rank');
}

/** The share of rows up to this one and its equals. */
export function cumeDist(): Column {
  return call('cume_dist');
}

/** The number of the bucket when a partition is dealt into n. */
export function ntile(buckets: number | Column): Column {
  return call('ntile', valueOf(buckets));
}

/** The value of the row before by an offset (1), else the default (null). */
export function lag(column: ColumnArgument, offset?: number | Column, fallback?: unknown): Column {
  return call('lag', columnOf(column), ...given(valueOf, offset), ...given(valueOf, fallback));
}

/** The value of the row behind by an offset (1), else the default (null). */
export function lead(column: ColumnArgument, offset?: number | Column, fallback?: unknown): Column {
  return call('lead', columnOf(column), ...given(valueOf, offset), ...given(valueOf, fallback));
}

/** The product of the values as a double; null when there is none. */
export function product(column: ColumnArgument): Column {
  return call('product', columnOf(column));
}

/** A histogram of at most so many bars, as structs of the place and the height of each. */
export function histogramNumeric(column: ColumnArgument, bars: number | Column): Column {
  return call('histogram_numeric', columnOf(column), valueOf(bars));
}

/** A count-min sketch of the values in Spark's binary form. */
export function countMinSketch(
  column: ColumnArgument,
  relativeError: number | Column,
  confidence: number | Column,
  seed: number | Column = 0,
): Column {
  return call('count_min_sketch', columnOf(column), valueOf(relativeError), valueOf(confidence), valueOf(seed));
}

/** The most frequent values with how often each came. */
export function approxTopK(column: ColumnArgument, k?: number | Column, maxItemsTracked?: number | Column): Column {
  return call('approx_top_k', columnOf(column), ...given(valueOf, k), ...given(valueOf, maxItemsTracked));
}

/** A sketch of how often values come, for `approxTopKCombine` and `approxTopKEstimate`. */
export function approxTopKAccumulate(column: ColumnArgument, maxItemsTracked?: number | Column): Column {
  return call('approx_top_k_accumulate', columnOf(column), ...given(valueOf, maxItemsTracked));
}

/** Sketches of `approxTopKAccumulate` as one. */
export function approxTopKCombine(state: ColumnArgument, maxItemsTracked?: number | Column): Column {
  return call('approx_top_k_combine', columnOf(state), ...given(valueOf, maxItemsTracked));
}

/** The most frequent values of a sketch with how often each came. */
export function approxTopKEstimate(state: ColumnArgument, k?: number | Column): Column {
  return call('approx_top_k_estimate', columnOf(state), ...given(valueOf, k));
}

/** A bitmap with the bits at the positions set. */
export function bitmapConstructAgg(column: ColumnArgument): Column {
  return call('bitmap_construct_agg', columnOf(column));
}

/** All bitmaps joined by OR. */
export function bitmapOrAgg(column: ColumnArgument): Column {
  return call('bitmap_or_agg', columnOf(column));
}

/** All bitmaps joined by AND. */
export function bitmapAndAgg(column: ColumnArgument): Column {
  return call('bitmap_and_agg', columnOf(column));
}
