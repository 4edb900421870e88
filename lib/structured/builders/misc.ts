import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, type ColumnArguments, call, columnOf, columnsOf, given, valueOf } from './build.ts';

/** Whether a value is null. */
export function isnull(column: ColumnArgument): Column {
  return call('isnull', columnOf(column));
}

/** Whether a value is not null. */
export function isnotnull(column: ColumnArgument): Column {
  return call('isnotnull', columnOf(column));
}

/** Whether a number is NaN; false for null. */
export function isnan(column: ColumnArgument): Column {
  return call('isnan', columnOf(column));
}

/** The first number, or the second one where the first is NaN. */
export function nanvl(a: ColumnArgument, b: ColumnArgument): Column {
  return call('nanvl', columnOf(a), columnOf(b));
}

/** The first argument that is not null. */
export function coalesce(...columns: ColumnArguments): Column {
  return call('coalesce', ...columnsOf(columns));
}

/** The first argument, or the second one where the first is null. */
export function nvl(a: ColumnArgument, b: ColumnArgument): Column {
  return call('nvl', columnOf(a), columnOf(b));
}

/** The first argument, or the second one where the first is null. */
export function ifnull(a: ColumnArgument, b: ColumnArgument): Column {
  return call('ifnull', columnOf(a), columnOf(b));
}

/** The second argument where the first is not null, else the third. */
export function nvl2(test: ColumnArgument, a: ColumnArgument, b: ColumnArgument): Column {
  return call('nvl2', columnOf(test), columnOf(a), columnOf(b));
}

/** Null where both arguments are equal, else the first one. */
export function nullif(a: ColumnArgument, b: ColumnArgument): Column {
  return call('nullif', columnOf(a), columnOf(b));
}

/** Zero where the number is null. */
export function zeroifnull(column: ColumnArgument): Column {
  return call('zeroifnull', columnOf(column));
}

/** Null where the number is zero. */
export function nullifzero(column: ColumnArgument): Column {
  return call('nullifzero', columnOf(column));
}

/** Whether both are equal, null included: never null. */
export function equalNull(a: ColumnArgument, b: ColumnArgument): Column {
  return call('<=>', columnOf(a), columnOf(b));
}

/** The greatest of the arguments; nulls are passed over. */
export function greatest(...columns: ColumnArguments): Column {
  return call('greatest', ...columnsOf(columns));
}

/** The least of the arguments; nulls are passed over. */
export function least(...columns: ColumnArguments): Column {
  return call('least', ...columnsOf(columns));
}

/** The opposite; null of null. */
export function not(condition: ColumnArgument): Column {
  return call('not', columnOf(condition));
}

/** Every bit the other way round. */
export function bitwiseNot(column: ColumnArgument): Column {
  return call('~', columnOf(column));
}

/** MD5 as hexadecimal digits. */
export function md5(column: ColumnArgument): Column {
  return call('md5', columnOf(column));
}

/** SHA-1 as hexadecimal digits. */
export function sha(column: ColumnArgument): Column {
  return call('sha', columnOf(column));
}

/** SHA-1 as hexadecimal digits. */
export function sha1(column: ColumnArgument): Column {
  return call('sha1', columnOf(column));
}

/** SHA-2 of 224, 256 (or 0), 384 or 512 bits as hexadecimal digits; null for other lengths. */
export function sha2(column: ColumnArgument, bits: number | Column): Column {
  return call('sha2', columnOf(column), valueOf(bits));
}

/** The cyclic redundancy check. */
export function crc32(column: ColumnArgument): Column {
  return call('crc32', columnOf(column));
}

/** Spark's Murmur3 of the values, seed 42. */
export function hash(...columns: ColumnArguments): Column {
  return call('hash', ...columnsOf(columns));
}

/** Spark's xxHash64 of the values, seed 42. */
export function xxhash64(...columns: ColumnArguments): Column {
  return call('xxhash64', ...columnsOf(columns));
}

/** A random UUID; with a seed one of a series that is the same each time. */
export function uuid(seed?: number | Column): Column {
  return call('uuid', ...given(valueOf, seed));
}

/** The user of the process. */
export function currentUser(): Column {
  return call('current_user');
}

/** The same as `currentUser`. */
export function user(): Column {
  return call('user');
}

/** The same as `currentUser`. */
export function sessionUser(): Column {
  return call('session_user');
}

/** A number that grows from row to row; its upper bits are the partition. */
export function monotonicallyIncreasingId(): Column {
  return call('monotonically_increasing_id');
}

/** The number of the partition. */
export function sparkPartitionId(): Column {
  return call('spark_partition_id');
}

/** The version of Spark whose semantics these are. */
export function version(): Column {
  return call('version');
}

/** The catalog: there is one. */
export function currentCatalog(): Column {
  return call('current_catalog');
}

/** The database: there is one. */
export function currentDatabase(): Column {
  return call('current_database');
}

/** The database: there is one. */
export function currentSchema(): Column {
  return call('current_schema');
}

/** Null when the condition is true, else fails the query. */
export function assertTrue(condition: ColumnArgument, message?: ColumnArgument): Column {
  return call('assert_true', columnOf(condition), ...given(columnOf, message));
}

/** Fails the query with a message. */
export function raiseError(message: ColumnArgument): Column {
  return call('raise_error', columnOf(message));
}

/** The type of a value, in Spark's words. */
export function typeOf(column: ColumnArgument): Column {
  return call('typeof', columnOf(column));
}

/** Bytes encrypted with a key of 16, 24 or 32 bytes; texts for `mode` and `padding` are columns, as in PySpark: give them by `lit`. */
export function aesEncrypt(
  input: ColumnArgument,
  key: ColumnArgument,
  mode?: ColumnArgument,
  padding?: ColumnArgument,
  iv?: ColumnArgument,
  aad?: ColumnArgument,
): Column {
  return call('aes_encrypt', ...[input, key, mode, padding, iv, aad].flatMap((each) => given(columnOf, each)));
}

/** What `aesEncrypt` was given. */
export function aesDecrypt(
  input: ColumnArgument,
  key: ColumnArgument,
  mode?: ColumnArgument,
  padding?: ColumnArgument,
  aad?: ColumnArgument,
): Column {
  return call('aes_decrypt', ...[input, key, mode, padding, aad].flatMap((each) => given(columnOf, each)));
}

/** As `aesDecrypt`, but null where that fails. */
export function tryAesDecrypt(
  input: ColumnArgument,
  key: ColumnArgument,
  mode?: ColumnArgument,
  padding?: ColumnArgument,
  aad?: ColumnArgument,
): Column {
  return call('try_aes_decrypt', ...[input, key, mode, padding, aad].flatMap((each) => given(columnOf, each)));
}
