import type { Column } from '../expressions/column.ts';
import { type ColumnArgument, type ColumnArguments, call, columnOf, columnsOf, given, valueOf } from './build.ts';

/** Upper case. */
export function upper(str: ColumnArgument): Column {
  return call('upper', columnOf(str));
}

/** Upper case. */
export function ucase(str: ColumnArgument): Column {
  return call('ucase', columnOf(str));
}

/** Lower case. */
export function lower(str: ColumnArgument): Column {
  return call('lower', columnOf(str));
}

/** Lower case. */
export function lcase(str: ColumnArgument): Column {
  return call('lcase', columnOf(str));
}

/** Characters of a text, bytes of binary data. */
export function length(str: ColumnArgument): Column {
  return call('length', columnOf(str));
}

/** Characters of a text, bytes of binary data. */
export function len(str: ColumnArgument): Column {
  return call('len', columnOf(str));
}

/** Characters of a text, bytes of binary data. */
export function charLength(str: ColumnArgument): Column {
  return call('char_length', columnOf(str));
}

/** Characters of a text, bytes of binary data. */
export function characterLength(str: ColumnArgument): Column {
  return call('character_length', columnOf(str));
}

/** Bits of a value; of a text in UTF-8. */
export function bitLength(str: ColumnArgument): Column {
  return call('bit_length', columnOf(str));
}

/** Bytes of a value; of a text in UTF-8. */
export function octetLength(str: ColumnArgument): Column {
  return call('octet_length', columnOf(str));
}

/** Removes characters (spaces when none are given) from both ends. */
export function trim(str: ColumnArgument, trim?: ColumnArgument): Column {
  return call('trim', columnOf(str), ...given(columnOf, trim));
}

/** Removes characters (spaces when none are given) from the left end. `trim`: the characters to take away, blanks when left out. */
export function ltrim(str: ColumnArgument, trim?: ColumnArgument): Column {
  return trim === undefined ? call('ltrim', columnOf(str)) : call('ltrim', columnOf(trim), columnOf(str));
}

/** Removes characters (spaces when none are given) from the right end. `trim`: the characters to take away, blanks when left out. */
export function rtrim(str: ColumnArgument, trim?: ColumnArgument): Column {
  return trim === undefined ? call('rtrim', columnOf(str)) : call('rtrim', columnOf(trim), columnOf(str));
}

/** Removes characters (spaces when none are given) from both ends. */
export function btrim(str: ColumnArgument, trim?: ColumnArgument): Column {
  return call('btrim', columnOf(str), ...given(columnOf, trim));
}

/** Joins texts, bytes or arrays; null when one of them is. */
export function concat(...columns: ColumnArguments): Column {
  return call('concat', ...columnsOf(columns));
}

/** Joins texts and arrays of text with a separator; nulls are left out. */
export function concatWs(separator: string | Column, ...columns: ColumnArguments): Column {
  return call('concat_ws', valueOf(separator), ...columnsOf(columns));
}

/** The part from a position (from 1; negative from the end) of a length. */
export function substring(str: ColumnArgument, position: number | Column, length: number | Column): Column {
  return call('substring', columnOf(str), valueOf(position), valueOf(length));
}

/** The part from a position (from 1; negative from the end) of a length. */
export function substr(str: ColumnArgument, position: ColumnArgument, length?: ColumnArgument): Column {
  return call('substr', columnOf(str), columnOf(position), ...given(columnOf, length));
}

/** The leftmost characters. */
export function left(str: ColumnArgument, length: ColumnArgument): Column {
  return call('left', columnOf(str), columnOf(length));
}

/** The rightmost characters. */
export function right(str: ColumnArgument, length: ColumnArgument): Column {
  return call('right', columnOf(str), columnOf(length));
}

/** The characters, or the elements, from the last to the first. */
export function reverse(column: ColumnArgument): Column {
  return call('reverse', columnOf(column));
}

/** The n-th of the values behind n; an error (null without ANSI) when there is none. */
export function elt(...inputs: ColumnArguments): Column {
  return call('elt', ...columnsOf(inputs));
}

/** The position from 1 of a part, 0 when it is not there. */
export function instr(str: ColumnArgument, part: string | Column): Column {
  return call('instr', columnOf(str), valueOf(part));
}

/** The position from 1 of a part at or behind a position. */
export function locate(part: string | Column, str: ColumnArgument, position?: number | Column): Column {
  return call('locate', valueOf(part), columnOf(str), ...given(valueOf, position));
}

/** The position from 1 of a part at or behind a position. */
export function position(part: ColumnArgument, str: ColumnArgument, start?: ColumnArgument): Column {
  return call('position', columnOf(part), columnOf(str), ...given(columnOf, start));
}

/** The position from 1 of a part at or behind a position. */
export function charindex(part: ColumnArgument, str: ColumnArgument, start?: ColumnArgument): Column {
  return call('charindex', columnOf(part), columnOf(str), ...given(columnOf, start));
}

/** Fills the left up to a length, or cuts to it. */
export function lpad(str: ColumnArgument, length: number | Column, pad: string | Column): Column {
  return call('lpad', columnOf(str), valueOf(length), valueOf(pad));
}

