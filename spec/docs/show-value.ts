import { KeyMap } from '../../lib/kernel/key-map.ts';

/** A value as pages show it: as one would write it down in JavaScript, on one line. */
export function showValue(value: unknown): string {
  if (typeof value === 'string')
    return `'${value.replaceAll(/['\\]/gu, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return `Uint8Array [${[...value].join(', ')}]`;
  if (Array.isArray(value)) return `[${value.map(showValue).join(', ')}]`;
  if (value instanceof Map || value instanceof KeyMap)
    return `Map { ${[...value.entries()].map(([k, v]) => `${showValue(k)} => ${showValue(v)}`).join(', ')} }`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${showValue(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
