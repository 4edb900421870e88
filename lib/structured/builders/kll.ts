import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, call, columnOf, given, valueOf } from './build.ts';

/** A KLL sketch of whole numbers; k, 8 to 65535 and 200 when left out, says how exact it is. */
export function kllSketchAggBigint(column: ColumnArgument, k?: number | Column): Column {
  return call('kll_sketch_agg_bigint', columnOf(column), ...given(valueOf, k));
}

/** KLL sketches of whole numbers as one. */
export function kllMergeAggBigint(column: ColumnArgument, k?: number | Column): Column {
  return call('kll_merge_agg_bigint', columnOf(column), ...given(valueOf, k));
}

/** What a KLL sketch of whole numbers is, in words. */
export function kllSketchToStringBigint(sketch: ColumnArgument): Column {
  return call('kll_sketch_to_string_bigint', columnOf(sketch));
}

/** How many whole numbers a KLL sketch stands for. */
export function kllSketchGetNBigint(sketch: ColumnArgument): Column {
  return call('kll_sketch_get_n_bigint', columnOf(sketch));
}

/** Two KLL sketches of whole numbers as one. */
export function kllSketchMergeBigint(first: ColumnArgument, second: ColumnArgument): Column {
  return call('kll_sketch_merge_bigint', columnOf(first), columnOf(second));
}

/** The item of a KLL sketch of whole numbers up to which there is that part of all; an array for a column of one. */
export function kllSketchGetQuantileBigint(sketch: ColumnArgument, rank: number | Column): Column {
  return call('kll_sketch_get_quantile_bigint', columnOf(sketch), valueOf(rank));
}

/** The part of the whole numbers of a KLL sketch that is not greater than a value; an array for a column of one. */
export function kllSketchGetRankBigint(sketch: ColumnArgument, value: number | bigint | Column): Column {
  return call('kll_sketch_get_rank_bigint', columnOf(sketch), valueOf(value));
}

/** A KLL sketch of floats; k, 8 to 65535 and 200 when left out, says how exact it is. */
export function kllSketchAggFloat(column: ColumnArgument, k?: number | Column): Column {
  return call('kll_sketch_agg_float', columnOf(column), ...given(valueOf, k));
}

/** KLL sketches of floats as one. */
export function kllMergeAggFloat(column: ColumnArgument, k?: number | Column): Column {
  return call('kll_merge_agg_float', columnOf(column), ...given(valueOf, k));
}

/** What a KLL sketch of floats is, in words. */
export function kllSketchToStringFloat(sketch: ColumnArgument): Column {
  return call('kll_sketch_to_string_float', columnOf(sketch));
}

/** How many floats a KLL sketch stands for. */
export function kllSketchGetNFloat(sketch: ColumnArgument): Column {
  return call('kll_sketch_get_n_float', columnOf(sketch));
}

/** Two KLL sketches of floats as one. */
export function kllSketchMergeFloat(first: ColumnArgument, second: ColumnArgument): Column {
  return call('kll_sketch_merge_float', columnOf(first), columnOf(second));
}

/** The item of a KLL sketch of floats up to which there is that part of all; an array for a column of one. */
export function kllSketchGetQuantileFloat(sketch: ColumnArgument, rank: number | Column): Column {
  return call('kll_sketch_get_quantile_float', columnOf(sketch), valueOf(rank));
}

/** The part of the floats of a KLL sketch that is not greater than a value; an array for a column of one. */
export function kllSketchGetRankFloat(sketch: ColumnArgument, value: number | Column): Column {
  return call('kll_sketch_get_rank_float', columnOf(sketch), valueOf(value));
}

/** A KLL sketch of doubles; k, 8 to 65535 and 200 when left out, says how exact it is. */
export function kllSketchAggDouble(column: ColumnArgument, k?: number | Column): Column {
  return call('kll_sketch_agg_double', columnOf(column), ...given(valueOf, k));
}

/** KLL sketches of doubles as one. */
export function kllMergeAggDouble(column: ColumnArgument, k?: number | Column): Column {
  return call('kll_merge_agg_double', columnOf(column), ...given(valueOf, k));
}

/** What a KLL sketch of doubles is, in words. */
export function kllSketchToStringDouble(sketch: ColumnArgument): Column {
  return call('kll_sketch_to_string_double', columnOf(sketch));
}

/** How many doubles a KLL sketch stands for. */
export function kllSketchGetNDouble(sketch: ColumnArgument): Column {
  return call('kll_sketch_get_n_double', columnOf(sketch));
}

/** Two KLL sketches of doubles as one. */
export function kllSketchMergeDouble(first: ColumnArgument, second: ColumnArgument): Column {
  return call('kll_sketch_merge_double', columnOf(first), columnOf(second));
}

/** The item of a KLL sketch of doubles up to which there is that part of all; an array for a column of one. */
export function kllSketchGetQuantileDouble(sketch: ColumnArgument, rank: number | Column): Column {
  return call('kll_sketch_get_quantile_double', columnOf(sketch), valueOf(rank));
}

/** The part of the doubles of a KLL sketch that is not greater than a value; an array for a column of one. */
export function kllSketchGetRankDouble(sketch: ColumnArgument, value: number | Column): Column {
  return call('kll_sketch_get_rank_double', columnOf(sketch), valueOf(value));
}
