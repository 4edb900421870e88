import type { Attribute } from '../expressions/typed-expression.ts';
import { castFunction } from '../types/cast.ts';
import type { DataType, InternalRow, InternalValue, MapValue } from '../types/data-type.ts';
import { type TimeZone, timeZone } from '../types/time-zone.ts';
import { atomic } from '../types/type-classes.ts';

/** A row as the texts that `show` and the console print. */
export type RowTexts = (row: InternalRow) => readonly string[];

/** The texts of rows with these columns: null is `NULL`, bytes are in hexadecimal, `[1, 2]`, `{a, b}`, `{k -> v}`. */
export function rowTexts(output: readonly Attribute[], zoneId: string): RowTexts {
  const zone = timeZone(zoneId) as TimeZone;
  const texts = output.map(({ type }) => textOf(type, zone));
  return (row) => texts.map((text, i) => text(row[i] ?? null));
}

function textOf(type: DataType, zone: TimeZone): (value: InternalValue) => string {
  const text = nonNullText(type, zone);
  return (value) => (value === null ? 'NULL' : text(value));
}

function nonNullText(type: DataType, zone: TimeZone): (value: InternalValue) => string {
  switch (type.kind) {
    case 'string':
      return String;
    case 'binary':
      return (value) => `[${Array.from(value as Uint8Array, hexOf).join(' ')}]`;
    case 'array': {
      const element = textOf(type.element, zone);
      return (value) => `[${(value as readonly InternalValue[]).map(element).join(', ')}]`;
    }
    case 'struct': {
      const fields = type.fields.map((field) => textOf(field.type, zone));
      return (value) => `{${fields.map((field, i) => field((value as InternalRow)[i] ?? null)).join(', ')}}`;
    }
    case 'map': {
      const [key, item] = [textOf(type.key, zone), textOf(type.value, zone)];
      return (value) => {
        const { keys, values } = value as MapValue;
        return `{${keys.map((one, i) => `${key(one)} -> ${item(values[i] ?? null)}`).join(', ')}}`;
      };
    }
    default: {
      const cast = castFunction(type, atomic('string'), { mode: 'legacy', zone });
      return (value) => {
        const text = cast?.(value);
        return typeof text === 'string' ? text : 'NULL';
      };
    }
  }
}

function hexOf(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