/** Fills the right up to a length, or cuts to it. */
export function rpad(str: ColumnArgument, length: number | Column, pad: string | Column): Column {
  return call('rpad', columnOf(str), valueOf(length), valueOf(pad));
}

/** The text so many times. */
export function repeat(str: ColumnArgument, times: ColumnArgument): Column {
  return call('repeat', columnOf(str), columnOf(times));
}

/** So many spaces. */
export function space(count: ColumnArgument): Column {
  return call('space', columnOf(count));
}

/** Each word (behind a space) with a capital, the rest in lower case. */
export function initcap(str: ColumnArgument): Column {
  return call('initcap', columnOf(str));
}

/** Replaces characters one by one; those without a counterpart go. */
export function translate(str: ColumnArgument, from: string | Column, to: string | Column): Column {
  return call('translate', columnOf(str), valueOf(from), valueOf(to));
}

/** Replaces every occurrence of a text. */
export function replace(str: ColumnArgument, search: ColumnArgument, replacement?: ColumnArgument): Column {
  return call('replace', columnOf(str), columnOf(search), ...given(columnOf, replacement));
}

/** Whether the second is a part of the first. */
export function contains(str: ColumnArgument, part: ColumnArgument): Column {
  return call('contains', columnOf(str), columnOf(part));
}

/** Whether the first begins with the second. */
export function startswith(str: ColumnArgument, prefix: ColumnArgument): Column {
  return call('startswith', columnOf(str), columnOf(prefix));
}

/** Whether the first ends with the second. */
export function endswith(str: ColumnArgument, suffix: ColumnArgument): Column {
  return call('endswith', columnOf(str), columnOf(suffix));
}

/** The part before the n-th delimiter; negative from the end. */
export function substringIndex(str: ColumnArgument, delimiter: string | Column, count: number | Column): Column {
  return call('substring_index', columnOf(str), valueOf(delimiter), valueOf(count));
}

/** The n-th part between delimiters; negative from the end. */
export function splitPart(str: ColumnArgument, delimiter: ColumnArgument, part: ColumnArgument): Column {
  return call('split_part', columnOf(str), columnOf(delimiter), columnOf(part));
}

/** The code point of the first character, 0 for an empty text. */
export function ascii(str: ColumnArgument): Column {
  return call('ascii', columnOf(str));
}

/** The character of a code (modulo 256). */
export function char(code: ColumnArgument): Column {
  return call('char', columnOf(code));
}

/** The character of a code (modulo 256). */
export function chr(code: ColumnArgument): Column {
  return call('chr', columnOf(code));
}

/** The edit distance of two texts; -1 when it is over the threshold. */
export function levenshtein(a: ColumnArgument, b: ColumnArgument, threshold?: number | Column): Column {
  return call('levenshtein', columnOf(a), columnOf(b), ...given(valueOf, threshold));
}

/** The Soundex code. */
export function soundex(str: ColumnArgument): Column {
  return call('soundex', columnOf(str));
}

/** The position from 1 in a list with commas, 0 when it is not there. */
export function findInSet(str: ColumnArgument, list: ColumnArgument): Column {
  return call('find_in_set', columnOf(str), columnOf(list));
}

/** Replaces a part by position and length. */
export function overlay(
  str: ColumnArgument,
  replacement: ColumnArgument,
  position: ColumnArgument,
  length?: ColumnArgument,
): Column {
  return call('overlay', columnOf(str), columnOf(replacement), columnOf(position), ...given(columnOf, length));
}

/** The text in single quotes, those inside escaped. */
export function quote(str: ColumnArgument): Column {
  return call('quote', columnOf(str));
}

/** Whether a text fits a pattern with % and _. */
export function like(str: ColumnArgument, pattern: ColumnArgument, escape?: ColumnArgument): Column {
  return call('like', columnOf(str), columnOf(pattern), ...given(columnOf, escape));
}

/** Whether a text fits a pattern with % and _, whatever the case. */
export function ilike(str: ColumnArgument, pattern: ColumnArgument, escape?: ColumnArgument): Column {
  return call('ilike', columnOf(str), columnOf(pattern), ...given(columnOf, escape));
}

/** Whether a regular expression is found in a text. */
export function rlike(str: ColumnArgument, pattern: ColumnArgument): Column {
  return call('rlike', columnOf(str), columnOf(pattern));
}

/** Whether a regular expression is found in a text. */
export function regexp(str: ColumnArgument, pattern: ColumnArgument): Column {
  return call('regexp', columnOf(str), columnOf(pattern));
}

/** Whether a regular expression is found in a text. */
export function regexpLike(str: ColumnArgument, pattern: ColumnArgument): Column {
  return call('regexp_like', columnOf(str), columnOf(pattern));
}

/** The parts between matches of a regular expression; with a limit, the last part has the rest. */
export function split(str: ColumnArgument, pattern: string | Column, limit?: number | Column): Column {
  return call('split', columnOf(str), valueOf(pattern), ...given(valueOf, limit));
}

