/**
 * A stored value as JSON, for people and programs. What JSON has no words for: bigints are numbers with `n`, bytes `base64:` and their
 * content, dates ISO texts, NaN and the infinities texts, maps lists of pairs, sets lists.
 *
 * @example
 * valueText({ n: 2n, seen: new Set(['a']) })   // => '{"n":"2n","seen":["a"]}'
 */
export function valueText(value: unknown): string {
  return JSON.stringify(jsonValue(value));
}

/** The same, for a place within other JSON. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Uint8Array) return `base64:${Buffer.from(value).toString('base64')}`;
  if (value instanceof Map) return [...value].map(([key, part]) => [jsonValue(key), jsonValue(part)]);
  if (value instanceof Set) return [...value].map(jsonValue);
  if (Array.isArray(value)) return value.map(jsonValue);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, jsonValue(part)]));
}

/**
 * A key as it may be given to `get`: a text as it is, unless it reads like JSON.
 *
 * @example
 * [keyText('user-7'), keyText('7'), keyText(7)]   // => ['user-7', '"7"', '7']
 */
export function keyText(key: unknown): string {
  const isPlain =
    typeof key === 'string' &&
    parsed(key) === undefined &&
    /^[^\s"\u0000-\u001F\u007F][^\u0000-\u001F\u007F]*$/u.test(key);
  return isPlain ? key : valueText(key);
}

/** The keys that a text of the command line may mean: what it is as JSON, and the text itself. */
export function keysOf(text: string): readonly unknown[] {
  const found = parsed(text);
  return found === undefined || found.value === text ? [text] : [found.value, text];
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
