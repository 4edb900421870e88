import { AsciiTexts } from './ascii-texts.ts';
import type { EvaluationSite } from '../expressions/evaluation-site.ts';
import { CodeScope } from '../expressions/code-scope.ts';
import type { DataType, InternalValue, StructType } from '../types/data-type.ts';
import { utf8Bytes, utf8Text } from '../types/utf8.ts';
import { daysInMonth, daysOfDate } from '../types/calendar.ts';

/**
 * Reads fields of a JSON object straight from UTF-8 bytes into `out`, in the order of the schema; fields that are not there are null.
 *
 * `false` means "not sure": `out` is then worth nothing, and the exact parser has to be asked. It is sure only of plain JSON: names and
 * skipped texts without escapes, numbers and times in their usual form. Whatever it accepts, the exact parser gives the same for.
 */
type JsonScan = (bytes: Uint8Array, from: number, until: number) => boolean;

export interface JsonScanner {
  readonly scan: JsonScan;
  /** By field; `undefined` for a text that is read when it is asked for. */
  readonly out: (InternalValue | undefined)[];
  /** Texts of the record that was scanned last, by field. */
  readonly late: readonly (LateText | undefined)[];
}

/** Kinds of fields that can be scanned; any other field must be null or makes the scanner unsure. */
export const readers: Readonly<Partial<Record<DataType['kind'], Reader>>> = {
  string: 'text',
  int: 'int',
  bigint: 'bigint',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp',
};

/**
 * Generates a scanner for a schema, of which `wanted` says which fields are read; the others are skipped. Undefined where code must not be
 * generated, or when no field is of a kind that it knows. With `isLate`, texts are only found, and read when they are asked for.
 */
export function jsonScanner(
  schema: StructType,
  wanted: readonly boolean[],
  site: EvaluationSite,
  isLate = false,
): JsonScanner | undefined {
  const fields = schema.fields.map(({ name, type }, index) => ({ index, name: utf8Bytes(name), type }));
  const known = fields.filter(({ index }) => wanted[index] === true);
  if (known.some(({ name }) => name.some((byte) => byte > 127 || byte < 32 || byte === 34 || byte === 92)))
    return undefined;
  if (new Set(schema.fields.map(({ name }) => name)).size < schema.fields.length) return undefined;
  const out: (InternalValue | undefined)[] = schema.fields.map(() => null);
  const scope = new CodeScope(site, new Map());
  const late = schema.fields.map(({ type }, index) =>
    isLate && wanted[index] === true && readers[type.kind] === 'text' ? new LateText(new AsciiTexts(scope)) : undefined,
  );
  const b = {
    out: scope.bind(out),
    state: scope.bind(new ScanState()),
    skip: scope.bind(skipValue),
  };
  const branches = known.map(({ index, name, type }) => {
    const reader = readers[type.kind];
    const call = reader === undefined ? undefined : scope.bind(fieldReaders[reader]);
    return {
      index,
      // Numbers only: no text of the schema reaches the code.
      test: [`end - at === ${name.length}`, ...Array.from(name, (byte, j) => `bytes[at + ${j}] === ${byte}`)].join(
        ' && ',
      ),
      read: call === undefined ? 'undefined' : `${call}(bytes, at, until, s, ${scope.bind(new AsciiTexts(scope))})`,
    };
  });
  const match = branches.map(({ test, index }) => `if (${test}) field = ${index};`).join(' else ');
  const cases = branches
    .map(({ index, read }) => {
      const text = late[index];
      if (text !== undefined) {
        return `case ${index}: { if (isNull(bytes, at, until)) { s.at = at + 4; ${b.out}[${index}] = null; } else { if (!${scope.bind(text)}.find(bytes, at, until, s)) return false; ${b.out}[${index}] = undefined; } break; }`;
      }
      return `case ${index}: { const value = isNull(bytes, at, until) ? null : ${read}; if (value === undefined) return false; if (value === null) s.at = at + 4; ${b.out}[${index}] = value; break; }`;
    })
    .join('\n');
  const body = `
const s = ${b.state};
const isNull = ${scope.bind(isNullAt)};
${known.map(({ index }) => `${b.out}[${index}] = null;`).join(' ')}
let at = from, c = 0;
while (at < until && ((c = bytes[at]) === 32 || c === 10 || c === 13 || c === 9)) at++;
if (at >= until || bytes[at] !== 123) return false;
at++;
while (at < until && ((c = bytes[at]) === 32 || c === 10 || c === 13 || c === 9)) at++;
if (at < until && bytes[at] === 125) return true;
for (;;) {
  if (at >= until || bytes[at] !== 34) return false;
  at++;
  let end = at;
  while (end < until && (c = bytes[end]) !== 34) { if (c === 92 || c < 32 || c > 127) return false; end++; }
  if (end >= until) return false;
  let field = -1;
  ${match}
  at = end + 1;
  while (at < until && ((c = bytes[at]) === 32 || c === 10 || c === 13 || c === 9)) at++;
  if (at >= until || bytes[at] !== 58) return false;
  at++;
  while (at < until && ((c = bytes[at]) === 32 || c === 10 || c === 13 || c === 9)) at++;
  switch (field) {
${cases}
default: if (!${b.skip}(bytes, at, until, s, 0)) return false;
  }
  at = s.at;
  while (at < until && ((c = bytes[at]) === 32 || c === 10 || c === 13 || c === 9)) at++;
  if (at >= until) return false;
  c = bytes[at++];
  if (c === 125) return true;
  if (c !== 44) return false;
  while (at < until && ((c = bytes[at]) === 32 || c === 10 || c === 13 || c === 9)) at++;
}
return false;`;
  const scan = scope.build(['bytes', 'from', 'until'], body);
  return scan === undefined ? undefined : { scan: scan as unknown as JsonScan, out, late };
}

