import type { ErrorEntry } from '../error-entry.ts';

/** Errors of functions on arrays, maps and structs. */
export const collectionErrors = {
  'DATATYPE_MISMATCH.NULL_TYPE': {
    message: 'Cannot resolve {function}: a plain NULL is no argument that it takes.',
    remedy: 'Cast the null to the type that is meant: CAST(NULL AS ...).',
    exit: 2,
  },
  'DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES': {
    message:
      'Cannot resolve {function}: it takes an array and a value of its element type, but the arguments are {actual}.',
    remedy: 'Cast the value to the type of the elements.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES': {
    message: 'Cannot resolve {function}: it takes two arrays of one element type, but the arguments are {actual}.',
    remedy: 'Cast one array to the type of the other.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES': {
    message: 'Cannot resolve {function}: it takes a map and a value of its key type, but the arguments are {actual}.',
    remedy: 'Cast the value to the type of the keys.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES': {
    message: 'Cannot resolve {function}: all arguments must be maps, but they are {actual}.',
    remedy: 'Give maps only; a null is CAST(NULL AS MAP<...>).',
    exit: 2,
  },
  'DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES': {
    message: 'Cannot resolve {function}: the keys of both maps must have one type, but they are {actual}.',
    remedy: 'Cast the keys of one map to the type of the other.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE': {
    message: 'Cannot resolve {function}: a map cannot be the key of a map.',
    remedy: 'Use map_entries of the key, or its to_json.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING': {
    message: 'Cannot resolve {function}: names of fields must be constant texts, but {argument} is none.',
    remedy: 'Write the name as a text in quotes.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE': {
    message: 'Cannot resolve {function}: its lambda must give {required}, but it gives {actual}.',
    remedy: 'Cast the result of the lambda to {required}.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES': {
    message: 'Cannot resolve stack: column {column} has values of the types {actual}.',
    remedy: 'Cast the values of a column to one type.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.NON_STRING_TYPE': {
    message: 'Cannot resolve {function}: all arguments must be texts, but one has the type {actual}.',
    remedy: 'Cast it to STRING.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES': {
    message: 'Cannot resolve sequence: it takes whole numbers, dates or timestamps, but the arguments are {actual}.',
    remedy: 'Cast start and stop to one of these types.',
    exit: 2,
  },
  COMPARATOR_RETURNS_NULL: {
    message: 'The lambda of array_sort gave null for two elements.',
    remedy: 'Let it give a number for nulls too: CASE WHEN a IS NULL THEN ... .',
  },
  'DATATYPE_MISMATCH.HASH_MAP_TYPE': {
    message: 'The function {functionName} takes no maps: equal maps would have different hashes.',
    remedy: 'Hash array_sort(map_entries(m)).',
    exit: 2,
  },
  'DATATYPE_MISMATCH.UNEXPECTED_NULL': {
    message: 'Cannot resolve {function}: its constant argument is null.',
    remedy: 'Write a text there.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE': {
    message: 'Cannot resolve {function}: it takes no values of the type {dataType}.',
    remedy: 'Put the value into a struct first.',
    exit: 2,
  },
  'DATATYPE_MISMATCH.INVALID_JSON_SCHEMA': {
    message: 'Cannot resolve from_json: the schema is {schema}, but it must be a struct, an array or a map.',
    remedy: 'Write columns (a INT, b STRING), ARRAY<...> or MAP<...>.',
    exit: 2,
  },
  'INVALID_SCHEMA.NON_STRING_LITERAL': {
    message: 'The schema of {function} must be a constant text, but it is {argument}.',
    remedy: "Write it as DDL in quotes: 'a INT, b STRING'.",
    exit: 2,
  },
  'INVALID_OPTIONS.NON_MAP_FUNCTION': {
    message: 'The options of {function} must be a map of constants.',
    remedy: "Write map('name', 'value').",
    exit: 2,
  },
  'INVALID_OPTIONS.NON_STRING_TYPE': {
    message: 'The options of {function} must be a map with texts as keys and values.',
    remedy: "Write map('name', 'value').",
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>;
