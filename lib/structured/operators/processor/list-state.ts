import type { InternalRow, StructType } from '../../types/data-type.ts';
import { type ChunkPlace, KeyedRows } from '../keyed-rows.ts';
import { type RowObject, rowReader, rowWriter } from '../row-objects.ts';
import { expiryOf, isAlive, type StateSite } from './state-site.ts';

/** A list for each key; appending costs the same for long ones. State: key -> elements, each with when it expires. */
export class ListState {
  readonly #site: StateSite;
  readonly #rows: KeyedRows;
  readonly #ttlMs: number | undefined;
  readonly #read: (value: unknown) => InternalRow;
  readonly #write: (row: InternalRow) => RowObject;

  /** A list counts as one row, whatever its length. */
  static sizeOf(state: ListState): number {
    return state.#rows.keyCount;
  }

  constructor(site: StateSite, name: string, schema: StructType, ttlMs: number | undefined) {
    this.#site = site;
    this.#ttlMs = ttlMs;
    this.#read = rowReader(schema, site.timeZone, `an element of the state ${name}`);
    this.#write = rowWriter(schema);
    this.#rows = new KeyedRows(site.table(`list:${name}`), site.table(`list-items:${name}`));
    this.#rows.forEachRow((row, place) => this.#watch(place, row[1] as number | null));
  }

  exists(): boolean {
    for (const _ of this.get()) return true;
    return false;
  }

  /** The elements in order. */
  get(): Iterable<RowObject> {
    const rows: RowObject[] = [];
    this.#rows.visit(this.#site.key(), (row) => {
      if (isAlive(this.#site, row[1] as number | null)) rows.push(this.#write(row[0] as InternalRow));
      return false;
    });
    return rows;
  }

  /** Puts these elements in place of all. */
  put(values: Iterable<unknown>): void {
    this.#rows.remove(this.#site.key());
    this.appendList(values);
  }

  appendValue(value: unknown): void {
    const expiryMs = expiryOf(this.#site, this.#ttlMs);
    const place = this.#rows.append(this.#site.key(), [this.#read(value), expiryMs], false);
    this.#watch(place, expiryMs);
    this.#site.counts.updated++;
  }

  appendList(values: Iterable<unknown>): void {
    for (const value of values) this.appendValue(value);
  }

  clear(): void {
    this.#rows.remove(this.#site.key());
    this.#site.counts.removed++;
  }

  #watch(place: ChunkPlace, expiryMs: number | null): void {
    if (expiryMs === null) return;
    this.#site.expiries.add(expiryMs * 1000, () => {
      this.#rows.removeFrom(
        place,
        (row) => !isAlive(this.#site, row[1] as number | null),
        () => undefined,
      );
    });
  }
}
