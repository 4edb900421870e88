import { raise } from '../../../kernel/errors.ts';
import { parseDate } from '../../types/calendar.ts';
import { castFunction } from '../../types/cast.ts';
import type { DataType, InternalValue, StructType } from '../../types/data-type.ts';
import { parseSchema, parseType } from '../../types/ddl.ts';
import { fitsPrecision, parseDecimal } from '../../types/decimal.ts';
import { isInLongRange, toLong } from '../../types/long.ts';
import { daysOfMicros, parseTimestamp, parseTimestampNtz } from '../../types/timestamp.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { datePattern } from '../datetimes/date-pattern.ts';
import { nullableEverywhere, requireOptions, schemaText } from '../schema-argument.ts';
import { takes } from '../signatures.ts';
import { fromBase64 } from '../strings/encodings.ts';
import { type Json, JsonNumber, JsonObject, jsonOptions, noValue, readJson } from './json-reader.ts';
import { plainText } from './json-tuple.ts';
import { requireText } from './require-text.ts';

/** A field that does not fit its type. Compared by identity, never seen outside. */
const unfit = Symbol('unfit');
type Converted = InternalValue | typeof unfit;
type Convert = (value: Json) => Converted;

export interface FromJsonSettings {
  readonly timeZone: string;
  readonly options?: Readonly<Record<string, string>>;
}

interface Problems {
  isBad: boolean;
}

/** Texts of JSON as values of a type: what `from_json` does with one text. Exact, for every input. */
export function jsonParser(
  type: DataType,
  { timeZone: zone, options = {} }: FromJsonSettings,
): (text: string) => InternalValue {
  const byName = new Map(Object.entries(options).map(([name, value]) => [name.toLowerCase(), value]));
  const mode = (byName.get('mode') ?? 'PERMISSIVE').toUpperCase();
  if (mode !== 'PERMISSIVE' && mode !== 'FAILFAST') raise('PARSE_MODE_UNSUPPORTED', { function: 'from_json', mode });
  const reading = jsonOptions(options);
  const corruptName = byName.get('columnnameofcorruptrecord') ?? '_corrupt_record';
  const corruptIndex = type.kind === 'struct' ? type.fields.findIndex(({ name }) => name === corruptName) : -1;
  const problems: Problems = { isBad: false };
  const convert = converter(type, byName, zone, problems, corruptIndex);
  const nulls: readonly InternalValue[] | null = type.kind === 'struct' ? type.fields.map(() => null) : null;
  return (text) => {
    const value = readJson(text, reading);
    if (value === noValue) return null;
    problems.isBad = value === undefined;
    let result: Converted = value === undefined ? unfit : rooted(value, type, convert);
    if (result === unfit) {
      problems.isBad = true;
      result = nulls;
    }
    if (!problems.isBad) return result;
    if (mode === 'FAILFAST') {
      raise('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION', { record: text.slice(0, 200) });
    }
    if (corruptIndex < 0 || !Array.isArray(result)) return result;
    return (result as InternalValue[]).with(corruptIndex, text);
  };
}

/** An object stands for an array of one where an array is expected; no other root fits but that of the type. */
function rooted(value: Json, type: DataType, convert: Convert): Converted {
  if (value === null && type.kind !== 'struct') return null;
  if (type.kind === 'array' && type.element.kind === 'struct' && value instanceof JsonObject) return convert([value]);
  if (type.kind === 'struct' && !(value instanceof JsonObject)) return unfit;
  return convert(value);
}

function converter(
  type: DataType,
  options: ReadonlyMap<string, string>,
  zoneId: string,
  problems: Problems,
  corruptIndex = -1,
): Convert {
  const convert = nonNullConverter(type, options, zoneId, problems, corruptIndex);
  return (value) => (value === null ? null : convert(value));
}