/** Where reading has come to. */
class ScanState {
  at = 0;
}

/** A text that the scanner has found and not read: most rows are filtered out before anybody asks. */
class LateText {
  /** Where the bytes of the text stand. */
  start = 0;
  end = 0;
  isAscii = true;
  private readonly texts: AsciiTexts;

  constructor(texts: AsciiTexts) {
    this.texts = texts;
  }

  /** It was found elsewhere: a negative `end` says that it is not ASCII. Both are positions to which `shift` is added. */
  place(start: number, end: number, shift: number): void {
    this.start = start + shift;
    this.end = (end < 0 ? -end : end) + shift;
    this.isAscii = end >= 0;
  }

  /** Finds the end of the text; false when the scanner is not sure of it. */
  find(bytes: Uint8Array, at: number, until: number, s: ScanState): boolean {
    if (bytes[at] !== 34) return false;
    let end = at + 1;
    let all = 0;
    for (; end < until; end++) {
      const c = bytes[end] as number;
      if (c === 34) break;
      if (c === 92 || c < 32) return false;
      all |= c;
    }
    if (end >= until) return false;
    this.start = at + 1;
    this.end = end;
    this.isAscii = all < 128;
    s.at = end + 1;
    return true;
  }

  /** Whether the text is this one, of ASCII characters only. */
  is(bytes: Uint8Array, ascii: Uint8Array): boolean {
    const { start } = this;
    if (this.end - start !== ascii.length) return false;
    for (let i = 0; i < ascii.length; i++) if (bytes[start + i] !== ascii[i]) return false;
    return true;
  }

  /** The text of the record that was scanned last, of the same bytes. */
  text(bytes: Uint8Array): string {
    const { start, end } = this;
    if (!this.isAscii) return utf8Text(bytes.subarray(start, end));
    let hash = 0;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
    return this.texts.at(bytes, start, end - start, hash);
  }
}

/** The time that stands at `at`; `undefined` when not sure. */
export function timestampAt(bytes: Uint8Array, at: number, until: number): number | undefined {
  return readTimestamp(bytes, at, until, unread);
}

const unread = new ScanState();

type Reader = 'text' | 'int' | 'bigint' | 'double' | 'boolean' | 'timestamp';

/** Each reads a value at `at`, leaves `s.at` behind it, and gives `undefined` when it is not sure. */
const fieldReaders: Readonly<
  Record<
    Reader,
    (bytes: Uint8Array, at: number, until: number, s: ScanState, cache: AsciiTexts) => InternalValue | undefined
  >
> = {
  text: readText,
  int(bytes, at, until, s) {
    const value = readInteger(bytes, at, until, s);
    return value === undefined || value > 2_147_483_647 || value < -2_147_483_648 ? undefined : value;
  },
  bigint: readInteger,
  double: readDouble,
  boolean: readBoolean,
  timestamp: readTimestamp,
};

function isNullAt(bytes: Uint8Array, at: number, until: number): boolean {
  return (
    bytes[at] === 110 &&
    at + 4 <= until &&
    bytes[at + 1] === 117 &&
    bytes[at + 2] === 108 &&
    bytes[at + 3] === 108 &&
    endsAt(bytes, at + 4, until)
  );
}

