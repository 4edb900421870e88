import { CodecWriter } from './codec-writer.ts';

/**
 * A map whose keys are equal by value, in order of first appearance: `1` and `'1'` differ, NaN equals NaN, -0 equals 0, arrays and
 * plain objects compare deeply. For use within one batch; a primitive key costs what it costs in a `Map`.
 *
 * An object used as a key must not be changed while it is one.
 *
 * @example
 * const totals = new KeyMap<readonly [string, number], number>();
 * totals.set(['a', 1], 5); totals.get(['a', 1])   // => 5
 */
export class KeyMap<K, V> {
  private readonly cells = new Map<K, V>();
  /** The object that stands in `cells` for all that equal it, by canonical bytes. */
  private objects: Map<string, K> | undefined;
  private lastKey: K | undefined;
  private lastName: string | undefined;

  get size(): number {
    return this.cells.size;
  }

  has(key: K): boolean {
    return typeof key === 'object' && key !== null ? this.known(key) !== undefined : this.cells.has(key);
  }

  get(key: K): V | undefined {
    if (typeof key !== 'object' || key === null) return this.cells.get(key);
    const known = this.known(key);
    return known === undefined ? undefined : this.cells.get(known);
  }

  set(key: K, value: V): this {
    this.cells.set(typeof key === 'object' && key !== null ? this.adopt(key) : key, value);
    return this;
  }

  delete(key: K): boolean {
    if (typeof key !== 'object' || key === null) return this.cells.delete(key);
    const name = this.nameOf(key);
    const known = this.objects?.get(name);
    if (known === undefined) return false;
    this.objects?.delete(name);
    return this.cells.delete(known);
  }

  clear(): void {
    this.cells.clear();
    this.objects = undefined;
    this.lastName = undefined;
    this.lastKey = undefined;
  }

  keys(): IterableIterator<K> {
    return this.cells.keys();
  }

  values(): IterableIterator<V> {
    return this.cells.values();
  }

  entries(): IterableIterator<[K, V]> {
    return this.cells.entries();
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.cells.entries();
  }

  forEach(visit: (value: V, key: K) => void): void {
    this.cells.forEach(visit);
  }

  private known(key: K): K | undefined {
    return this.objects === undefined ? undefined : this.objects.get(this.nameOf(key));
  }

  private adopt(key: K): K {
    this.objects ??= new Map();
    const name = this.nameOf(key);
    const known = this.objects.get(name);
    if (known !== undefined) return known;
    this.objects.set(name, key);
    return key;
  }

  /** A `get` is mostly followed by a `set` of the same object: its name is worked out once. */
  private nameOf(key: K): string {
    if (key !== this.lastKey || this.lastName === undefined) {
      this.lastName = canonicalName(key);
      this.lastKey = key;
    }
    return this.lastName;
  }
}

const scratch = new CodecWriter();
/** Filled and turned into text at once: adding character by character is several times slower. */
const unitsOf = Array.from({ length: 64 }, (_, length) => Array.from({ length }, () => 0));

/** Canonical bytes as text of one character a byte. */
function canonicalName(key: unknown): string {
  const start = scratch.length;
  try {
    scratch.key(key);
    return textOf(scratch.bytes, start, scratch.length);
  } finally {
    // A key whose toStored uses a KeyMap itself comes here while the outer key is half written: each call leaves the rest alone.
    scratch.length = start;
  }
}

function textOf(bytes: Uint8Array, from: number, until: number): string {
  const units = unitsOf[until - from];
  if (units !== undefined) {
    for (let i = from; i < until; i++) units[i - from] = bytes[i] as number;
    return String.fromCharCode(...units);
  }
  let name = '';
  for (let i = from; i < until; i++) name += String.fromCharCode(bytes[i] as number);
  return name;
}
