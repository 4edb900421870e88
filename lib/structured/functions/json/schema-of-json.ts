import type { DataType } from '../../types/data-type.ts';
import { decimalType, arrayType, atomic } from '../../types/type-classes.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';
import { type Json, JsonNumber, JsonObject, jsonOptions, noValue, readJson } from './json-reader.ts';

/** The type that holds a JSON value: as Spark infers it. */
function inferJsonType(value: Json): DataType {
  if (value === null) return atomic('string');
  if (typeof value === 'string') return atomic('string');
  if (typeof value === 'boolean') return atomic('boolean');
  if (value instanceof JsonNumber) {
    if (!value.isInteger) return atomic('double');
    const number = BigInt(value.text);
    return number >= -(2n ** 63n) && number < 2n ** 63n
      ? atomic('bigint')
      : decimalType(Math.min(38, value.text.replace('-', '').length), 0);
  }
  if (value instanceof JsonObject) {
    const fields = new Map(value.keys.map((key, i) => [key, inferJsonType(value.values[i] ?? null)]));
    return {
      kind: 'struct',
      fields: Array.from(fields, ([name, type]) => ({ name, type, nullable: true })).toSorted((a, b) =>
        a.name < b.name ? -1 : 1,
      ),
    };
  }
  return arrayType(value.length === 0 ? atomic('string') : value.map(inferJsonType).reduce(widerJsonType));
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
  resolve: takes('schema_of_json', ['string', 'any?'], 'string', { nullable: false }),
  body: {
    kind: 'scalar',
    bind({ args, options }) {
      const value = readJson(String(constantOf('schema_of_json', args, 0)), jsonOptions(options));
      const text = sqlTypeText(value === undefined || value === noValue ? atomic('string') : inferJsonType(value));
      return { evaluate: () => text };
    },
  },
};
