import type { Done, Emit } from '../kernel/evaluation.ts';
import { pushSlice } from './evaluate.ts';

/**
 * Values on their way to another thread: columns where they are numbers, texts or pairs of such, which cost little more than their
 * bytes; anything else as it is, to be copied one by one.
 */
export type Packed =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  | { readonly kind: 'texts'; readonly text: string; readonly lengths: Int32Array }
  | { readonly kind: 'pairs'; readonly keys: Packed; readonly values: Packed }
  | { readonly kind: 'others'; readonly values: readonly unknown[] };

/** Longer texts are left apart: one text has a greatest length. */
const longestText = 1 << 28;

/** What cannot cross threads and stay what it is. */
export class Unsendable {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** The values packed, or what among them would not arrive as it is: an instance of a class, a function. */
export function pack(values: readonly unknown[]): Packed | Unsendable {
  const [first] = values;
  if (typeof first === 'number' && values.every((value) => typeof value === 'number')) {
    return { kind: 'numbers', values: Float64Array.from(values) };
  }
  if (typeof first === 'string' && values.every((value) => typeof value === 'string')) return packTexts(values);
  if (isPair(first) && values.every((value) => isPair(value))) {
    const keys = pack(values.map(([key]) => key));
    if (keys instanceof Unsendable) return keys;
    const second = pack(values.map(([, value]) => value));
    return second instanceof Unsendable ? second : { kind: 'pairs', keys, values: second };
  }
  return packOthers(values);
}

/** Memory that may change its owner together with what was packed. */
export function buffersOf(packed: Packed): ArrayBuffer[] {
  // The arrays were made here, with memory of their own.
  switch (packed.kind) {
    case 'numbers':
      return [packed.values.buffer as ArrayBuffer];
    case 'texts':
      return [packed.lengths.buffer as ArrayBuffer];
    case 'pairs':
      return [...buffersOf(packed.keys), ...buffersOf(packed.values)];
    case 'others':
    default:
      return [];
  }
}

/** Pushes the values of what was packed, in order; pairs are made anew at each call. */
export function unpack(packed: Packed, emit: Emit<unknown>): Done {
  const values = listOf(packed);
  return pushSlice(values, 0, values.length, emit);
}

/** The values of what was packed, in order: in memory of their own. */
export function valuesOf(packed: Packed): ArrayLike<unknown> {
  return packed.kind === 'numbers' ? packed.values : listOf(packed);
}

/** As `valuesOf`, as a list. */
export function listOf(packed: Packed): readonly unknown[] {
  switch (packed.kind) {
    case 'numbers':
      return Array.from(packed.values);
    case 'texts':
      return textsOf(packed.text, packed.lengths);
    case 'pairs': {
      const keys = listOf(packed.keys);
      const values = listOf(packed.values);
      return keys.map((key, i) => [key, values[i]]);
    }
    case 'others':
    default:
      return packed.values;
  }
}

function textsOf(text: string, lengths: Int32Array): string[] {
  const texts: string[] = [];
  let from = 0;
  for (const length of lengths) {
    texts.push(text.slice(from, from + length));
    from += length;
  }
  return texts;
}

function packTexts(values: readonly string[]): Packed {
  let total = 0;
  for (const value of values) total += value.length;
  if (total > longestText) return { kind: 'others', values };
  return { kind: 'texts', text: values.join(''), lengths: Int32Array.from(values, (value) => value.length) };
}

function packOthers(values: readonly unknown[]): Packed | Unsendable {
  const path = new Set<object>();
  for (const value of values) {
    const refused = unsendable(value, path);
    if (refused !== undefined) return new Unsendable(refused);
  }
  return { kind: 'others', values };
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  // More than its elements an array may not have: it would come without them.
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    Object.getPrototypeOf(value) === Array.prototype &&
    Object.keys(value).length === 2
  );
}

/** Why a value would not arrive as it is; undefined where it does. What copying keeps: plain objects, arrays, maps, sets, dates, bytes. */
function unsendable(value: unknown, path: Set<object>): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null || path.has(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Date.prototype || prototype === Uint8Array.prototype) return undefined;
  path.add(value);
  try {
    if (prototype === Object.prototype || prototype === Array.prototype) return within(Object.values(value), path);
    if (prototype === Map.prototype) {
      const map = value as Map<unknown, unknown>;
      return within(map.keys(), path) ?? within(map.values(), path);
    }
    if (prototype === Set.prototype) return within(value as Set<unknown>, path);
    const maker: unknown = (value as { constructor?: unknown }).constructor;
    return `an instance of ${typeof maker === 'function' && maker.name !== '' ? maker.name : 'a class'}`;
  } finally {
    path.delete(value);
  }
}

function within(values: Iterable<unknown>, path: Set<object>): string | undefined {
  for (const value of values) {
    const refused = unsendable(value, path);
    if (refused !== undefined) return refused;
  }
  return undefined;
}
