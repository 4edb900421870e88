import type { ErrorEntry } from '../error-entry.ts';

/** Errors of the structured plan: names, types of columns, what a stream does not allow. */
export const analysisErrors = {
  // Names
  'UNRESOLVED_COLUMN.WITH_SUGGESTION': {
    message: 'There is no column {objectName} here.',
    remedy: 'Did you mean one of {proposal}?',
    exit: 2,
  },
  'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION': {
    message: 'There is no column {objectName} here, nor any other column.',
    remedy: 'Look at printSchema() of the DataFrame it should come from.',
    exit: 2,
  },
  AMBIGUOUS_REFERENCE: {
    message: 'The column {name} may be any of {referenceNames}.',
    remedy: "Say which DataFrame is meant: df.col('name'), or give the DataFrames an alias and write alias.name.",
    exit: 2,
  },
  CANNOT_RESOLVE_DATAFRAME_COLUMN: {
    message: 'The column {name} was taken from a DataFrame that does not give it here.',
    remedy: 'Take it from the DataFrame that the method is called on, or refer to it by its name.',
    exit: 2,
  },
  CANNOT_RESOLVE_STAR_EXPAND: {
    message: 'There is nothing that {targetString}.* could stand for.',
    remedy: 'Write a struct column or the alias of a DataFrame before the dot; near are {columns}.',
    exit: 2,
  },
  INVALID_USAGE_OF_STAR_OR_REGEX: {
    message: 'A {elem} cannot stand in {prettyName}.',
    remedy: 'Name the column, or use the star as an item of select or as the argument of count.',
    exit: 2,
  },
  FIELD_NOT_FOUND: {
    message: 'There is no field {fieldName} in the struct.',
    remedy: 'Its fields are {fields}.',
    exit: 2,
  },
  AMBIGUOUS_REFERENCE_TO_FIELDS: {
    message: 'The field {field} is {count} times in the struct.',
    remedy: 'Give the fields different names where the struct is made.',
    exit: 2,
  },
  INVALID_EXTRACT_BASE_FIELD_TYPE: {
    message: 'Nothing can be taken out of {base}: it is {other}, no struct, array or map.',
    remedy: 'Parse it first, JSON text for example with fromJson.',
    exit: 2,
  },
  INVALID_EXTRACT_FIELD_TYPE: {
    message: 'A field of a struct is named by a text that is a constant, not by {extraction}.',
    remedy: "Write getField('name').",
    exit: 2,
  },
  COLUMN_ALREADY_EXISTS: {
    message: 'The column {columnName} is given twice.',
    remedy: 'Give each column once.',
    exit: 2,
  },
  UNRESOLVED_USING_COLUMN_FOR_JOIN: {
    message: 'The {side} side of the join has no column {colName}.',
    remedy: 'Join on a name that both sides have (near is {suggestion}), or on a condition.',
    exit: 2,
  },
  TABLE_OR_VIEW_NOT_FOUND: {
    message: 'There is no table or view {relationName}.',
    remedy: 'Make it with createOrReplaceTempView before; known are: {known}.',
    exit: 2,
  },
  ASSIGNMENT_ARITY_MISMATCH: {
    message: 'The list of column names has {numTarget} names for {numExpr} columns.',
    remedy: 'Give one name for each column, or leave the list out.',
    exit: 2,
  },
  'INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH': {
    message: 'The first row of VALUES has {expectedNumCols} columns, but row {rowIndex} has {actualNumCols}.',
    remedy: 'Give each row as many values.',
    exit: 2,
  },
  'INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE': {
    message: 'The values of the column {colName} of VALUES have types that do not go together: {types}.',
    remedy: 'Cast them to one type.',
    exit: 2,
  },
  'INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE': {
    message: 'A value of VALUES cannot be computed: {expr}.',
    remedy: 'Write constants there; select from VALUES to compute with them.',
    exit: 2,
  },
  'INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE': {
    message: 'LIMIT or OFFSET is {value}.',
    remedy: 'Give a number of at least 0.',
    exit: 2,
  },
  'INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL': {
    message: 'LIMIT or OFFSET is null.',
    remedy: 'Give a number of at least 0, or leave it out.',
    exit: 2,
  },
  'INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE': {
    message: 'LIMIT or OFFSET must be a constant, and {expr} depends on rows.',
    remedy: 'Give a number; row_number() in a subquery can be compared with a column.',
    exit: 2,
  },
  'INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE': {
    message: 'LIMIT or OFFSET must be an INT, but {expr} has the type {dataType}.',
    remedy: 'Give a whole number.',
    exit: 2,
  },

  UNSUPPORTED_JOIN_TYPE_FOR_LATERAL: {
    message: 'A {joinType} join cannot be LATERAL.',
    remedy: 'Use an inner, cross or left join.',
    exit: 2,
  },

  // Subqueries
  'INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN': {
    message: 'A query that stands for a value has {number} columns.',
    remedy: 'Select one column, or a struct of them.',
    exit: 2,
  },
  'INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY': {
    message: 'A subquery reads a stream, whose rows are never all there.',
    remedy: 'Join the stream instead.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH': {
    message: 'IN compares {leftLength} values with a query of {rightLength} columns.',
    remedy: 'Select as many columns as there are values on the left.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH': {
    message: 'IN compares {left} with {right}, which do not go together.',
    remedy: 'Cast one side to the type of the other.',
    exit: 2,
  },
  SCALAR_SUBQUERY_TOO_MANY_ROWS: {
    message: 'A query that stands for a value gave more than one row.',
    remedy: 'Aggregate in it, or add LIMIT 1.',
  },
  'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE': {
    message: 'A subquery uses columns of the query around it where it cannot: {sqlExprs}.',
    remedy: 'Use them in its WHERE clause, or join instead.',
    exit: 2,
  },
  QUERY_SUBQUERY_UNSUPPORTED: {
    message: 'A subquery cannot be computed here: {reason}.',
    remedy: 'Join the stream instead, or compare by equality with static data.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON': {
    message: 'The lower bound of a window frame lies behind its upper bound.',
    remedy: 'Exchange the bounds.',
    exit: 2,
  },
  DISTINCT_WINDOW_FUNCTION_UNSUPPORTED: {
    message: 'DISTINCT does not go with OVER: {windowExpr}.',
    remedy: 'Use size(collect_set(...)) over the window.',
    exit: 2,
  },
  TEMP_TABLE_OR_VIEW_ALREADY_EXISTS: {
    message: 'There is a view {relationName} already.',
    remedy: 'Use createOrReplaceTempView, or another name.',
    exit: 2,
  },

  // Functions
  UNRESOLVED_ROUTINE: {
    message: 'There is no function {routineName}.',
    remedy: 'Near are {suggestion}; functions of your own are registered with spark.udf.register.',
    exit: 2,
  },
  'INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION': {
    message: 'A lambda was given to {function}, which takes none.',
    remedy: 'Lambdas go to transform, filter, exists, aggregate and such.',
    exit: 2,
  },
  'INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH': {
    message: 'The lambda given to {function} has {actualNumArgs} parameters.',
    remedy: 'Write it with {expectedNumArgs}.',
    exit: 2,
  },
  INVALID_SORT_ORDER_PLACE: {
    message: '{order} says how to sort, and this is no place to sort.',
    remedy: 'Use it in orderBy or in a window specification.',
    exit: 2,
  },
  'INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX': {
    message: '{prettyName} is no aggregate and cannot be used with {syntax}.',
    remedy: 'Use it with aggregates only.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN': {
    message: 'The condition {filter} is {type}, not BOOLEAN.',
    remedy: 'Compare it with something.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION': {
    message: 'The {leftExprName} ({leftExprValue}) must be {constraint} ({rightExprValue}).',
    remedy: 'Change one of the two.',
    exit: 2,
  },

  // Places
  MISSING_AGGREGATION: {
    message: '{expression} is neither in the grouping nor inside of an aggregate, in {item}.',
    remedy: 'Add {expression} to groupBy, or choose one of its values with first({expression}).',
    exit: 2,
  },
  GROUP_BY_AGGREGATE: {
    message: 'The grouping contains the aggregate {sqlExpr}.',
    remedy: 'Group by columns; aggregate first and group the result if that is meant.',
    exit: 2,
  },
  GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE: {
    message: 'A map cannot be a grouping key: {sqlExpr}.',
    remedy: 'Group by its entries, mapEntries, or by some of its values.',
    exit: 2,
  },
  GROUP_BY_POS_OUT_OF_RANGE: {
    message: 'There is no item {index} in the SELECT list, which has {size}.',
    remedy: 'Name the column; numbers count from 1, and do not go with *.',
    exit: 2,
  },
  GROUP_BY_POS_AGGREGATE: {
    message: 'GROUP BY {index} stands for the aggregate {aggExpr}.',
    remedy: 'Group by columns; aggregate first and group the result if that is meant.',
    exit: 2,
  },
  STAR_GROUP_BY_POS: {
    message: 'A number in GROUP BY does not go with * in the SELECT list.',
    remedy: 'Name the columns.',
    exit: 2,
  },
  ORDER_BY_POS_OUT_OF_RANGE: {
    message: 'There is no item {index} in the SELECT list, which has {size}.',
    remedy: 'Name the column; numbers count from 1.',
    exit: 2,
  },
  MISSING_GROUP_BY: {
    message: 'The query aggregates without GROUP BY, and {expression} is neither aggregated nor a constant.',
    remedy: 'Add GROUP BY, aggregate the expression, or use any_value({expression}).',
    exit: 2,
  },
  GROUPING_COLUMN_MISMATCH: {
    message: 'grouping({grouping}) is of no grouping column.',
    remedy: 'The grouping columns are {groupingColumns}.',
    exit: 2,
  },
  UNSUPPORTED_GROUPING_EXPRESSION: {
    message: '{expression} asks for a grouping set, and there are none.',
    remedy: 'grouping and grouping_id go with rollup and cube.',
    exit: 2,
  },
  GROUPING_SIZE_LIMIT_EXCEEDED: {
    message: 'More than {maxSize} columns cannot be grouped by rollup or cube.',
    remedy: 'Use fewer.',
    exit: 2,
  },
  NESTED_AGGREGATE_FUNCTION: {
    message: 'An aggregate stands inside of the aggregate {function}.',
    remedy: 'Aggregate twice: groupBy(...).agg(...) and again on the result.',
    exit: 2,
  },
  INVALID_WHERE_CONDITION: {
    message: 'The aggregate in {condition} cannot stand in {place}.',
    remedy: 'Aggregate first, give the result a name, and use the name.',
    exit: 2,
  },
  'UNSUPPORTED_GENERATOR.OUTSIDE_SELECT': {
    message: 'A function that gives several rows cannot stand in {plan}.',
    remedy: 'Put it into a select before.',
    exit: 2,
  },
  'UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS': {
    message: 'A function that gives several rows cannot stand inside of an expression: {expression}.',
    remedy: 'Select it alone with an alias, and compute with it in the next select.',
    exit: 2,
  },
  'UNSUPPORTED_GENERATOR.MULTI_GENERATOR': {
    message: 'One select has {num} functions that give several rows: {generators}.',
    remedy: 'Use one select for each.',
    exit: 2,
  },
  UDTF_ALIAS_NUMBER_MISMATCH: {
    message: '{aliasesNum} names were given to {outputNum} columns.',
    remedy: 'Give as many names as there are columns.',
    exit: 2,
  },
  UNSUPPORTED_EXPR_FOR_WINDOW: {
    message: '{sqlExpr} cannot be used with over.',
    remedy: 'Use an aggregate or a ranking function.',
    exit: 2,
  },
  WINDOW_FUNCTION_WITHOUT_ORDER: {
    message: '{function} needs an order.',
    remedy: 'Add orderBy to the window specification.',
    exit: 2,
  },
  WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE: {
    message: '{funcName} needs a window.',
    remedy: 'Add .over(Window.partitionBy(...).orderBy(...)).',
    exit: 2,
  },
  'INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE': {
    message: 'The metric {expr} is no aggregate.',
    remedy: 'observe takes aggregates: count, sum, max and such.',
    exit: 2,
  },

  // Joins and set operations
  JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE: {
    message: 'The join condition {joinCondition} is {conditionType}, not BOOLEAN.',
    remedy: 'Compare columns of both sides; a column name alone is given as a text: join(other, "id").',
    exit: 2,
  },
  QUERY_JOIN_TYPE: {
    message: 'There is no join type {joinType}.',
    remedy: 'Use one of {supported}.',
    exit: 2,
  },
  QUERY_WINDOW_IN_JOIN_CONDITION: {
    message: 'The join condition {condition} computes a window.',
    remedy: 'Add the window as a column on each side before the join, and compare the columns.',
    exit: 2,
  },
  NUM_COLUMNS_MISMATCH: {
    message:
      '{operator} needs the same number of columns on both sides, and has {firstNumColumns} and {invalidNumColumns}.',
    remedy: 'Select the columns that are to be put together, or use unionByName with allowMissingColumns.',
    exit: 2,
  },
  INCOMPATIBLE_COLUMN_TYPE: {
    message: '{operator} cannot put {dataType1} and {dataType2} together, in the column {column}.',
    remedy: 'Cast one of them before.',
    exit: 2,
  },
  'UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE': {
    message: 'The map {colName} cannot be compared with other maps.',
    remedy: 'Leave it out, or compare mapEntries of it.',
    exit: 2,
  },

  // Deduplication, pivot, conf
  QUERY_DEDUPLICATE_COLUMN: {
    message: 'There is no column {column} to find duplicates by.',
    remedy: 'Did you mean one of {proposal}?',
    exit: 2,
  },
  QUERY_DEDUPLICATE_WITHIN_WATERMARK_STATIC: {
    message: 'dropDuplicatesWithinWatermark was called on static data, which has no watermark.',
    remedy: 'Use dropDuplicates.',
    exit: 2,
  },
  QUERY_PIVOT_VALUES: {
    message: 'pivot({column}) was called without the values to make columns of.',
    remedy:
      'Give them: pivot("{column}", [...]). For static data they can be looked for: (await df.groupBy(...).pivot("{column}")).count().',
    exit: 2,
  },
  QUERY_DATAFRAME_ARGUMENT: {
    message: '{method} was given {actual}.',
    remedy: 'Give it {expected}.',
    exit: 2,
  },
  QUERY_PLAN_TOO_DEEP: {
    message: 'The query has too many steps on top of each other.',
    remedy: 'Compute several columns in one select or withColumns instead of one in each step of a loop.',
    exit: 2,
  },
  QUERY_SOURCE_SCHEMA: {
    message: 'The source {format} was read without a schema.',
    remedy: "Give it one: .schema('id INT, value STRING').",
    exit: 2,
  },
  SQL_CONF_NOT_FOUND: {
    message: 'The setting {sqlConf} is not set and has no default.',
    remedy: 'Set it, or give get a default as its second argument.',
    exit: 2,
  },
  'INVALID_CONF_VALUE.DEFAULT': {
    message: 'The setting {confName} cannot be {confValue}.',
    remedy: 'It takes {expected}.',
    exit: 2,
  },
  'INVALID_CONF_VALUE.TIME_ZONE': {
    message: 'The setting {confName} cannot be {confValue}, which is no time zone.',
    remedy: "Use a name like 'Europe/Berlin' or an offset like '+02:00'.",
    exit: 2,
  },

  // Event time
  EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE: {
    message: 'The event time {eventName} must be a TIMESTAMP, and it is {eventType}.',
    remedy: '{mend}.',
    exit: 2,
  },
  QUERY_WATERMARK_COLUMN: {
    message: 'The event time {eventName} is a part of another column.',
    remedy: "Make it a column of its own first: .select('*', '{name}') or .withColumn.",
    exit: 2,
  },
  QUERY_WATERMARK_IDLE_TIMEOUT: {
    message: 'The idle timeout of a watermark must be longer than nothing: {timeout}.',
    remedy:
      "Use '30 seconds', or leave idleTimeout out: a silent source then holds the watermark for ever, as in Spark.",
    exit: 2,
  },
  QUERY_WATERMARK_DELAY: {
    message: 'The delay of a watermark cannot be negative: {delay}.',
    remedy: "Use '0 seconds' to wait for nobody.",
    exit: 2,
  },
  QUERY_WINDOW_MONTHS: {
    message: 'A time window cannot be measured in months or years: {intervalString}.',
    remedy: "They have no fixed length: use weeks or days, or group by dateTrunc('month', time).",
    exit: 2,
  },
  QUERY_MULTIPLE_TIME_WINDOWS: {
    message: 'One step has {count} different time windows.',
    remedy: 'Compute one of them in a select before.',
    exit: 2,
  },
  QUERY_STATEFUL_PROGRAM_OPTION: {
    message: '{operator} was given {option}: {actual}.',
    remedy: 'It takes {expected}.',
    exit: 2,
  },

  // What a stream does not allow
  'STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION': {
    message: 'The output mode {outputMode} does not go with {operation}.',
    remedy: '{mend}.',
    exit: 2,
  },
  NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING: {
    message: 'A stream has no end, so {windowFunc} over its rows ({columnName}) never has a result.',
    remedy: 'Group by a time window instead: groupBy(window(...), ...).agg(...), or do it in foreachBatch.',
    exit: 2,
  },
  WRITE_STREAM_NOT_ALLOWED: {
    message: 'writeStream was called on static data.',
    remedy: 'Use write, or read the data with spark.readStream.',
    exit: 2,
  },
  CALL_ON_STREAMING_DATASET_UNSUPPORTED: {
    message: '{methodName} was called on a stream.',
    remedy: 'Use writeStream, and write inside of foreachBatch if it must be this writer.',
    exit: 2,
  },
  QUERY_ACTION_ON_STREAM: {
    message: '{action} was called on a stream, which never ends.',
    remedy:
      "Start it with writeStream: format('console') to look at it, format('memory') to query it, foreachBatch for the rest.",
    exit: 2,
  },
  QUERY_LIMIT_IN_UPDATE_MODE: {
    message: 'limit cannot be used in update mode: rows that were given out may change later.',
    remedy: 'Use append or complete mode.',
    exit: 2,
  },
  QUERY_OFFSET_ON_STREAM: {
    message: 'offset cannot be used on a stream.',
    remedy: 'Start the source at a later offset instead.',
    exit: 2,
  },
  QUERY_SORT_ON_STREAM: {
    message:
      'A stream can only be sorted behind an aggregation and in complete mode, when the whole result is given out each time.',
    remedy: 'Remove orderBy, or start the query with outputMode("complete") and sort the aggregate.',
    exit: 2,
  },
  QUERY_DISTINCT_AGGREGATE_ON_STREAM: {
    message: 'The distinct aggregate {aggregate} cannot be kept on a stream: its state would be every value.',
    remedy: 'Use approxCountDistinct(...) or size(collectSet(...)).',
    exit: 2,
  },
  QUERY_CHAINED_AGGREGATIONS: {
    message:
      'An aggregation of an aggregation cannot run in {outputMode} mode: results of the first that change later would be counted twice.',
    remedy: 'Use append mode with a watermark.',
    exit: 2,
  },
  QUERY_STATEFUL_CHAIN: {
    message: '{upper} behind {lower} cannot run in {outputMode} mode.',
    remedy: 'Use append mode with a watermark, or split the query into two with a topic between them.',
    exit: 2,
  },
  QUERY_DEDUPLICATE_WITHIN_WATERMARK: {
    message: 'dropDuplicatesWithinWatermark has no watermark to say for how long keys are kept.',
    remedy: 'Put withWatermark before it.',
    exit: 2,
  },
  QUERY_SESSION_WITHOUT_KEY: {
    message: 'A session window is the only grouping key.',
    remedy: 'Group by a key too, as sessions are of somebody; a constant column does when all rows are one session.',
    exit: 2,
  },
  QUERY_STREAM_JOIN_MODE: {
    message: 'A join of two streams cannot run in {outputMode} mode.',
    remedy: 'Use append mode.',
    exit: 2,
  },
  QUERY_STREAM_JOIN_KIND: {
    message: 'A {joinType} join of two streams can never give a row: it would have to know that no match comes ever.',
    remedy: 'Use a left outer join with a watermark and keep the rows whose right side is null.',
    exit: 2,
  },
  QUERY_STREAM_JOIN_EQUALITY: {
    message: 'A join of two streams needs an equality between their columns, and {condition} has none.',
    remedy: 'Add one, for example on a key or on a window of the event time.',
    exit: 2,
  },
  QUERY_STREAM_JOIN_WATERMARK: {
    message:
      'A {joinType} join of two streams gives out rows without a match when no match can come any more, and nothing says when that is.',
    remedy:
      'Put withWatermark on the {side} side with a condition that bounds its time by the other (b.time <= a.time + INTERVAL 1 HOUR), or join on the watermarked time or a window of it.',
    exit: 2,
  },
  QUERY_STATIC_JOIN_SIDE: {
    message:
      'A {joinType} join with the static data on the {staticSide} side keeps rows of the static data that have no match, and a stream never ends.',
    remedy: 'Only the stream may be preserved: {mend}.',
    exit: 2,
  },
  QUERY_UNION_OF_STREAM_AND_STATIC: {
    message: 'A stream and static data cannot be united.',
    remedy: 'Read both as streams, or unite them in foreachBatch.',
    exit: 2,
  },
  QUERY_SET_OPERATION_ON_STREAM: {
    message: '{operation} cannot be computed on streams.',
    remedy: 'Use a join with a static DataFrame (left_semi, left_anti), or dropDuplicates.',
    exit: 2,
  },
  QUERY_SAMPLE_ON_STREAM: {
    message: 'sample cannot be used on a stream.',
    remedy: "Filter by a hash of a key instead: where('pmod(hash(key), 100) < 10').",
    exit: 2,
  },
  QUERY_ROW_NUMBERS_ON_STREAM: {
    message: 'monotonically_increasing_id begins anew in every batch of a stream.',
    remedy: 'Use uuid(), or what the source numbers its rows by, such as topic, partition and offset.',
    exit: 2,
  },
  QUERY_WATERMARK_REDEFINED: {
    message: 'The event time {later} gets a watermark, and {earlier} below it has one already.',
    remedy: 'Keep one withWatermark for each source.',
    exit: 2,
  },
  QUERY_GROUP_STATE_MODE: {
    message:
      'flatMapGroupsWithState was declared with outputMode {declared}, and the query is started with {outputMode}.',
    remedy: 'Use the same mode in both.',
    exit: 2,
  },
  QUERY_EVENT_TIME_WITHOUT_WATERMARK: {
    message: '{operator} asks for event time ({option}), and there is no watermark.',
    remedy: 'Put withWatermark before it.',
    exit: 2,
  },
  GROUPING_ID_COLUMN_MISMATCH: {
    message: 'The columns of grouping_id ({groupingIdColumn}) are not those of the grouping ({groupByColumns}).',
    remedy: 'Write grouping_id() without columns, or with all of them in order.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE': {
    message: 'A frame of a range needs an order of numbers or times, but the type is {type}.',
    remedy: 'Order by a number or a time, or use ROWS BETWEEN.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER': {
    message: 'A frame of a range with an offset takes one order, but there are {count}.',
    remedy: 'Order by one expression, or use ROWS BETWEEN.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER': {
    message: 'A frame of a range needs an order, and the window has none.',
    remedy: 'Add ORDER BY to the window, or use ROWS BETWEEN.',
    exit: 2,
  },
  QUERY_WINDOW_FRAME_FIXED: {
    message: 'The function {function} has a frame of its own, and takes no other.',
    remedy: 'Leave ROWS BETWEEN or RANGE BETWEEN out.',
    exit: 2,
  },
  QUERY_WINDOW_FUNCTION_IN_WHERE: {
    message: 'A function over a window cannot stand in a condition of rows: {filter}.',
    remedy: 'Compute it in a column first, then filter by the column.',
    exit: 2,
  },
  UNRECOGNIZED_STATISTIC: {
    message: 'summary knows no statistic {stats}.',
    remedy: 'Use count, mean, stddev, min, max, count_distinct, approx_count_distinct or a percentile like 25%.',
    exit: 2,
  },
  UNPIVOT_REQUIRES_VALUE_COLUMNS: {
    message: 'unpivot has no columns to turn into rows.',
    remedy: 'Name at least one column that is no id.',
    exit: 2,
  },
  UNPIVOT_VALUE_DATA_TYPE_MISMATCH: {
    message: 'The columns of unpivot have no type in common: {types}.',
    remedy: 'Cast them to one type.',
    exit: 2,
  },
  INVALID_COLUMN_OR_FIELD_DATA_TYPE: {
    message: 'The column {name} is {type}, and cannot become {expectedType}.',
    remedy: 'Change the schema, or cast the column first.',
    exit: 2,
  },
  QUERY_PIVOT_TOO_MANY: {
    message: 'The column {column} of pivot has more than {limit} values.',
    remedy: 'Name the values that are wanted: pivot(column, values).',
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>;