function nonNullConverter(
  type: DataType,
  options: ReadonlyMap<string, string>,
  zoneId: string,
  problems: Problems,
  corruptIndex: number,
): (value: Exclude<Json, null>) => Converted {
  /** A part that does not fit is null, the rest is kept. */
  const lenient =
    (convert: Convert): ((value: Json) => InternalValue) =>
    (value) => {
      const result = convert(value);
      if (result !== unfit) return result;
      problems.isBad = true;
      return null;
    };
  switch (type.kind) {
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : unfit);
    case 'tinyint':
      return integer(-128n, 127n);
    case 'smallint':
      return integer(-32_768n, 32_767n);
    case 'int':
      return integer(-2_147_483_648n, 2_147_483_647n);
    case 'bigint':
      return integer(-(2n ** 63n), 2n ** 63n - 1n);
    case 'float':
      return (value) => {
        const number = floating(value);
        return number === undefined ? unfit : Math.fround(number);
      };
    case 'double':
      return (value) => floating(value) ?? unfit;
    case 'decimal':
      return (value) => {
        const text = value instanceof JsonNumber ? value.text : typeof value === 'string' ? value : undefined;
        const unscaled = text === undefined ? undefined : parseDecimal(text, type.scale);
        return unscaled === undefined || !fitsPrecision(unscaled, type.precision) ? unfit : unscaled;
      };
    case 'string':
      return (value) => plainText(value);
    case 'binary':
      return (value) => (typeof value === 'string' ? fromBase64(value) : unfit);
    case 'date':
      return dates(options, zoneId);
    case 'timestamp':
    case 'timestamp_ntz':
      return times(type.kind, options, zoneId);
    case 'array': {
      const element = converter(type.element, options, zoneId, problems);
      return (value) => {
        if (!Array.isArray(value)) return unfit;
        const items = (value as readonly Json[]).map(element);
        return items.includes(unfit) ? unfit : (items as InternalValue[]);
      };
    }
    case 'map': {
      const item = converter(type.value, options, zoneId, problems);
      const key = lenient(converter(type.key, options, zoneId, problems));
      return (value) => {
        if (!(value instanceof JsonObject)) return unfit;
        const entries = new Map(value.keys.map((name, i) => [name, value.values[i] ?? null]));
        const values = Array.from(entries.values(), item);
        if (values.includes(unfit)) return unfit;
        return { keys: Array.from(entries.keys(), key), values: values as InternalValue[] };
      };
    }
    case 'struct':
      return structs(type, options, zoneId, problems, corruptIndex, lenient);
    case 'interval day to second':
    case 'interval year to month':
    case 'interval': {
      const cast = castFunction({ kind: 'string' }, type, { mode: 'try', zone: utc });
      return (value) => (typeof value === 'string' ? (cast?.(value) ?? unfit) : unfit);
    }
    default:
      return () => unfit;
  }
}

const utc = timeZone('UTC') as TimeZone;

function structs(
  type: StructType,
  options: ReadonlyMap<string, string>,
  zoneId: string,
  problems: Problems,
  corruptIndex: number,
  lenient: (convert: Convert) => (value: Json) => InternalValue,
): (value: Exclude<Json, null>) => Converted {
  const fields = new Map(
    type.fields.flatMap((field, index) =>
      index === corruptIndex
        ? []
        : [[field.name, { index, convert: lenient(converter(field.type, options, zoneId, problems)) }] as const],
    ),
  );
  return (value) => {
    if (!(value instanceof JsonObject)) return unfit;
    const row: InternalValue[] = type.fields.map(() => null);
    for (let i = 0; i < value.keys.length; i++) {
      const field = fields.get(value.keys[i] as string);
      if (field !== undefined) row[field.index] = field.convert(value.values[i] ?? null);
    }
    return row;
  };
}

