import { javaDouble } from '../../types/double-text.ts';
import { type Json, JsonNumber, JsonObject } from './json-reader.ts';

/** A value as Jackson copies it: no blanks, fractions as doubles, whole numbers as they are. */
export function jsonText(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quoteJson(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof JsonNumber) return numberText(value);
  if (value instanceof JsonObject) {
    return `{${value.keys.map((key, i) => `${quoteJson(key)}:${jsonText(value.values[i] ?? null)}`).join(',')}}`;
  }
  return `[${value.map(jsonText).join(',')}]`;
}

function numberText(value: JsonNumber): string {
  if (value.isInteger) return value.text;
  const number = Number(value.text);
  return Number.isFinite(number) ? javaDouble(number) : quoteJson(javaDouble(number));
}

/** A text in double quotes, escaped as Jackson does: control characters, quotes and backslashes only. */
export function quoteJson(text: string): string {
  if (!/["\\\u0000-\u001F]/u.test(text)) return `"${text}"`;
  return `"${text.replaceAll(/["\\\u0000-\u001F]/gu, (char) => short[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)}"`;
}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Every character beyond ASCII as the numbers of its units. */
export function escapeNonAscii(text: string): string {
  return text.replaceAll(/[\u0080-\uFFFF]/gu, escaped).replaceAll(/[\u{10000}-\u{10FFFF}]/gu, escaped);
}

function escaped(char: string): string {
  return Array.from(
    { length: char.length },
    (_, i) => `\\u${char.charCodeAt(i).toString(16).toUpperCase().padStart(4, '0')}`,
  ).join('');
}

/** A text of JSON on several lines, as Jackson lays it out: fields on lines of their own, elements of arrays in one. */
export function prettyJson(text: string): string {
  const open: string[] = [];
  const line = (): string => `\n${'  '.repeat(open.filter((bracket) => bracket === '{').length)}`;
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[{}[\]:,]/gu, (token) => {
    switch (token) {
      case '{}':
        return '{ }';
      case '[]':
        return '[ ]';
      case '{':
        open.push(token);
        return `{${line()}`;
      case '}':
        open.pop();
        return `${line()}}`;
      case '[':
        open.push(token);
        return '[ ';
      case ']':
        open.pop();
        return ' ]';
      case ':':
        return ' : ';
      case ',':
        return open.at(-1) === '[' ? ', ' : `,${line()}`;
      default:
        return token;
    }
  });
}
