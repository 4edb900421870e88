/**
 * How an element is written by `print` and `saveAsTextFiles`: texts as they are, a pair as `(key,value)` as Spark writes it, other arrays as
 * `[1, 2, 3]`, null as `null`, dates in ISO form, bytes by their number, objects like JSON.
 *
 * @example
 * elementText(['a', [1, 2, 3]])   // => '(a,[1, 2, 3])'
 */
export function elementText(value: unknown): string {
  return textOf(value, []);
}

function textOf(value: unknown, within: readonly object[]): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return `[function ${value.name}]`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (within.includes(value)) return '[circular]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  const path = [...within, value];
  if (Array.isArray(value)) {
    const parts = value.map((part) => textOf(part, path));
    return parts.length === 2 ? `(${parts.join(',')})` : `[${parts.join(', ')}]`;
  }
  if (value instanceof Map) {
    return `{${[...value].map(([key, part]) => `${textOf(key, path)}: ${textOf(part, path)}`).join(', ')}}`;
  }
  if (value instanceof Set) return `{${[...value].map((part) => textOf(part, path)).join(', ')}}`;
  if (value instanceof Error) return String(value);
  return `{${Object.entries(value)
    .map(([name, part]) => `${name}: ${textOf(part, path)}`)
    .join(', ')}}`;
}