function integer(least: bigint, most: bigint): (value: Exclude<Json, null>) => Converted {
  const [low, high] = [Number(least), Number(most)];
  return (value) => {
    if (!(value instanceof JsonNumber) || !value.isInteger) return unfit;
    if (value.text.length < 16) {
      const number = Number(value.text);
      return number >= low && number <= high ? number + 0 : unfit;
    }
    const exact = BigInt(value.text);
    return exact >= least && exact <= most ? toLong(exact) : unfit;
  };
}

const numberWords: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['+Infinity', Infinity],
  ['+INF', Infinity],
  ['-Infinity', -Infinity],
  ['-INF', -Infinity],
]);

function floating(value: Json): number | undefined {
  if (value instanceof JsonNumber) return Number(value.text);
  return typeof value === 'string' ? numberWords.get(value) : undefined;
}

function dates(options: ReadonlyMap<string, string>, zoneId: string): (value: Exclude<Json, null>) => Converted {
  const format = options.get('dateformat');
  const pattern = format === undefined ? undefined : datePattern('from_json', format);
  const zone = timeZone(options.get('timezone') ?? zoneId);
  return (value) => {
    if (typeof value !== 'string' || zone === undefined) return unfit;
    if (pattern === undefined) return parseDate(value) ?? unfit;
    const parsed = pattern.parse(value, zone);
    return parsed === undefined ? unfit : daysOfMicros(parsed.local);
  };
}

function times(
  kind: 'timestamp' | 'timestamp_ntz',
  options: ReadonlyMap<string, string>,
  zoneId: string,
): (value: Exclude<Json, null>) => Converted {
  const format = options.get(kind === 'timestamp' ? 'timestampformat' : 'timestampntzformat');
  const pattern = format === undefined ? undefined : datePattern('from_json', format);
  const zone = timeZone(options.get('timezone') ?? zoneId);
  return (value) => {
    if (zone === undefined) return unfit;
    if (typeof value === 'string') {
      if (pattern !== undefined) {
        const parsed = pattern.parse(value, zone);
        return parsed === undefined ? unfit : kind === 'timestamp' ? parsed.micros : parsed.local;
      }
      return (kind === 'timestamp' ? parseTimestamp(value, zone) : parseTimestampNtz(value)) ?? unfit;
    }
    if (kind !== 'timestamp' || !(value instanceof JsonNumber) || !value.isInteger) return unfit;
    const micros = toLong(BigInt(value.text) * 1_000_000n);
    return isInLongRange(micros) ? micros : unfit;
  };
}

/** The schema argument: DDL of columns, or of one type. */
function schemaType(text: string): DataType {
  const trimmed = text.trim();
  if (/^(?:array|map|struct)\s*</iu.test(trimmed)) return parseType(trimmed);
  if (/^(?:string|int|bigint|double|boolean|date|timestamp)$/iu.test(trimmed)) {
    raise('DATATYPE_MISMATCH.INVALID_JSON_SCHEMA', { schema: trimmed.toUpperCase() });
  }
  return parseSchema(trimmed);
}

export const fromJson: FunctionDefinition = {
  name: 'from_json',
  group: 'json',
  summary:
    'The value of a JSON text in a schema. A field that does not fit is null, a text that is no JSON gives nulls (mode PERMISSIVE), or an error (FAILFAST).',
  usage: 'from_json(jsonStr, schema[, options])',
  examples: [[`from_json('{"a":1, "b":0.8}', 'a INT, b DOUBLE')`, '{1, 0.8}']],
  resolve(args, site) {
    const signature = takes('from_json', ['any', 'any', 'any?'], () =>
      nullableEverywhere(schemaType(schemaText('from_json', args, 1, site))),
    )(args, site);
    requireText('from_json', args, 0);
    requireOptions('from_json', args, 2);
    return { ...signature, args: args.map(() => ({ kind: 'string' })), nullable: true };
  },
  body: {
    kind: 'scalar',
    bind({ type, timeZone: zone, options }: BindSite) {
      return { evaluate: jsonParser(type, { timeZone: zone, ...(options === undefined ? {} : { options }) }) };
    },
  },
};
