import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, call, columnOf, given, valueOf } from './build.ts';

/** A HyperLogLog sketch of the distinct values, with `2 ** lgConfigK` registers (12). */
export function hllSketchAgg(column: ColumnArgument, lgConfigK?: number | Column): Column {
  return call('hll_sketch_agg', columnOf(column), ...given(valueOf, lgConfigK));
}

/** The sketch of what all sketches of `hllSketchAgg` have seen; of different `lgConfigK` only if that is allowed (false). */
export function hllUnionAgg(column: ColumnArgument, allowDifferentLgConfigK?: boolean | Column): Column {
  return call('hll_union_agg', columnOf(column), ...given(valueOf, allowDifferentLgConfigK));
}

/** How many distinct values a sketch of `hllSketchAgg` has seen, about. */
export function hllSketchEstimate(column: ColumnArgument): Column {
  return call('hll_sketch_estimate', columnOf(column));
}

/** The sketch of what two sketches of `hllSketchAgg` have seen; of different `lgConfigK` only if that is allowed (false). */
export function hllUnion(
  first: ColumnArgument,
  second: ColumnArgument,
  allowDifferentLgConfigK?: boolean | Column,
): Column {
  return call('hll_union', columnOf(first), columnOf(second), ...given(valueOf, allowDifferentLgConfigK));
}

/** A theta sketch of the distinct values, with up to `2 ** lgNomEntries` hashes (12). */
export function thetaSketchAgg(column: ColumnArgument, lgNomEntries?: number | Column): Column {
  return call('theta_sketch_agg', columnOf(column), ...given(valueOf, lgNomEntries));
}

/** The sketch of what one of the sketches of `thetaSketchAgg` has seen, with up to `2 ** lgNomEntries` hashes (12). */
export function thetaUnionAgg(column: ColumnArgument, lgNomEntries?: number | Column): Column {
  return call('theta_union_agg', columnOf(column), ...given(valueOf, lgNomEntries));
}

/** The sketch of what all sketches of `thetaSketchAgg` have seen. */
export function thetaIntersectionAgg(column: ColumnArgument): Column {
  return call('theta_intersection_agg', columnOf(column));
}

/** How many distinct values a sketch of `thetaSketchAgg` has seen, about. */
export function thetaSketchEstimate(column: ColumnArgument): Column {
  return call('theta_sketch_estimate', columnOf(column));
}

/** The sketch of what one of two sketches of `thetaSketchAgg` has seen, with up to `2 ** lgNomEntries` hashes (12). */
export function thetaUnion(first: ColumnArgument, second: ColumnArgument, lgNomEntries?: number | Column): Column {
  return call('theta_union', columnOf(first), columnOf(second), ...given(valueOf, lgNomEntries));
}

/** The sketch of what two sketches of `thetaSketchAgg` have both seen. */
export function thetaIntersection(first: ColumnArgument, second: ColumnArgument): Column {
  return call('theta_intersection', columnOf(first), columnOf(second));
}

/** The sketch of what the first of two sketches of `thetaSketchAgg` has seen and the second has not. */
export function thetaDifference(first: ColumnArgument, second: ColumnArgument): Column {
  return call('theta_difference', columnOf(first), columnOf(second));
}