/** Replaces all matches; `$1` in the replacement is the first group. */
export function regexpReplace(str: ColumnArgument, pattern: string | Column, replacement: string | Column): Column {
  return call('regexp_replace', columnOf(str), valueOf(pattern), valueOf(replacement));
}

/** A group of the first match, an empty text when there is none. */
export function regexpExtract(str: ColumnArgument, pattern: string | Column, group: number | Column): Column {
  return call('regexp_extract', columnOf(str), valueOf(pattern), valueOf(group));
}

/** A group of every match. */
export function regexpExtractAll(str: ColumnArgument, pattern: ColumnArgument, group?: ColumnArgument): Column {
  return call('regexp_extract_all', columnOf(str), columnOf(pattern), ...given(columnOf, group));
}

/** How often a regular expression is found. */
export function regexpCount(str: ColumnArgument, pattern: ColumnArgument): Column {
  return call('regexp_count', columnOf(str), columnOf(pattern));
}

/** The first match, null when there is none. */
export function regexpSubstr(str: ColumnArgument, pattern: ColumnArgument): Column {
  return call('regexp_substr', columnOf(str), columnOf(pattern));
}

/** The position from 1 of the first match, 0 when there is none. */
export function regexpInstr(str: ColumnArgument, pattern: ColumnArgument, group?: ColumnArgument): Column {
  return call('regexp_instr', columnOf(str), columnOf(pattern), ...given(columnOf, group));
}

/** Base 64 of bytes. */
export function base64(column: ColumnArgument): Column {
  return call('base64', columnOf(column));
}

/** The bytes of base 64. */
export function unbase64(column: ColumnArgument): Column {
  return call('unbase64', columnOf(column));
}

/** Hexadecimal digits of a number, of bytes, or of a text in UTF-8. */
export function hex(column: ColumnArgument): Column {
  return call('hex', columnOf(column));
}

/** The bytes of hexadecimal digits, null when there are others. */
export function unhex(column: ColumnArgument): Column {
  return call('unhex', columnOf(column));
}

/** The bytes of a text in a charset. */
export function encode(column: ColumnArgument, charset: string | Column): Column {
  return call('encode', columnOf(column), valueOf(charset));
}

/** The text of bytes in a charset; or, with more arguments, the result of the first search that equals the value. */
export function decode(column: ColumnArgument, charset: string | Column): Column {
  return call('decode', columnOf(column), valueOf(charset));
}

/** The text as application/x-www-form-urlencoded. */
export function urlEncode(str: ColumnArgument): Column {
  return call('url_encode', columnOf(str));
}

/** The text behind url_encode. */
export function urlDecode(str: ColumnArgument): Column {
  return call('url_decode', columnOf(str));
}

/** As url_decode, null for what cannot be decoded. */
export function tryUrlDecode(str: ColumnArgument): Column {
  return call('try_url_decode', columnOf(str));
}

/** A part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY, USERINFO; with a key, one parameter of QUERY. */
export function parseUrl(url: ColumnArgument, part: ColumnArgument, key?: ColumnArgument): Column {
  return call('parse_url', columnOf(url), columnOf(part), ...given(columnOf, key));
}

/** As parse_url, null for what is no URL. */
export function tryParseUrl(url: ColumnArgument, part: ColumnArgument, key?: ColumnArgument): Column {
  return call('try_parse_url', columnOf(url), columnOf(part), ...given(columnOf, key));
}

/** The values in Java's format. */
export function formatString(format: string | Column, ...columns: ColumnArguments): Column {
  return call('format_string', valueOf(format), ...columnsOf(columns));
}

/** The values in Java's format. */
export function printf(format: ColumnArgument, ...columns: ColumnArguments): Column {
  return call('printf', columnOf(format), ...columnsOf(columns));
}

/** A number with commas between thousands, rounded to so many places half to even. */
export function formatNumber(column: ColumnArgument, decimals: number | Column): Column {
  return call('format_number', columnOf(column), valueOf(decimals));
}

/** Replaces upper-case letters by X, lower-case by x, digits by n; null keeps a kind. */
export function mask(
  column: ColumnArgument,
  upper?: ColumnArgument,
  lower?: ColumnArgument,
  digit?: ColumnArgument,
  other?: ColumnArgument,
): Column {
  return call(
    'mask',
    columnOf(column),
    ...given(columnOf, upper),
    ...given(columnOf, lower),
    ...given(columnOf, digit),
    ...given(columnOf, other),
  );
}

/** The number of a text by a format. */
export function toNumber(column: ColumnArgument, format: ColumnArgument): Column {
  return call('to_number', columnOf(column), columnOf(format));
}

/** The number of a text by a format; null for a text that does not fit. */
export function tryToNumber(column: ColumnArgument, format: ColumnArgument): Column {
  return call('try_to_number', columnOf(column), columnOf(format));
}

/** A number as text by a format. */
export function toChar(column: ColumnArgument, format: ColumnArgument): Column {
  return call('to_char', columnOf(column), columnOf(format));
}

/** A number as text by a format. */
export function toVarchar(column: ColumnArgument, format: ColumnArgument): Column {
  return call('to_varchar', columnOf(column), columnOf(format));
}
