import { describe, expect, it } from '@jest/globals';
import * as F from '../../../lib/functions.ts';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { AnalysisError } from '../../../lib/structured/analyzer/analysis-error.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import type { Session } from '../../../lib/structured/session.ts';
import { Window } from '../../../lib/structured/window-spec.ts';
import type { GroupedData } from '../../../lib/structured/grouped-data.ts';
import { newSession, streamOf } from '../frames.ts';

const { col, expr, lit } = F;

function problemOf(run: () => unknown): MillraceError {
  try {
    run();
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  throw new TypeError('nothing was raised');
}

const schema =
  'k STRING, v INT, ts TIMESTAMP, s STRING, d DATE, m MAP<STRING, INT>, a ARRAY<INT>, p STRUCT<x: INT, X: INT, y: INT>, b BINARY';

type Build = (f: DataFrame, spark: Session) => unknown;

describe('problems of a plan', () => {
  it.each<readonly [string, string, Build]>([
    ['an unknown column, with what is like it', 'UNRESOLVED_COLUMN.WITH_SUGGESTION', (f) => f.select('vv')],
    [
      'a column where there are none',
      'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION',
      (_, spark) => spark.createDataFrame([], '').select('v'),
    ],
    ['a name that two sides have', 'AMBIGUOUS_REFERENCE', (f) => f.join(f.select('k', 'v'), 'k').select('v')],
    [
      'a column of a DataFrame that is not below',
      'CANNOT_RESOLVE_DATAFRAME_COLUMN',
      (f, spark) => f.select(spark.range(3).col('id')),
    ],
    ['a column that was dropped', 'CANNOT_RESOLVE_DATAFRAME_COLUMN', (f) => f.select('k').groupBy(f.col('v')).count()],
    ['a star of nothing', 'CANNOT_RESOLVE_STAR_EXPAND', (f) => f.select('q.*')],
    ['a star of what has no fields', 'CANNOT_RESOLVE_STAR_EXPAND', (f) => f.select('v.*')],
    ['a star as a value', 'INVALID_USAGE_OF_STAR_OR_REGEX', (f) => f.where(col('*').cast('boolean'))],
    ['an unknown field', 'FIELD_NOT_FOUND', (f) => f.select('p.z')],
    ['a field that is there twice', 'AMBIGUOUS_REFERENCE_TO_FIELDS', (f) => f.select('p.x')],
    ['a part of a number', 'INVALID_EXTRACT_BASE_FIELD_TYPE', (f) => f.select(col('v').getItem(1))],
    ['a field of a number', 'INVALID_EXTRACT_BASE_FIELD_TYPE', (f) => f.select('v.x')],
    ['a field by a column', 'INVALID_EXTRACT_FIELD_TYPE', (f) => f.select(col('p').getItem(col('v')))],
    ['an element by a text', 'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE', (f) => f.select(col('a').getItem(col('k')))],
    ['a column given twice', 'COLUMN_ALREADY_EXISTS', (f) => f.withColumns({ x: lit(1), X: lit(2) })],
    ['a join on a name of one side', 'UNRESOLVED_USING_COLUMN_FOR_JOIN', (f, spark) => f.join(spark.range(3), 'k')],
    [
      'a join on a name that is twice on one side',
      'AMBIGUOUS_REFERENCE',
      (f) => f.join(f.select('k', col('v').alias('K')), 'k'),
    ],
    [
      'a join condition that is no condition',
      'JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE',
      (f, spark) => f.join(spark.range(3), col('v').plus('id')),
    ],
    ['an unknown kind of join', 'QUERY_JOIN_TYPE', (f, spark) => f.join(spark.range(3), lit(true), 'sideways')],
    [
      'a window in a join condition',
      'QUERY_WINDOW_IN_JOIN_CONDITION',
      (f, spark) => f.join(spark.range(3), F.window('ts', '1 minute').isNotNull()),
    ],
    ['an unknown function, with what is like it', 'UNRESOLVED_ROUTINE', (f) => f.selectExpr('uper(k)')],
    ['make_time', 'UNSUPPORTED_TIME_TYPE', (f) => f.selectExpr('make_time(1, 2, 3)')],
    ['to_time', 'UNSUPPORTED_TIME_TYPE', (f) => f.selectExpr("to_time('12:00:00')")],
    ['try_to_time', 'UNSUPPORTED_TIME_TYPE', (f) => f.selectExpr("TRY_TO_TIME('x')")],
    ['time_diff', 'UNSUPPORTED_TIME_TYPE', (f) => f.selectExpr("time_diff('HOUR', k, k)")],
    ['time_trunc', 'UNSUPPORTED_TIME_TYPE', (f) => f.selectExpr("time_trunc('HOUR', k)")],
    [
      'a lambda for a function that takes none',
      'INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION',
      (f) => f.selectExpr('upper(x -> x)'),
    ],
    [
      'a lambda of too many parameters',
      'INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH',
      (f) => f.selectExpr('exists(a, (x, y, z) -> true)'),
    ],
    ['an order where nothing is sorted', 'INVALID_SORT_ORDER_PLACE', (f) => f.select(col('v').desc())],
    [
      'DISTINCT of a function of one row',
      'INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX',
      (f) => f.selectExpr('upper(DISTINCT k)'),
    ],
    [
      'FILTER of a function of one row',
      'INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX',
      (f) => f.selectExpr('upper(k) FILTER (WHERE v > 1)'),
    ],
    ['a filter that is no condition', 'DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN', (f) => f.where('v + 1')],
    [
      'a FILTER that is no condition',
      'INVALID_AGGREGATE_FILTER.NOT_BOOLEAN',
      (f) => f.groupBy().agg(expr('sum(v) FILTER (WHERE v)')),
    ],
    [
      'a CASE whose condition is none',
      'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE',
      (f) => f.selectExpr('CASE WHEN v THEN 1 END'),
    ],
    [
      'a CASE of types that have nothing in common',
      'DATATYPE_MISMATCH.DATA_DIFF_TYPES',
      (f) => f.selectExpr('CASE WHEN v > 1 THEN a ELSE ts END'),
    ],
    [
      'a cast that no value survives',
      'DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION',
      (f) => f.selectExpr('CAST(a AS INT)'),
    ],
    ['a sort by a map', 'DATATYPE_MISMATCH.INVALID_ORDERING_TYPE', (f) => f.orderBy('m')],
    ['a group by a map', 'GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE', (f) => f.groupBy('m').count()],
    ['a column that is neither grouped nor aggregated', 'MISSING_AGGREGATION', (f) => f.groupBy('k').agg(col('v'))],
    ['an aggregate beside a column', 'MISSING_GROUP_BY', (f) => f.select('k', F.sum('v'))],
    ['a group by an aggregate', 'GROUP_BY_AGGREGATE', (f) => f.groupBy(F.sum('v')).count()],
    ['an aggregate of an aggregate', 'NESTED_AGGREGATE_FUNCTION', (f) => f.groupBy('k').agg(F.sum(F.max('v')))],
    ['an aggregate in a filter', 'INVALID_WHERE_CONDITION', (f) => f.where('sum(v) > 1')],
    ['an aggregate in an order', 'INVALID_WHERE_CONDITION', (f) => f.orderBy(F.sum('v'))],
    ['a generator in a filter', 'UNSUPPORTED_GENERATOR.OUTSIDE_SELECT', (f) => f.where(F.explode('a'))],
    ['a generator in a grouping', 'UNSUPPORTED_GENERATOR.OUTSIDE_SELECT', (f) => f.groupBy(F.explode('a')).count()],
    [
      'a generator in an expression',
      'UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS',
      (f) => f.select(F.explode('a').plus(1)),
    ],
    [
      'two generators',
      'UNSUPPORTED_GENERATOR.MULTI_GENERATOR',
      (f) => f.select(F.explode('a'), F.explode('m').alias('x', 'y')),
    ],
    ['too few names for a generator', 'UDTF_ALIAS_NUMBER_MISMATCH', (f) => f.select(F.explode('m').alias('x'))],
    ['two names for one column', 'UDTF_ALIAS_NUMBER_MISMATCH', (f) => f.select(col('v').alias('x', 'y'))],
    [
      'over of a function of one row',
      'UNSUPPORTED_EXPR_FOR_WINDOW',
      (f) => f.select(F.upper('k').over(Window.partitionBy('k'))),
    ],
    [
      'a rank without an order',
      'WINDOW_FUNCTION_WITHOUT_ORDER',
      (f) => f.select(F.rowNumber().over(Window.partitionBy('k'))),
    ],
    ['a rank without a window', 'WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE', (f) => f.select(F.rowNumber())],
    [
      'grouping() without grouping sets',
      'UNSUPPORTED_GROUPING_EXPRESSION',
      (f) => f.groupBy('k').agg(expr('grouping(k)')),
    ],
    ['grouping() of another column', 'GROUPING_COLUMN_MISMATCH', (f) => f.rollup('k').agg(expr('grouping(v)'))],
    [
      'a cube of too many columns',
      'GROUPING_SIZE_LIMIT_EXCEEDED',
      (f) => f.cube(...Array.from({ length: 31 }, (_, i) => lit(i))).count(),
    ],
    [
      'a metric that is no aggregate',
      'INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE',
      (f) => f.observe('x', col('v')),
    ],
    ['a union of other widths', 'NUM_COLUMNS_MISMATCH', (f) => f.union(f.select('k'))],
    [
      'a union by name without a column',
      'UNRESOLVED_COLUMN.WITH_SUGGESTION',
      (f) => f.select('k', 'v').unionByName(f.select('k', 's')),
    ],
    ['a union by name with one too many', 'NUM_COLUMNS_MISMATCH', (f) => f.select('k').unionByName(f.select('k', 's'))],
    ['a union of other types', 'INCOMPATIBLE_COLUMN_TYPE', (f) => f.select('a').union(f.select('ts'))],
    [
      'a set operation with a map',
      'UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE',
      (f) => f.select('m').subtract(f.select('m')),
    ],
    ['duplicates by a map', 'UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE', (f) => f.distinct()],
    ['duplicates by an unknown column', 'QUERY_DEDUPLICATE_COLUMN', (f) => f.dropDuplicates(['vv'])],
    [
      'duplicates within a watermark of static data',
      'QUERY_DEDUPLICATE_WITHIN_WATERMARK_STATIC',
      (_, spark) => spark.range(3).dropDuplicatesWithinWatermark(),
    ],
    [
      'a pivot without values',
      'QUERY_PIVOT_VALUES',
      (f) => (f.groupBy('k').pivot('v') as unknown as GroupedData).count(),
    ],
    ['a pivot of a rollup', 'QUERY_DATAFRAME_ARGUMENT', (f) => f.rollup('k').pivot('v', [1])],
    ['a DataFrame that is none', 'QUERY_DATAFRAME_ARGUMENT', (f) => f.union('other' as never)],
    ['a negative limit', 'QUERY_DATAFRAME_ARGUMENT', (f) => f.limit(-1)],
    ['a fraction above 1', 'QUERY_DATAFRAME_ARGUMENT', (f) => f.sample(2)],
    ['a regular expression that is none', 'QUERY_DATAFRAME_ARGUMENT', (f) => f.colRegex('`(`')],
    [
      'a read without a schema',
      'QUERY_SOURCE_SCHEMA',
      (_, spark) => spark.state.frame({ kind: 'read', isStreaming: true, format: 'x', options: {} }),
    ],
    ['an unknown view', 'TABLE_OR_VIEW_NOT_FOUND', (_, spark) => spark.table('nowhere')],
    [
      'a view that is there already',
      'TEMP_TABLE_OR_VIEW_ALREADY_EXISTS',
      (f) => [f.createTempView('x'), f.createTempView('X')],
    ],
    ['a setting that is not set', 'SQL_CONF_NOT_FOUND', (_, spark) => spark.conf.get('no.such.setting')],
    [
      'a setting of another type',
      'INVALID_CONF_VALUE.DEFAULT',
      (_, spark) => spark.conf.set('spark.sql.ansi.enabled', 'maybe'),
    ],
    [
      'an unknown watermark policy',
      'INVALID_CONF_VALUE.DEFAULT',
      (_, spark) => spark.conf.set('spark.sql.streaming.multipleWatermarkPolicy', 'mean'),
    ],
    [
      'a zone that is none',
      'INVALID_CONF_VALUE.TIME_ZONE',
      (_, spark) => spark.conf.set('spark.sql.session.timeZone', 'Mars'),
    ],
    ['an event time that is text', 'EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE', (f) => f.withWatermark('s', '1 minute')],
    [
      'an event time within a struct',
      'QUERY_WATERMARK_COLUMN',
      (f) => f.select(F.struct('ts').alias('data')).withWatermark('data.ts', '1 minute'),
    ],
    ['a negative delay', 'QUERY_WATERMARK_DELAY', (f) => f.withWatermark('ts', '-5 seconds')],
    ['a delay that is no text', 'QUERY_DATAFRAME_ARGUMENT', (f) => f.withWatermark('ts', 10 as never)],
    ['a window of months', 'QUERY_WINDOW_MONTHS', (f) => f.groupBy(F.window('ts', '1 month')).count()],
    ['a window without a length', 'WRONG_NUM_ARGS.WITHOUT_SUGGESTION', (f) => f.selectExpr('window(ts)')],
    [
      'a window of a length that is no constant',
      'DATATYPE_MISMATCH.NON_FOLDABLE_INPUT',
      (f) => f.selectExpr('window(ts, k)'),
    ],
    [
      'a slide longer than the window',
      'DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION',
      (f) => f.select(F.window('ts', '5 seconds', '10 seconds')),
    ],
    ['window_time of what is no window', 'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE', (f) => f.select(F.windowTime('p'))],
    [
      'a gap that is a number',
      'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE',
      (f) => f.select(F.sessionWindow('ts', col('v'))),
    ],
    [
      'two windows in one step',
      'QUERY_MULTIPLE_TIME_WINDOWS',
      (f) => f.select(F.window('ts', '5 seconds'), F.window('ts', '6 seconds').alias('w2')),
    ],
    [
      'no processor',
      'QUERY_STATEFUL_PROGRAM_OPTION',
      (f) => f.groupBy('k').transformWithState({}, { outputSchema: 'a INT', outputMode: 'update', timeMode: 'None' }),
    ],
    [
      'an unknown time mode',
      'QUERY_STATEFUL_PROGRAM_OPTION',
      (f) =>
        f
          .groupBy('k')
          .transformWithState(
            { handleInputRows: () => [] },
            { outputSchema: 'a INT', outputMode: 'update', timeMode: 'Sometimes' },
          ),
    ],
    [
      'no function',
      'QUERY_STATEFUL_PROGRAM_OPTION',
      (f) =>
        f.groupBy('k').flatMapGroupsWithState(null as never, {
          outputSchema: 'a INT',
          stateSchema: 'a INT',
          outputMode: 'update',
          timeout: 'NoTimeout',
        }),
    ],
    [
      'no schema of the state',
      'QUERY_STATEFUL_PROGRAM_OPTION',
      (f) =>
        f.groupBy('k').flatMapGroupsWithState(() => [], {
          outputSchema: 'a INT',
          outputMode: 'update',
          timeout: 'NoTimeout',
        } as never),
    ],
  ])('%s', (_, code, build) => {
    const spark = newSession();
    const error = problemOf(() => build(streamOf(spark, schema), spark));
    expect(error.code).toBe(code);
    expect(error.message).not.toMatch(/undefined|\[object/u);
  });

  it('are told all at once', () => {
    const frame = streamOf(newSession(), schema);
    const error = problemOf(() =>
      frame.select(col('nope').plus(col('neither')), F.upper(col('missing')), expr('nofunction(v)')),
    );
    expect(error).toBeInstanceOf(AnalysisError);
    expect((error as AnalysisError).problems.map((problem) => problem.code)).toEqual([
      'UNRESOLVED_COLUMN.WITH_SUGGESTION',
      'UNRESOLVED_COLUMN.WITH_SUGGESTION',
      'UNRESOLVED_COLUMN.WITH_SUGGESTION',
      'UNRESOLVED_ROUTINE',
    ]);
    // The one that was written as text shows its place in three lines.
    expect(error.message.split('\n')).toHaveLength(8);
  });

  it('of keys and of aggregates are told together', () => {
    const frame = streamOf(newSession(), schema);
    const error = problemOf(() => frame.groupBy('nokey').agg(F.sum('novalue')));
    expect((error as AnalysisError).problems.map(({ params }) => params['objectName'])).toEqual([
      '`nokey`',
      '`novalue`',
    ]);
  });

  it.each([
    ['s', /toTimestamp\('s'\)/u],
    ['d', /cast\('timestamp'\)/u],
    ['v', /timestampMillis\('v'\)/u],
    ['b', /Take a column of type TIMESTAMP/u],
  ])('an event time of another type comes with what mends it: %s', (column, mend) => {
    expect(problemOf(() => streamOf(newSession(), schema).withWatermark(column, '1 minute')).remedy).toMatch(mend);
  });
});
