import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, call, columnOf, given, valueOf } from './build.ts';

/** Whether bytes are valid UTF-8. */
export function isValidUtf8(str: ColumnArgument): Column {
  return call('is_valid_utf8', columnOf(str));
}

/** The text of bytes in UTF-8; U+FFFD stands for what is invalid. */
export function makeValidUtf8(str: ColumnArgument): Column {
  return call('make_valid_utf8', columnOf(str));
}

/** The text of bytes in UTF-8; an error when they are not valid. */
export function validateUtf8(str: ColumnArgument): Column {
  return call('validate_utf8', columnOf(str));
}

/** The text of bytes in UTF-8; null when they are not valid. */
export function tryValidateUtf8(str: ColumnArgument): Column {
  return call('try_validate_utf8', columnOf(str));
}

/** The bytes of a text in hex (the default), base64 or utf-8. */
export function toBinary(column: ColumnArgument, format?: ColumnArgument): Column {
  return call('to_binary', columnOf(column), ...given(columnOf, format));
}

/** As `toBinary`, null for a text that does not fit. */
export function tryToBinary(column: ColumnArgument, format?: ColumnArgument): Column {
  return call('try_to_binary', columnOf(column), ...given(columnOf, format));
}

/** The words of each sentence of a text, by the rules of a language and country. */
export function sentences(str: ColumnArgument, language?: ColumnArgument, country?: ColumnArgument): Column {
  return call('sentences', columnOf(str), ...given(columnOf, language), ...given(columnOf, country));
}

/** The collation of a text. */
export function collation(column: ColumnArgument): Column {
  return call('collation', columnOf(column));
}

/** The text with a collation; only UTF8_BINARY is there. */
export function collate(column: ColumnArgument, name: string): Column {
  return call('collate', columnOf(column), valueOf(name));
}

/** A random text of letters and digits. */
export function randstr(length: number | Column, seed?: number | Column): Column {
  return call('randstr', valueOf(length), ...given(valueOf, seed));
}

/** A random number from the first to the second. */
export function uniform(min: number | Column, max: number | Column, seed?: number | Column): Column {
  return call('uniform', valueOf(min), valueOf(max), ...given(valueOf, seed));
}

/** The position of a number in its bitmap. */
export function bitmapBitPosition(column: ColumnArgument): Column {
  return call('bitmap_bit_position', columnOf(column));
}

/** The number of the bitmap that a number belongs to. */
export function bitmapBucketNumber(column: ColumnArgument): Column {
  return call('bitmap_bucket_number', columnOf(column));
}

/** How many bits of a bitmap are set. */
export function bitmapCount(column: ColumnArgument): Column {
  return call('bitmap_count', columnOf(column));
}
