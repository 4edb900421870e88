import { type Json, JsonObject, jsonOptions, readJson } from './json-reader.ts';
import { plainText } from './json-tuple.ts';
import { jsonText } from './json-text.ts';

type Step = { readonly key: string } | { readonly index: number } | 'anyKey' | 'anyIndex';

/** The steps of `$.a['b'][0][*].*`; undefined for a path that is none. */
export function parseJsonPath(path: string): readonly Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  const pattern = /\.(\*)|\.([^.[]+)|\['(\*|[^']*)'\]|\[(\d+)\]|\[(\*)\]/uy;
  pattern.lastIndex = 1;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (match === null) return undefined;
    const [, anyKey, key, quoted, index, anyIndex] = match;
    if (anyKey !== undefined || quoted === '*') steps.push('anyKey');
    else if (anyIndex !== undefined) steps.push('anyIndex');
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ key: key ?? quoted ?? '' });
  }
  return steps;
}

const options = jsonOptions({ allowUnquotedControlChars: 'true' });

/** What a path finds, as `get_json_object` gives it: text without quotes, anything else as JSON, several as an array. */
export function jsonAtPath(text: string, steps: readonly Step[]): string | null {
  const root = readJson(text, options);
  if (root === undefined || typeof root === 'symbol') return null;
  const found: Json[] = [];
  walk(root, steps, 0, found);
  const hasWildcard = steps.some((step) => step === 'anyKey' || step === 'anyIndex');
  if (!hasWildcard || found.length === 1) return plainText(found[0]);
  return found.length === 0 ? null : jsonText(found);
}

function walk(value: Json, steps: readonly Step[], at: number, found: Json[]): void {
  const step = steps[at];
  if (step === undefined) {
    found.push(value);
    return;
  }
  if (step === 'anyIndex') {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) walk(item, steps, at + 1, found);
    return;
  }
  if (step === 'anyKey') {
    // Spark knows this step and finds nothing by it.
    return;
  }
  if ('index' in step) {
    const item = Array.isArray(value) ? (value as readonly Json[])[step.index] : undefined;
    if (item !== undefined) walk(item, steps, at + 1, found);
    return;
  }
  if (value instanceof JsonObject) {
    const item = value.get(step.key);
    if (item !== undefined) walk(item, steps, at + 1, found);
  }
}
