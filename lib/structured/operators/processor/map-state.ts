import type { StateTable } from '../../../store/state-table.ts';
import type { InternalRow, StructType } from '../../types/data-type.ts';
import { valueKey } from '../../types/value-key.ts';
import { KeyedRows } from '../keyed-rows.ts';
import { type RowObject, rowReader, rowWriter } from '../row-objects.ts';
import { expiryOf, isAlive, type StateSite } from './state-site.ts';

/** The value, when it expires, and the chunk of the key's list of map keys that it stands in. */
type Entry = readonly [value: InternalRow, expiryMs: number | null, chunk: number];

/**
 * A map for each key; each entry is stored by itself. State: key and map key -> value; key -> its map keys in order of insertion.
 */
export class MapState {
  readonly #site: StateSite;
  readonly #entries: StateTable<readonly [InternalRow, InternalRow], Entry>;
  readonly #keys: KeyedRows;
  readonly #ttlMs: number | undefined;
  readonly #readKey: (value: unknown) => InternalRow;
  readonly #readValue: (value: unknown) => InternalRow;
  readonly #writeKey: (row: InternalRow) => RowObject;
  readonly #writeValue: (row: InternalRow) => RowObject;
  readonly #nameOf: (key: InternalRow) => unknown;

  /** Each entry counts as a row. */
  static sizeOf(state: MapState): number {
    return state.#entries.size;
  }

  constructor(
    site: StateSite,
    name: string,
    { key, value }: { readonly key: StructType; readonly value: StructType },
    ttlMs: number | undefined,
  ) {
    this.#site = site;
    this.#ttlMs = ttlMs;
    this.#readKey = rowReader(key, site.timeZone, `a key of the state ${name}`);
    this.#readValue = rowReader(value, site.timeZone, `a value of the state ${name}`);
    this.#writeKey = rowWriter(key);
    this.#writeValue = rowWriter(value);
    this.#nameOf = valueKey(key);
    this.#entries = site.table(`map:${name}`);
    this.#keys = new KeyedRows(site.table(`map-keys:${name}`), site.table(`map-key-items:${name}`));
    this.#entries.forEach(([group, mapKey], [, expiryMs]) => this.#watch(group, mapKey, expiryMs));
  }

  /** Whether there is any entry. */
  exists(): boolean {
    for (const _ of this.keys()) return true;
    return false;
  }

  containsKey(key: unknown): boolean {
    return this.#current(this.#readKey(key)) !== undefined;
  }

  /** The value, or null. */
  getValue(key: unknown): RowObject | null {
    const value = this.#current(this.#readKey(key));
    return value === undefined ? null : this.#writeValue(value);
  }

  updateValue(key: unknown, value: unknown): void {
    const group = this.#site.key();
    const mapKey = this.#readKey(key);
    const expiryMs = expiryOf(this.#site, this.#ttlMs);
    const row = this.#readValue(value);
    const known = this.#entries.get([group, mapKey]);
    const chunk = known === undefined ? this.#keys.append(group, mapKey, false).chunk : known[2];
    this.#entries.put([group, mapKey], [row, expiryMs, chunk]);
    this.#watch(group, mapKey, expiryMs);
    this.#site.counts.updated++;
  }

  removeKey(key: unknown): void {
    this.#remove(this.#site.key(), this.#readKey(key));
    this.#site.counts.removed++;
  }

  clear(): void {
    const group = this.#site.key();
    this.#keys.visit(group, (mapKey) => {
      this.#entries.remove([group, mapKey]);
      this.#site.counts.removed++;
      return false;
    });
    this.#keys.remove(group);
  }

  *keys(): Generator<RowObject> {
    for (const [key] of this.iterator()) yield key;
  }

  *values(): Generator<RowObject> {
    for (const [, value] of this.iterator()) yield value;
  }

  /** Keys and values, in order of insertion. */
  iterator(): IterableIterator<readonly [RowObject, RowObject]> {
    const found: (readonly [RowObject, RowObject])[] = [];
    this.#keys.visit(this.#site.key(), (mapKey) => {
      const value = this.#current(mapKey);
      if (value !== undefined) found.push([this.#writeKey(mapKey), this.#writeValue(value)]);
      return false;
    });
    return found.values();
  }

  #current(mapKey: InternalRow): InternalRow | undefined {
    const entry = this.#entries.get([this.#site.key(), mapKey]);
    return entry !== undefined && isAlive(this.#site, entry[1]) ? entry[0] : undefined;
  }

  #remove(group: InternalRow, mapKey: InternalRow): void {
    const entry = this.#entries.get([group, mapKey]);
    if (entry === undefined) return;
    const name = this.#nameOf(mapKey);
    this.#entries.remove([group, mapKey]);
    this.#keys.removeFrom(
      { key: group, chunk: entry[2] },
      (row) => this.#nameOf(row) === name,
      () => undefined,
    );
  }

  #watch(group: InternalRow, mapKey: InternalRow, expiryMs: number | null): void {
    if (expiryMs === null) return;
    this.#site.expiries.add(expiryMs * 1000, () => {
      const entry = this.#entries.get([group, mapKey]);
      if (entry !== undefined && !isAlive(this.#site, entry[1])) this.#remove(group, mapKey);
    });
  }
}
