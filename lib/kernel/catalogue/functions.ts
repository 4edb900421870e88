import type { ErrorEntry } from '../error-entry.ts';

/** Errors of SQL functions. */
export const functionErrors = {
  'DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE': {
    message: 'The {position} argument of {function} must be {range}, but it is {actual}.',
    remedy: 'Use a value in the range.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.INVALID_ARG_VALUE': {
    message: 'The argument {argument} of {function} must be one of {required}, but it is {actual}.',
    remedy: 'Give one of these.',
    exit: 2,
  },
  'INVALID_PARAMETER_VALUE.PATTERN': {
    message: 'The regular expression of {function} cannot be used: {reason}. It is {pattern}.',
    remedy: "Write it in Java's syntax.",
  },
  'DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE': {
    message: 'What {function} puts in the place of a kind of characters must be one character, but it is {value}.',
    remedy: 'Give one character, or NULL to leave that kind as it is.',
    exit: 2,
  },
  INVALID_REGEXP_REPLACE: {
    message: 'The replacement {replacement} of {function} cannot be used: {reason}.',
    remedy: 'Refer to groups of the pattern as $1; write a dollar sign or a backslash with a backslash in front.',
  },
  'INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE': {
    message: 'The function {functionName} has no bit {position}: there are the bits 0 to {upper} (exclusive).',
    remedy: 'Use a position that the type has.',
  },
  NON_FOLDABLE_ARGUMENT: {
    message: 'The parameter {paramName} of {funcName} must be a constant {paramType} that is not null.',
    remedy: 'Write the value into the call.',
    exit: 2,
  },
  INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION: {
    message: 'An interval with hours, minutes or seconds cannot be added to a date.',
    remedy: 'Cast the date to a timestamp, or add days only.',
  },
  REGEXP_TOO_MANY_STEPS: {
    message:
      'The search of {function} for the regular expression {pattern} in a text of {length} characters was ended after {steps} steps.',
    remedy:
      'Write the pattern so that a text can be split in one way only: (a+)+ as a+, (x|xy)* without the overlap, .* as [^,]*; or cut the text with left(text, n) first.',
  },
  'INVALID_FORMAT.ESC_AT_THE_END': {
    message: 'The pattern {format} of LIKE ends with the escape character.',
    remedy: 'Write the escape character twice, or put what it escapes behind it.',
  },
  'INVALID_FORMAT.ESC_IN_THE_MIDDLE': {
    message: 'In the pattern {format} of LIKE the escape character is in front of {char}.',
    remedy: 'Escape only _, % and the escape character itself.',
  },
  'INVALID_PARAMETER_VALUE.LENGTH': {
    message: 'The length of {functionName} must not be negative, but it is {length}.',
    remedy: 'Give a length of 0 or more.',
    exit: 2,
  },
  'INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX': {
    message: 'The pattern of {function} has {groups} groups, so {index} is no index of one.',
    remedy: 'Use an index from 0 (the whole match) to the number of groups.',
  },
  'INVALID_PARAMETER_VALUE.CHARSET': {
    message: 'The function {function} knows no charset {charset}.',
    remedy: 'Use one of US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE, UTF-16, UTF-32.',
  },
  INVALID_DATETIME_PATTERN: {
    message: 'The function {function} cannot use the pattern {pattern}.',
    remedy: "Use letters of Spark's datetime patterns (y M d H h m s S a E D Q z V X x Z O); quote other letters.",
    exit: 2,
  },
  'MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION': {
    message: 'A malformed record was met while parsing: {record}. The mode is FAILFAST.',
    remedy: 'Use the mode PERMISSIVE to get nulls for malformed records.',
  },
  MALFORMED_AVRO_MESSAGE: {
    message: 'A value is no message of Avro: {problem}.',
    remedy: 'Set the option mode to PERMISSIVE to get nulls for such values, or see to who writes them.',
  },
  AVRO_SCHEMA_INVALID: {
    message: 'The schema of Avro cannot be used: {problem}.',
    remedy: 'Correct it; it is JSON, as the specification of Avro has it.',
  },
  AVRO_SCHEMAS_DIFFER: {
    message: 'The schema that values were written with does not fit the one they are read with: {problem}.',
    remedy: 'Give the reading schema a default, a wider type or an alias there.',
  },
  AVRO_VALUE_NULL: {
    message: 'A null was to be written where the schema of Avro has {schema}.',
    remedy: 'Make that part of the schema a union with null.',
  },
  AVRO_BYTES_INVALID: {
    message: 'The bytes are no value of the schema: {problem}.',
    remedy:
      'See whether they were written with this schema, and whether they begin with a header of a schema registry.',
  },
  MALFORMED_PROTOBUF_MESSAGE: {
    message: 'A value is no message of Protocol Buffers: {problem}.',
    remedy: 'Set the option mode to PERMISSIVE to get null for such values, or see to who writes them.',
  },
  PROTOBUF_BYTES_INVALID: {
    message: 'The bytes are not the message: {problem}.',
    remedy:
      'See whether they were written with this definition, and whether they begin with a header of a schema registry.',
  },
  PROTOBUF_SCHEMA_INVALID: {
    message: 'The definition of messages cannot be used: {problem}.',
    remedy:
      'Give the bytes that protoc --include_imports --descriptor_set_out writes, or the text of one .proto file (proto2 or proto3, without groups).',
    exit: 2,
  },
  PROTOBUF_MESSAGE_NOT_FOUND: {
    message: 'There is no message {message} in the definition.',
    remedy: 'Use one of {known}.',
    exit: 2,
  },
  RECURSIVE_PROTOBUF_SCHEMA: {
    message: 'The field {field} holds a message that it is in, and types of columns have an end.',
    remedy: 'Set the option recursive.fields.max.depth to 1 to 10: what is deeper is left out.',
    exit: 2,
  },
  PROTOBUF_OPTION: {
    message: 'The option {option} is {value}.',
    remedy: 'Give it {wanted}.',
    exit: 2,
  },
  PROTOBUF_TYPES_DIFFER: {
    message: 'The value cannot be written as the message: {problem}.',
    remedy: 'Name and cast the columns as the fields of the message are.',
  },
  PROTOBUF_VALUE_NULL: {
    message: 'A null was to be written as the field {field}, which has to have values.',
    remedy: 'Replace it first, for instance with coalesce or filter.',
  },
  SCHEMA_REGISTRY_OPTION: {
    message: 'The options of the schema registry are wrong: {problem}.',
    remedy: 'Give schemaRegistryUrl as http://host:8081, and schemaRegistryTimeoutMs in milliseconds.',
    exit: 2,
  },
  SCHEMA_REGISTRY_HEADER: {
    message: 'The bytes do not begin with the header of a schema registry (0 and four bytes of a schema id).',
    remedy: 'Leave schemaRegistryUrl out for values without a header.',
  },
  SCHEMA_REGISTRY_UNREACHABLE: {
    message: 'The schema registry {url} cannot be asked: {reason}.',
    remedy: 'Check schemaRegistryUrl and the network. The batch has not been committed and runs again.',
    retriable: true,
  },
  SCHEMA_REGISTRY_ANSWER: {
    message: 'The schema registry {url} answered {status}: {problem}.',
    remedy: 'Check subject, schemaRegistryAuth and the rights of this user.',
  },
  SCHEMA_REGISTRY_COLUMN: {
    message:
      '{function} cannot look ahead at the values of {column}, whose schemas have to be fetched before their rows are worked on.',
    remedy:
      'Use it on a column of the source, before aggregations, unions with computed columns and functions with state.',
    exit: 2,
  },
  PARSE_MODE_UNSUPPORTED: {
    message: 'The function {function} does not know the mode {mode}.',
    remedy: 'Use PERMISSIVE or FAILFAST.',
    exit: 2,
  },
  INVALID_EXTRACT_FIELD: {
    message: 'There is no field {field} to extract.',
    remedy: 'Use one of {known}.',
    exit: 2,
  },
  ILLEGAL_DAY_OF_WEEK: {
    message: 'The text {string} is no day of the week.',
    remedy: 'Use a name such as MO, MON or MONDAY.',
  },
  DATETIME_FIELD_OUT_OF_BOUNDS: {
    message: 'There is no date or time {what}.',
    remedy: 'Check the parts; try_make_timestamp, or spark.sql.ansi.enabled=false, gives null instead.',
  },
  CANNOT_PARSE_TIMESTAMP: {
    message: 'The text {value} is no time of the form {pattern}.',
    remedy: 'Use {suggestion} to get null instead.',
  },
  MALFORMED_CHARACTER_CODING: {
    message: 'Text or bytes do not fit the charset {charset} in {function}.',
    remedy: 'Use another charset, or clean the value first.',
  },
  CONVERSION_INVALID_INPUT: {
    message: 'The value {value} cannot be converted to {type}.',
    remedy: 'Use {suggestion} to get null instead.',
  },
  INVALID_UTF8_STRING: {
    message: 'The bytes {bytes} are no valid UTF-8.',
    remedy: 'Use try_validate_utf8 to get null instead, or make_valid_utf8 to replace what is invalid.',
  },
  INVALID_FRACTION_OF_SECOND: {
    message: 'The seconds {secAndMicros} are beyond a minute: 60 may have no fraction.',
    remedy: 'Give 0 to 59.999999 seconds, or use a function with try_ to get null instead.',
  },
  COLLATION_INVALID_NAME: {
    message: 'There is no collation {collationName}.',
    remedy: 'Use UTF8_BINARY, the only one; compare lower(text) for an order without case.',
    exit: 2,
  },
  CANNOT_DECODE_URL: {
    message: 'The URL {url} cannot be decoded.',
    remedy: 'Use try_url_decode to get null instead.',
  },
  INVALID_URL: {
    message: 'The URL {url} is invalid.',
    remedy: 'Use try_parse_url to get null instead.',
  },
  'INVALID_PARAMETER_VALUE.OTHER': {
    message: 'The function {function} cannot use {value}: {expected} is expected.',
    remedy: 'Give such a value.',
  },
  USER_RAISED_EXCEPTION: {
    message: 'The query raised an error of its own: {message}.',
    remedy: 'Look at the call of raise_error or assert_true.',
  },
  'INVALID_FORMAT.UNEXPECTED_TOKEN': {
    message: 'The function {function} cannot use the format {format}: {reason}.',
    remedy: 'Write it as 9 and 0 for digits, with a comma, a point, $, S, MI or PR where the number has them.',
    exit: 2,
  },
  'INVALID_FORMAT.MISMATCH_INPUT': {
    message: 'The text {input} does not fit the format {format}.',
    remedy: 'Use try_to_number to get null instead, or another format.',
  },
  INVALID_INDEX_OF_ZERO: {
    message: 'The index 0 is invalid: an index counts from 1, or from the end with a minus.',
    remedy: 'Use another index, or get() whose indices begin at 0.',
  },
  INVALID_ARRAY_INDEX_IN_ELEMENT_AT: {
    message: 'The index {indexValue} is out of bounds. The array has {arraySize} elements.',
    remedy: 'Use try_element_at to get null instead.',
  },
  NULL_MAP_KEY: {
    message: 'A key of a map is null.',
    remedy: 'Filter such entries out first.',
  },
  DUPLICATED_MAP_KEY: {
    message: 'The key {key} is twice in a map.',
    remedy: 'Make the keys distinct first.',
  },
  'COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION': {
    message: 'The function {function} would make {count} elements.',
    remedy: 'Make fewer: the limit is {limit}.',
  },
  'INVALID_AGGREGATE_FILTER.NOT_BOOLEAN': {
    message: 'The FILTER of an aggregate is {filter} of the type {type}, not BOOLEAN.',
    remedy: 'Compare it with something.',
    exit: 2,
  },
  'INVALID_AGGREGATE_FILTER.CONTAINS_AGGREGATE': {
    message: 'The FILTER of an aggregate holds an aggregate itself: {filter}.',
    remedy: 'Filter by columns; conditions on aggregates belong into HAVING.',
    exit: 2,
  },
  'INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING': {
    message: 'The function {funcName} needs WITHIN GROUP (ORDER BY ...).',
    remedy: 'Write {funcName}(...) WITHIN GROUP (ORDER BY expr).',
    exit: 2,
  },
  'INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED': {
    message: 'The function {funcName} takes no DISTINCT with WITHIN GROUP.',
    remedy: 'Leave DISTINCT out, or take away duplicates before.',
    exit: 2,
  },
  'INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS': {
    message: 'The function {funcName} orders by {expectedNum} expression, but WITHIN GROUP has {actualNum}.',
    remedy: 'Order by one expression.',
    exit: 2,
  },
  'INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT': {
    message: 'With DISTINCT the function {funcName} can be ordered by its own argument only.',
    remedy: 'Order by the argument, or leave DISTINCT out.',
    exit: 2,
  },
  NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION: {
    message: 'The frequency of percentile is {frequency}, but it counts rows.',
    remedy: 'Use a frequency from 0 up.',
  },
  INVALID_BITMAP_POSITION: {
    message: 'The bit {bitPosition} is not in a bitmap of {bitmapNumBytes} bytes.',
    remedy: 'Group by bitmap_bucket_number(v), and construct from bitmap_bit_position(v).',
  },
  HLL_INVALID_INPUT_SKETCH_BUFFER: {
    message: '{function} got bytes that are no HLL sketch of Apache DataSketches.',
    remedy: 'Give it what hll_sketch_agg, hll_union_agg or hll_union has made.',
  },
  HLL_INVALID_LG_K: {
    message: 'The lgConfigK of {function} is {value}, but it has to be from {min} to {max}.',
    remedy: 'Use 12, or more for closer estimates: the sketch has 2 ** lgConfigK bytes.',
  },
  HLL_K_MUST_BE_CONSTANT: {
    message: 'The lgConfigK of {function} is not the same for all rows.',
    remedy: 'Give a number.',
  },
  HLL_UNION_DIFFERENT_LG_K: {
    message: '{function} got sketches of different lgConfigK: {left} and {right}.',
    remedy:
      'Make sketches of one lgConfigK, or allow it with true as the last argument: the result has the lesser one.',
  },
  THETA_INVALID_INPUT_SKETCH_BUFFER: {
    message: '{function} got bytes that are no theta sketch of Apache DataSketches with its usual seed.',
    remedy: 'Give it what theta_sketch_agg or another theta function has made.',
  },
  THETA_INVALID_LG_NOM_ENTRIES: {
    message: 'The lgNomEntries of {function} is {value}, but it has to be from {min} to {max}.',
    remedy: 'Use 12, or more for closer estimates: the sketch keeps up to 2 ** lgNomEntries hashes.',
  },
  THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT: {
    message: 'The lgNomEntries of {function} is not the same for all rows.',
    remedy: 'Give a number.',
  },
  QUERY_THETA_INTERSECTION_OF_NONE: {
    message: 'theta_intersection_agg got no sketch for a group: the intersection of none would be everything.',
    remedy: 'Leave out groups whose sketches are all null.',
  },
  KLL_INVALID_INPUT_SKETCH_BUFFER: {
    message: 'What {function} was given is no KLL sketch that it can read.',
    remedy:
      'Give it what kll_sketch_agg of the same type of items made; a sketch without items has no quantiles and ranks.',
  },
  KLL_SKETCH_INVALID_QUANTILE_RANGE: {
    message: 'The rank {rank} in {function} is not between 0.0 and 1.0.',
    remedy: 'Give ranks as parts of all items: 0.5 for the median.',
  },
  QUERY_TOP_K_SKETCH: {
    message: 'What {function} was given is no sketch of the type that stands beside it.',
    remedy: 'Give it what approx_top_k_accumulate or approx_top_k_combine made, unchanged.',
  },
  APPROX_TOP_K_NULL_ARG: {
    message: 'The argument {argName} of approx_top_k is null.',
    remedy: 'Use a number above 0, or leave it out.',
    exit: 2,
  },
  APPROX_TOP_K_MAX_ITEMS_TRACKED_EXCEEDS_LIMIT: {
    message: 'approx_top_k cannot track {maxItemsTracked} values; {limit} are the most.',
    remedy: 'Track fewer: counts are estimated from there on.',
    exit: 2,
  },
  APPROX_TOP_K_SKETCH_SIZE_NOT_MATCH: {
    message: 'Sketches that track {size1} and {size2} values were to be combined.',
    remedy: 'Give approx_top_k_combine its own maxItemsTracked, or make the sketches with one.',
  },
  APPROX_TOP_K_SKETCH_TYPE_NOT_MATCH: {
    message: 'Sketches of {type1} and of {type2} were to be combined.',
    remedy: 'Combine only sketches of one type of values.',
  },
  APPROX_TOP_K_NON_POSITIVE_ARG: {
    message: 'The argument {argName} of approx_top_k is {argValue}.',
    remedy: 'Use a number above 0.',
    exit: 2,
  },
  APPROX_TOP_K_MAX_ITEMS_TRACKED_LESS_THAN_K: {
    message: 'approx_top_k cannot give {k} values when it tracks only {maxItemsTracked}.',
    remedy: 'Track at least as many values as are asked for.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT': {
    message: 'Cannot resolve {function}: {problem}.',
    remedy: '{mend}.',
    exit: 2,
  },
  'UNSUPPORTED_FEATURE.AES_MODE': {
    message: 'The function {functionName} knows no mode {mode} with the padding {padding}.',
    remedy: 'Use GCM with NONE, or CBC or ECB with PKCS; DEFAULT is right for each.',
  },
  'UNSUPPORTED_FEATURE.AES_MODE_IV': {
    message: 'The mode {mode} of {functionName} takes no initialization vector.',
    remedy: 'Leave it out, or use CBC or GCM.',
  },
  'UNSUPPORTED_FEATURE.AES_MODE_AAD': {
    message: 'The mode {mode} of {functionName} takes no additional data.',
    remedy: 'Leave it out, or use GCM.',
  },
  'INVALID_PARAMETER_VALUE.AES_KEY_LENGTH': {
    message: 'The key of {functionName} has {actualLength} bytes.',
    remedy: 'Use a key of 16, 24 or 32 bytes.',
  },
  'INVALID_PARAMETER_VALUE.AES_IV_LENGTH': {
    message: 'The initialization vector of {functionName} has {actualLength} bytes, which is not right for {mode}.',
    remedy: 'Use 16 bytes for CBC, 12 for GCM, or leave it out.',
  },
  'INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR': {
    message: 'The function {functionName} was given bytes that were not encrypted with this key and mode.',
    remedy: 'Use the key, mode and padding of aes_encrypt, or try_aes_decrypt to get null instead.',
  },
} as const satisfies Record<string, ErrorEntry>;
