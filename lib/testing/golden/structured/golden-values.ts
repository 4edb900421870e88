import { raise } from '../../../kernel/errors.ts';
import type {
  DataType,
  InternalRow,
  InternalValue,
  Long,
  MapValue,
  StructType,
} from '../../../structured/types/data-type.ts';

/**
 * The value that a golden file writes for a type, as engines hold it. The files write what JSON cannot say as text: times in ISO 8601,
 * dates, decimals, bytes in base64, numbers that are no JSON numbers.
 */
function decodeValue(value: unknown, type: DataType): InternalValue {
  if (value === null || value === undefined) return null;
  const text = textOf(value);
  switch (type.kind) {
    case 'boolean':
    case 'string':
      return value as InternalValue;
    case 'tinyint':
    case 'smallint':
    case 'int':
      return Number(value);
    case 'float':
      return Math.fround(Number(value));
    case 'double':
      return Number(value);
    case 'bigint':
      return longOf(typeof value === 'string' ? BigInt(value) : BigInt(Math.trunc(Number(value))));
    case 'decimal':
      return unscaled(text, type.scale);
    case 'date':
      return Math.round(Date.parse(`${text}T00:00:00Z`) / 86_400_000);
    case 'timestamp':
    case 'timestamp_ntz':
      return microsOf(text);
    case 'binary':
      return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    case 'array':
      return (value as readonly unknown[]).map((item) => decodeValue(item, type.element));
    case 'map': {
      const entries = Object.entries(value as Readonly<Record<string, unknown>>);
      return {
        keys: entries.map(([key]) => decodeValue(key, type.key)),
        values: entries.map(([, item]) => decodeValue(item, type.value)),
      };
    }
    case 'struct':
      return decodeRow(value as Readonly<Record<string, unknown>>, type);
    default:
      return raise('TESTING_GOLDEN', { problem: `a source has a column of the type ${type.kind}` });
  }
}

export function decodeRow(row: Readonly<Record<string, unknown>>, schema: StructType): InternalRow {
  return schema.fields.map(({ name, type }) => decodeValue(row[name] ?? null, type));
}

/** The inverse of `decodeValue`: what the file would write. */
function encodeValue(value: InternalValue, type: DataType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'float':
    case 'double':
      return Number.isFinite(value) ? (Object.is(value, -0) ? 0 : value) : textOf(value);
    case 'bigint':
      return typeof value === 'bigint' ? String(value) : value;
    case 'decimal':
      return decimalText(BigInt(value as Long), type.scale);
    case 'date':
      return isoOf(BigInt(value as number) * 86_400_000_000n).slice(0, 10);
    case 'timestamp':
      return `${isoOf(BigInt(value as Long))}Z`;
    case 'timestamp_ntz':
      return isoOf(BigInt(value as Long));
    case 'binary':
      return btoa(Array.from(value as Uint8Array, (byte) => String.fromCharCode(byte)).join(''));
    case 'array':
      return (value as readonly InternalValue[]).map((item) => encodeValue(item, type.element));
    case 'map': {
      const { keys, values } = value as MapValue;
      return Object.fromEntries(
        keys.map((key, i) => [String(encodeValue(key, type.key)), encodeValue(values[i] ?? null, type.value)]),
      );
    }
    case 'struct':
      return encodeRow(value as InternalRow, type);
    default:
      return value;
  }
}

export function encodeRow(row: InternalRow, schema: StructType): Readonly<Record<string, unknown>> {
  const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  schema.fields.forEach(({ name, type }, i) => {
    out[name] = encodeValue(row[i] ?? null, type);
  });
  return out;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

function longOf(value: bigint): Long {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function unscaled(text: string, scale: number): Long {
  const [, sign = '', whole = '0', fraction = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/u.exec(text) ?? [];
  return longOf(BigInt(`${sign}${whole}${fraction.padEnd(scale, '0').slice(0, scale)}`));
}

function decimalText(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Texts have up to 6 digits of a second; those behind the third are added by hand, since JavaScript's dates end at milliseconds. */
function microsOf(text: string): Long {
  const [, before = text, fraction = '', zone = 'Z'] = /^([^.Z]*)(?:\.(\d+))?(Z)?$/u.exec(text) ?? [];
  const ms = Date.parse(`${before}.000${zone}`);
  if (Number.isNaN(ms)) raise('TESTING_GOLDEN', { problem: `${text} is no time` });
  return longOf(BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6)));
}

function isoOf(micros: bigint): string {
  const inMs = ((micros % 1000n) + 1000n) % 1000n;
  const ms = Number((micros - inMs) / 1000n);
  const text = new Date(ms).toISOString().slice(0, -1);
  return inMs === 0n ? text : `${text}${String(inMs).padStart(3, '0')}`;
}