/** Whether a word or number may end here. */
function endsAt(bytes: Uint8Array, at: number, until: number): boolean {
  if (at >= until) return false;
  const c = bytes[at] as number;
  return c === 44 || c === 125 || c === 93 || c === 32 || c === 10 || c === 13 || c === 9;
}

function readText(bytes: Uint8Array, at: number, until: number, s: ScanState, cache: AsciiTexts): string | undefined {
  if (bytes[at] !== 34) return undefined;
  const start = at + 1;
  let end = start;
  let hash = 0;
  let isAscii = true;
  for (; end < until; end++) {
    const c = bytes[end] as number;
    if (c <= 34 || c === 92) {
      if (c === 34) break;
      if (c === 92 || c < 32) return undefined;
    }
    if (c > 127) isAscii = false;
    hash = (Math.imul(hash, 31) + c) | 0;
  }
  if (end >= until) return undefined;
  s.at = end + 1;
  if (!isAscii) return utf8Text(bytes.subarray(start, end));
  return cache.at(bytes, start, end - start, hash);
}

/** At most 15 digits: all of them are exact. */
function readInteger(bytes: Uint8Array, from: number, until: number, s: ScanState): number | undefined {
  let at = from;
  const isNegative = bytes[at] === 45;
  if (isNegative) at++;
  const start = at;
  let value = 0;
  while (at < until) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    at++;
  }
  const count = at - start;
  if (count === 0 || count > 15 || (count > 1 && bytes[start] === 48) || !endsAt(bytes, at, until)) return undefined;
  s.at = at;
  if (!isNegative) return value;
  return value === 0 ? undefined : -value;
}

/** At most 15 digits and no exponent: the quotient of two exact numbers is the nearest double. */
function readDouble(bytes: Uint8Array, from: number, until: number, s: ScanState): number | undefined {
  let at = from;
  const isNegative = bytes[at] === 45;
  if (isNegative) at++;
  const start = at;
  let digits = 0;
  while (at < until) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) break;
    digits = digits * 10 + digit;
    at++;
  }
  let count = at - start;
  if (count === 0 || (count > 1 && bytes[start] === 48)) return undefined;
  let divisor = 1;
  if (at < until && bytes[at] === 46) {
    const point = ++at;
    while (at < until) {
      const digit = (bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) break;
      digits = digits * 10 + digit;
      divisor *= 10;
      at++;
    }
    if (at === point) return undefined;
    count += at - point;
  }
  if (count > 15 || !endsAt(bytes, at, until)) return undefined;
  if (isNegative && digits === 0) return undefined;
  s.at = at;
  const value = digits / divisor;
  return isNegative ? -value : value;
}

function readBoolean(bytes: Uint8Array, at: number, until: number, s: ScanState): boolean | undefined {
  if (
    bytes[at] === 116 &&
    bytes[at + 1] === 114 &&
    bytes[at + 2] === 117 &&
    bytes[at + 3] === 101 &&
    endsAt(bytes, at + 4, until)
  ) {
    s.at = at + 4;
    return true;
  }
  if (
    bytes[at] === 102 &&
    bytes[at + 1] === 97 &&
    bytes[at + 2] === 108 &&
    bytes[at + 3] === 115 &&
    bytes[at + 4] === 101 &&
    endsAt(bytes, at + 5, until)
  ) {
    s.at = at + 5;
    return false;
  }
  return undefined;
}

