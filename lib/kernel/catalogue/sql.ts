import type { ErrorEntry } from '../error-entry.ts';

/** Errors of expressions: parsing, types, casts, arithmetic, functions. */
export const sqlErrors = {
  // Parsing
  PARSE_SYNTAX_ERROR: {
    message: 'Syntax error at or near {error}{hint} (line {line}, pos {position}).',
    remedy: 'Correct the SQL text at the mark.',
    exit: 2,
  },
  PARSE_EMPTY_STATEMENT: {
    message: 'The SQL text is empty.',
    remedy: 'Write an expression or a statement.',
    exit: 2,
  },
  UNCLOSED_BRACKETED_COMMENT: {
    message: 'A comment that begins with /* has no end.',
    remedy: 'Close it with */; comments within comments are closed one by one.',
    exit: 2,
  },
  INVALID_ESC: {
    message: 'ESCAPE takes one character, not {invalidEscape}.',
    remedy: 'Give the one character that takes the meaning from the one behind it.',
    exit: 2,
  },
  UNBOUND_SQL_PARAMETER: {
    message: 'The marker {name} of the SQL text has no value.',
    remedy: 'Give it with sql(text, args): an object for markers with names, an array for question marks.',
    exit: 2,
  },
  DUPLICATED_CTE_NAMES: {
    message: 'WITH gives the name {duplicateNames} twice.',
    remedy: 'Give each query of a WITH a name of its own.',
    exit: 2,
  },
  MISSING_WINDOW_SPECIFICATION: {
    message: 'There is no window {windowName} in the WINDOW clause.',
    remedy: 'Write WINDOW {windowName} AS (...) behind the FROM clause, or the specification itself behind OVER.',
    exit: 2,
  },
  UNRESOLVABLE_TABLE_VALUED_FUNCTION: {
    message: 'There is no function {name} that gives rows.',
    remedy: 'Use range or a generator such as explode behind FROM.',
    exit: 2,
  },
  FAILED_TO_PARSE_TOO_COMPLEX: {
    message: 'The SQL text nests more than {limit} levels deep.',
    remedy: 'Break it into several columns, or join conditions without brackets.',
    exit: 2,
  },
  SQL_TEXT_TOO_LARGE: {
    message: 'The SQL text stands for a plan of more than {limit} steps.',
    remedy:
      'Select from views or DataFrames made before; a query that WITH names is computed at each place that uses it.',
    exit: 2,
  },
  UNSUPPORTED_DATATYPE: {
    message: 'Unsupported data type {typeName}.',
    remedy: 'Use one of the types of Spark SQL, for example INT, STRING, TIMESTAMP, ARRAY<STRING>.',
    exit: 2,
  },
  UNSUPPORTED_TIME_TYPE: {
    message: 'The data type TIME is not supported.',
    remedy: 'Keep the time of day as text, as seconds or as INTERVAL DAY TO SECOND, or as TIMESTAMP with a day.',
    exit: 2,
  },
  INVALID_TYPED_LITERAL: {
    message: 'The value of the typed literal {valueType} is invalid: {value}.',
    remedy: 'Correct the text of the literal.',
    exit: 2,
  },
  INVALID_NUMERIC_LITERAL_RANGE: {
    message: 'The literal {rawStrippedQualifier} is outside of the range of {typeName}, {minValue} to {maxValue}.',
    remedy: 'Use a wider type: a literal without a suffix takes the type that holds it.',
    exit: 2,
  },
  DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION: {
    message: 'A decimal of precision {precision} exceeds the maximum of {maxPrecision}.',
    remedy: 'Use a precision of at most {maxPrecision}.',
    exit: 2,
  },
  INVALID_DECIMAL_TYPE: {
    message: 'DECIMAL({precision},{scale}) is no type.',
    remedy: 'The precision is 1 to 38, and the scale 0 to the precision.',
    exit: 2,
  },
  CANNOT_PARSE_INTERVAL: {
    message: 'Unable to parse the interval {intervalString}.',
    remedy: "Write numbers with units, for example '5 minutes' or '1 day 2 hours'.",
    exit: 2,
  },
  INVALID_ATTRIBUTE_NAME_SYNTAX: {
    message: 'The column name {name} cannot be read.',
    remedy: 'Put parts with dots or other odd characters into backticks, and double the backticks within them.',
    exit: 2,
  },
  INVALID_TIMEZONE: {
    message: 'The time zone {timeZone} is not known.',
    remedy: "Use a name like 'Europe/Vienna' or an offset like '+02:00'.",
    exit: 2,
  },
  INVALID_WINDOW_FRAME: {
    message: 'The bounds of a window frame must be constant whole numbers; found {bound}.',
    remedy: 'Write the bound as a number, UNBOUNDED or CURRENT ROW.',
    exit: 2,
  },

  // Casts
  CAST_INVALID_INPUT: {
    message: 'The value {expression} of the type {sourceType} cannot be cast to {targetType} because it is malformed.',
    remedy:
      'Correct the value, change the target type, or use try_cast to get null instead. With spark.sql.ansi.enabled=false every such cast gives null.',
  },
  CAST_OVERFLOW: {
    message: 'The value {value} of the type {sourceType} cannot be cast to {targetType} due to an overflow.',
    remedy:
      'Cast to a wider type, or use try_cast to get null instead. With spark.sql.ansi.enabled=false such casts wrap or give null.',
  },
  'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION': {
    message: 'The value {value} cannot be represented as DECIMAL({precision},{scale}).',
    remedy:
      'Use a decimal of higher precision, try_cast or a try_ function to get null, or set spark.sql.ansi.enabled to false.',
  },
  'DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION': {
    message: 'Cannot cast {expression}: {srcType} cannot be cast to {targetType}.',
    remedy: 'Use a function that converts between these types, or cast by way of STRING.',
    exit: 2,
  },

  // Arithmetic
  ARITHMETIC_OVERFLOW: {
    message: 'The result overflows: {what}.',
    remedy: '{mend}, cast to a wider type, or set spark.sql.ansi.enabled to false.',
  },
  BINARY_ARITHMETIC_OVERFLOW: {
    message: 'The result does not fit the type {type} of the operands.',
    remedy: 'Cast the operands to a wider type, or set spark.sql.ansi.enabled to false.',
  },
  DIVIDE_BY_ZERO: {
    message: 'Division by zero.',
    remedy: 'Use try_divide (or try_mod) to get null instead, or set spark.sql.ansi.enabled to false.',
  },
  REMAINDER_BY_ZERO: {
    message: 'Remainder by zero.',
    remedy: 'Use try_mod to get null instead, or set spark.sql.ansi.enabled to false.',
  },
  INTERVAL_DIVIDED_BY_ZERO: {
    message: 'An interval is divided by zero.',
    remedy: 'Use try_divide to get null instead.',
  },
  'INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION': {
    message: 'An interval overflows while being computed.',
    remedy: 'Use smaller intervals.',
  },
  DATETIME_OVERFLOW: {
    message: 'A date or time leaves the range that can be represented: {operation}.',
    remedy: 'Check the value and the interval.',
  },

  // Collections
  INVALID_ARRAY_INDEX: {
    message: 'The index {indexValue} is out of bounds. The array has {arraySize} elements.',
    remedy: 'Use get() to get null for an index outside of the array, or set spark.sql.ansi.enabled to false.',
  },

  // Types of arguments
  'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES': {
    message: 'The operands of {operator} have the types {left} and {right}, which do not go together.',
    remedy: 'Cast one side to the type of the other.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE': {
    message: 'The operator {operator} takes {inputType}, not {actualDataType}.',
    remedy: 'Cast the operand.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.DATA_DIFF_TYPES': {
    message: 'The values of {function} must have one type, but they have {actual}.',
    remedy: 'Cast them to one type.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE': {
    message:
      'Cannot resolve {function}: the {position} argument requires the type {required}, but {argument} has the type {actual}.',
    remedy: 'Cast the argument to {required}.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.INVALID_ORDERING_TYPE': {
    message: 'Values of the type {dataType} cannot be ordered or compared by {functionName}.',
    remedy: 'Compare a part of the value, or cast it.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.NON_FOLDABLE_INPUT': {
    message: 'Cannot resolve {function}: the {position} argument must be a constant, but {argument} is not.',
    remedy: 'Write a literal there.',
    exit: 2,
  },
  'WRONG_NUM_ARGS.WITHOUT_SUGGESTION': {
    message: 'The function {function} requires {expected} arguments, but the call has {actual}.',
    remedy: 'Call it as {usage}.',
    exit: 2,
  },

  UNRECOGNIZED_PARAMETER_NAME: {
    message: 'The function {routineName} has no parameter {argumentName}.',
    remedy: 'Its parameters are: {proposal}.',
    exit: 2,
  },
  UNEXPECTED_POSITIONAL_ARGUMENT: {
    message: 'In a call of {routineName} an argument by position follows the named argument {parameterName}.',
    remedy: 'Put the arguments by position first.',
    exit: 2,
  },
  'DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED': {
    message: 'The parameter {parameterName} of {routineName} is given twice.',
    remedy: 'Give it once, by position or by name.',
    exit: 2,
  },
  REQUIRED_PARAMETER_NOT_FOUND: {
    message: 'The call of {routineName} leaves out the parameter {parameterName}.',
    remedy: 'Give it too.',
    exit: 2,
  },

  // Values of users
  QUERY_LITERAL_VALUE: {
    message: 'A value of {what} cannot be a literal.',
    remedy: 'Use a text, a number, a bigint, a boolean, null, a Date, a Uint8Array, or an array or object of these.',
    exit: 2,
  },
  QUERY_VALUE_OF_TYPE: {
    message: 'A value of the column {column} does not fit the type {type}: {value}.',
    remedy: 'Give {expected}.',
  },
  QUERY_NULL_NOT_ALLOWED: {
    message: 'The column {column} is NOT NULL, but a row has no value for it.',
    remedy: 'Give a value, or make the column nullable in the schema.',
  },
  QUERY_ROW_SHAPE: {
    message: 'A row is {actual}; the schema {schema} needs {expected}.',
    remedy: 'Give an array of the values by position, or an object by column name.',
  },
  QUERY_COLUMN_ARGUMENT: {
    message: '{method} was given {actual} where it takes {expected}.',
    remedy: 'Pass a column, for example col(...), lit(...) or expr(...).',
    exit: 2,
  },
  QUERY_WHEN_ORDER: {
    message: '{method}() cannot be applied here.',
    remedy: 'Start with when(condition, value), add more .when(...), and end with one .otherwise(value).',
    exit: 2,
  },
  QUERY_UDF_FAILED: {
    message: 'The function {name} of the program failed: {reason}.',
    remedy: 'Correct the function; its error is the cause of this one.',
  },
  QUERY_UDF_ASYNC: {
    message: 'The function {name} of the program gave a promise.',
    remedy: 'Functions of columns are synchronous: look values up before the query, or with foreachBatch.',
  },
} as const satisfies Record<string, ErrorEntry>;
