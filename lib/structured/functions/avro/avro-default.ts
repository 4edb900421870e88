import { raise } from '../../../kernel/errors.ts';
import type { InternalValue } from '../../types/data-type.ts';
import { toLong } from '../../types/long.ts';
import type { AvroType } from './avro-schema.ts';
import { branchesOf, mergedNumber } from './avro-types.ts';

/** The value of a default, which a schema writes as JSON: bytes as text of the characters 0 to 255, unions by their first branch. */
export function defaultOf(type: AvroType, json: unknown): InternalValue {
  switch (type.kind) {
    case 'null':
      return json === null ? null : unfit(type, json);
    case 'boolean':
      return typeof json === 'boolean' ? json : unfit(type, json);
    case 'int':
    case 'float':
    case 'double':
      return typeof json === 'number' ? json : unfit(type, json);
    case 'long': {
      if (typeof json !== 'number') return unfit(type, json);
      return type.logical?.endsWith('timestamp-millis') === true ? toLong(BigInt(json) * 1000n) : json;
    }
    case 'string':
    case 'enum':
      return typeof json === 'string' ? json : unfit(type, json);
    case 'bytes':
    case 'fixed': {
      if (typeof json !== 'string') return unfit(type, json);
      const bytes = Uint8Array.from(json, (c) => c.charCodeAt(0));
      if (type.decimal === undefined) return bytes;
      let value = 0n;
      for (const byte of bytes) value = (value << 8n) | BigInt(byte);
      return toLong(BigInt.asIntN(bytes.length * 8, value));
    }
    case 'array':
      return Array.isArray(json) ? json.map((item) => defaultOf(type.items, item)) : unfit(type, json);
    case 'map': {
      const entries = isObject(json) ? Object.entries(json) : unfit(type, json);
      return { keys: entries.map(([key]) => key), values: entries.map(([, item]) => defaultOf(type.values, item)) };
    }
    case 'record': {
      const values = isObject(json) ? json : unfit(type, json);
      return type.fields.map((field) => {
        if (Object.hasOwn(values, field.name)) return defaultOf(field.type, values[field.name]);
        return field.default === undefined ? unfit(field.type, undefined) : defaultOf(field.type, field.default.json);
      });
    }
    case 'union': {
      const [first] = type.branches;
      if (first === undefined || (json === null && first.kind === 'null')) return null;
      const value = defaultOf(first, json);
      const others = branchesOf(type.branches);
      if (others.length === 1 || mergedNumber(others) !== undefined) return value;
      return others.map((branch) => (branch === first ? value : null));
    }
    default:
      return type satisfies never;
  }
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function unfit(type: AvroType, json: unknown): never {
  return raise('AVRO_SCHEMA_INVALID', { problem: `the default ${JSON.stringify(json)} is no ${type.kind}` });
}