/** `2024-01-31T23:59:59.123456Z`, with up to six digits of a second's fraction or none; whole seconds as a number. */
function readTimestamp(bytes: Uint8Array, at: number, until: number, s: ScanState): number | undefined {
  if (bytes[at] !== 34) {
    const seconds = readInteger(bytes, at, until, s);
    return seconds === undefined || seconds > 8_000_000_000 || seconds < -8_000_000_000
      ? undefined
      : seconds * 1_000_000;
  }
  if (at + 22 > until) return undefined;
  const year = two(bytes, at + 1) * 100 + two(bytes, at + 3);
  const month = two(bytes, at + 6);
  const day = two(bytes, at + 9);
  const hour = two(bytes, at + 12);
  const minute = two(bytes, at + 15);
  const second = two(bytes, at + 18);
  if (
    bytes[at + 5] !== 45 ||
    bytes[at + 8] !== 45 ||
    bytes[at + 11] !== 84 ||
    bytes[at + 14] !== 58 ||
    bytes[at + 17] !== 58
  )
    return undefined;
  // Not a number when a character was no digit: no comparison holds then.
  if (!(year >= 1700 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)))
    return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  let end = at + 20;
  let micros = 0;
  if (bytes[end] === 46) {
    end++;
    let unit = 100_000;
    const start = end;
    for (; end < until; end++) {
      const digit = (bytes[end] as number) - 48;
      if (digit < 0 || digit > 9) break;
      if (unit < 1) return undefined;
      micros += digit * unit;
      unit /= 10;
    }
    if (end === start) return undefined;
  }
  if (bytes[end] !== 90 || bytes[end + 1] !== 34 || end + 2 > until) return undefined;
  s.at = end + 2;
  return (daysOfDate(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000 + Math.floor(micros);
}

/** Two digits, or NaN. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48;
  const ones = (bytes[at + 1] as number) - 48;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? Number.NaN : tens * 10 + ones;
}

const maxSkipDepth = 30;

/** Passes over a value that nobody reads, sure that it is JSON: `s.at` stands behind it then. */
function skipValue(bytes: Uint8Array, from: number, until: number, s: ScanState, depth: number): boolean {
  if (from >= until || depth > maxSkipDepth) return false;
  switch (bytes[from]) {
    case 34:
      return skipText(bytes, from, until, s);
    case 123:
      return skipMembers(bytes, from, until, s, depth, 125);
    case 91:
      return skipMembers(bytes, from, until, s, depth, 93);
    case 116:
    case 102:
      return readBoolean(bytes, from, until, s) !== undefined;
    case 110:
      if (!isNullAt(bytes, from, until)) return false;
      s.at = from + 4;
      return true;
    default:
      return skipNumber(bytes, from, until, s);
  }
}

function skipText(bytes: Uint8Array, from: number, until: number, s: ScanState): boolean {
  for (let at = from + 1; at < until; at++) {
    const c = bytes[at] as number;
    // Nearly every byte: two comparisons are enough for it.
    if (c > 34 && c !== 92) continue;
    if (c === 34) {
      s.at = at + 1;
      return true;
    }
    if (c < 32) return false;
    if (c === 92) {
      at++;
      // Of the escapes only those of one character: " \ / b f n r t.
      const escaped = bytes[at];
      if (
        escaped !== 34 &&
        escaped !== 92 &&
        escaped !== 47 &&
        escaped !== 98 &&
        escaped !== 102 &&
        escaped !== 110 &&
        escaped !== 114 &&
        escaped !== 116
      )
        return false;
    }
  }
  return false;
}

function skipNumber(bytes: Uint8Array, from: number, until: number, s: ScanState): boolean {
  let at = from;
  if (bytes[at] === 45) at++;
  const start = at;
  at = digitsFrom(bytes, at, until);
  if (at === start || at - from > 300 || (at - start > 1 && bytes[start] === 48)) return false;
  if (at < until && bytes[at] === 46) {
    const point = at + 1;
    at = digitsFrom(bytes, point, until);
    if (at === point || at - from > 300) return false;
  }
  if (at < until && (bytes[at] === 101 || bytes[at] === 69)) {
    at++;
    if (at < until && (bytes[at] === 43 || bytes[at] === 45)) at++;
    const exponent = at;
    at = digitsFrom(bytes, exponent, until);
    if (at === exponent || at - from > 300) return false;
  }
  if (!endsAt(bytes, at, until)) return false;
  s.at = at;
  return true;
}

function digitsFrom(bytes: Uint8Array, from: number, until: number): number {
  let at = from;
  while (at < until && (bytes[at] as number) >= 48 && (bytes[at] as number) <= 57) at++;
  return at;
}

/** An object or an array, from its opening bracket to its closing one. */
function skipMembers(
  bytes: Uint8Array,
  from: number,
  until: number,
  s: ScanState,
  depth: number,
  close: number,
): boolean {
  let at = skipBlanks(bytes, from + 1, until);
  if (at < until && bytes[at] === close) {
    s.at = at + 1;
    return true;
  }
  for (;;) {
    if (close === 125) {
      if (at >= until || bytes[at] !== 34 || !skipText(bytes, at, until, s)) return false;
      at = skipBlanks(bytes, s.at, until);
      if (at >= until || bytes[at] !== 58) return false;
      at = skipBlanks(bytes, at + 1, until);
    }
    if (!skipValue(bytes, at, until, s, depth + 1)) return false;
    at = skipBlanks(bytes, s.at, until);
    if (at >= until) return false;
    const c = bytes[at] as number;
    if (c === close) {
      s.at = at + 1;
      return true;
    }
    if (c !== 44) return false;
    at = skipBlanks(bytes, at + 1, until);
  }
}

function skipBlanks(bytes: Uint8Array, from: number, until: number): number {
  let at = from;
  while (at < until) {
    const c = bytes[at] as number;
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) break;
    at++;
  }
  return at;
}
