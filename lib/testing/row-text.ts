import { raise } from '../kernel/errors.ts';
import type { Attribute } from '../structured/expressions/typed-expression.ts';
import type {
  DataType,
  InternalRow,
  InternalValue,
  Long,
  MapValue,
  StructType,
} from '../structured/types/data-type.ts';
import { castFunction } from '../structured/types/cast.ts';
import { atomic } from '../structured/types/type-classes.ts';
import { type TimeZone, timeZone } from '../structured/types/time-zone.ts';

/**
 * A row written as a word for each column: `12:05 a 3`. Times are on 1 January 1970 in UTC unless they have a date (`2026-01-01T12:05`);
 * `null` is null.
 *
 * @example
 * parseRow('12:05 a', parseSchema('at TIMESTAMP, user STRING'))   // => [43_500_000_000, 'a']
 */
export function parseRow(text: string, schema: StructType): InternalRow {
  const words = text.trim().split(/\s+/u);
  if (words.length !== schema.fields.length) {
    raise('TESTING_DIFFERENT', {
      what: `words of the row '${text}'`,
      wanted: `${schema.fields.length} (${schema.fields.map(({ name }) => name).join(' ')})`,
      given: words.length,
    });
  }
  return schema.fields.map(({ type }, i) => parseWord(words[i] ?? '', type));
}

function parseWord(word: string, type: DataType): InternalValue {
  if (word === 'null') return null;
  const isTime = type.kind === 'timestamp' || type.kind === 'timestamp_ntz';
  const text =
    isTime && /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/u.test(word) ? `1970-01-01T${word.padStart(5, '0')}` : word;
  const cast = castFunction(atomic('string'), type, { mode: 'ansi', zone: utc });
  return cast === undefined
    ? raise('TESTING_DIFFERENT', {
        what: `the column of '${word}'`,
        wanted: 'a type that can be written as a word',
        given: type.kind,
      })
    : cast(text);
}

const utc = timeZone('UTC') as TimeZone;

/** A row as `rows` compares it: a word for each column, a window as `12:00-12:10`. */
export function rowText(row: InternalRow, output: readonly Attribute[]): string {
  return output.map(({ type }, i) => valueText(row[i] ?? null, type)).join(' ');
}

/** What a test wrote, with blanks where it has colons that are no part of a time. */
export function expectedText(text: string): string {
  return text
    .trim()
    .split(/\s+/u)
    .map((word) => (isTimeWord(word) ? word : word.replaceAll(':', ' ')))
    .join(' ');
}

function isTimeWord(word: string): boolean {
  return /^(?:\d{4}-\d{2}-\d{2}T)?\d{1,2}:\d{2}/u.test(word) || word.startsWith('[') || word.startsWith('{');
}

function valueText(value: InternalValue, type: DataType): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'timestamp':
    case 'timestamp_ntz':
      return shortTime(value as Long);
    case 'struct': {
      const parts = type.fields.map((field, i) => valueText((value as InternalRow)[i] ?? null, field.type));
      const isWindow = type.fields.map(({ name }) => name).join() === 'start,end';
      return isWindow ? parts.join('-') : `{${parts.join(',')}}`;
    }
    case 'array':
      return `[${(value as readonly InternalValue[]).map((item) => valueText(item, type.element)).join(',')}]`;
    case 'map': {
      const { keys, values } = value as MapValue;
      const entries = keys.map((key, i) => `${valueText(key, type.key)}=${valueText(values[i] ?? null, type.value)}`);
      return `{${entries.join(',')}}`;
    }
    default: {
      const text = castFunction(type, atomic('string'), { mode: 'legacy', zone: utc })?.(value);
      return typeof text === 'string' ? text : 'null';
    }
  }
}

/** `12:05`, `12:05:30`, or with a date when it is not on 1 January 1970. */
export function shortTime(micros: Long): string {
  const iso = new Date(Number(micros) / 1000).toISOString();
  const time = iso
    .slice(11, -1)
    .replace(/\.000$/u, '')
    .replace(/:00$/u, '');
  return iso.startsWith('1970-01-01') ? time : `${iso.slice(0, 10)}T${time}`;
}
