import { TextOptions } from '../../../io/text-options.ts';
import { raise } from '../../../kernel/errors.ts';
import type { DataType } from '../../types/data-type.ts';
import { parseTimestamp } from '../../types/timestamp.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import { decimalType, arrayType, atomic } from '../../types/type-classes.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { requireOptions } from '../schema-argument.ts';
import { constantOf, takes } from '../signatures.ts';
import { type Json, JsonNumber, JsonObject, jsonOptions, noValue, readJson } from './json-reader.ts';
import { requireText } from './require-text.ts';

/** The type that holds a JSON value: as Spark infers it. */
function inferJsonType(value: Json, settings: Settings): DataType {
  if (value === null) return atomic('string');
  if (typeof value === 'string') {
    return settings.infersTimes && parseTimestamp(value, settings.zone) !== undefined
      ? atomic('timestamp')
      : atomic('string');
  }
  if (typeof value === 'boolean') return atomic(settings.isTextOnly ? 'string' : 'boolean');
  if (value instanceof JsonNumber) {
    if (settings.isTextOnly) return atomic('string');
    if (!value.isInteger) return settings.prefersDecimal ? decimalOfText(value.text) : atomic('double');
    const number = BigInt(value.text);
    return number >= -(2n ** 63n) && number < 2n ** 63n
      ? atomic('bigint')
      : decimalType(Math.min(38, value.text.replace('-', '').length), 0);
  }
  if (value instanceof JsonObject) {
    const fields = new Map(value.keys.map((key, i) => [key, inferJsonType(value.values[i] ?? null, settings)]));
    return {
      kind: 'struct',
      fields: Array.from(fields, ([name, type]) => ({ name, type, nullable: true }))
        .filter(({ type }) => type.kind !== 'struct' || type.fields.length > 0)
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    };
  }
  const types = value.map((item) => inferJsonType(item, settings));
  return arrayType(types.length === 0 ? atomic('string') : types.reduce(widerJsonType));
}

/** Spark's options of the inference. */
interface Settings {
  readonly isTextOnly: boolean;
  readonly prefersDecimal: boolean;
  readonly infersTimes: boolean;
  readonly zone: TimeZone;
}

function settingsOf(options: TextOptions, session: string): Settings {
  const isOn = (name: string): boolean => options.get(name)?.toLowerCase() === 'true';
  return {
    isTextOnly: isOn('primitivesAsString'),
    prefersDecimal: isOn('prefersDecimal'),
    infersTimes: isOn('inferTimestamp'),
    zone: timeZone(options.get('timeZone') ?? session) ?? (timeZone('UTC') as TimeZone),
  };
}

/** A decimal with the digits of a number, a double when there are too many or it has an exponent. */
function decimalOfText(text: string): DataType {
  const [, whole = '', fraction = ''] = /^-?(\d+)\.(\d+)$/u.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/u, '').length;
  return fraction === '' || digits > 38
    ? atomic('double')
    : decimalType(Math.max(digits, fraction.length), fraction.length);
}

/** The type that holds values of both: text when they have nothing in common. */
function widerJsonType(a: DataType, b: DataType): DataType {
  if (a.kind === 'void') return b;
  if (b.kind === 'void') return a;
  if (a.kind === 'struct' && b.kind === 'struct') {
    const types = new Map(a.fields.map(({ name, type }) => [name, type]));
    for (const { name, type } of b.fields) {
      const known = types.get(name);
      types.set(name, known === undefined ? type : widerJsonType(known, type));
    }
    return {
      kind: 'struct',
      fields: Array.from(types, ([name, type]) => ({ name, type, nullable: true })).toSorted((x, y) =>
        x.name < y.name ? -1 : 1,
      ),
    };
  }
  if (a.kind === 'array' && b.kind === 'array') return arrayType(widerJsonType(a.element, b.element));
  if (a.kind === b.kind) return a;
  const numbers = new Set(['bigint', 'double', 'decimal']);
  if (numbers.has(a.kind) && numbers.has(b.kind)) return atomic('double');
  return atomic('string');
}

export const schemaOfJson: FunctionDefinition = {
  name: 'schema_of_json',
  group: 'json',
  summary: 'The schema of a JSON text, as DDL.',
  usage: 'schema_of_json(jsonStr)',
  examples: [[`schema_of_json('[{"col":0}]')`, 'ARRAY<STRUCT<col: BIGINT>>']],
  resolve(args, site) {
    const signature = takes('schema_of_json', ['any', 'any?'], 'string', { nullable: false })(args, site);
    requireText('schema_of_json', args, 0);
    requireOptions('schema_of_json', args, 1);
    if (constantOf('schema_of_json', args, 0) === null) {
      raise('DATATYPE_MISMATCH.UNEXPECTED_NULL', { function: 'schema_of_json' });
    }
    return signature;
  },
  body: {
    kind: 'scalar',
    bind({ args, options, timeZone: zone }) {
      const json = String(constantOf('schema_of_json', args, 0));
      const value = readJson(json, jsonOptions(options));
      if (value === undefined) {
        return raise('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION', { record: json.slice(0, 200) });
      }
      const settings = settingsOf(new TextOptions(options ?? {}), zone);
      const text = sqlTypeText(value === noValue ? atomic('string') : inferJsonType(value, settings));
      return { evaluate: () => text };
    },
  },
};
