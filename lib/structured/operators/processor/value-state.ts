import type { StateTable } from '../../../store/state-table.ts';
import type { InternalRow, StructType } from '../../types/data-type.ts';
import { type RowObject, rowReader, rowWriter } from '../row-objects.ts';
import { expiryOf, isAlive, type StateSite } from './state-site.ts';

type Stored = readonly [row: InternalRow, expiryMs: number | null];

/** One value for each key. State: key -> value and when it expires. */
export class ValueState {
  readonly #site: StateSite;
  readonly #rows: StateTable<InternalRow, Stored>;
  readonly #ttlMs: number | undefined;
  readonly #read: (value: unknown) => InternalRow;
  readonly #write: (row: InternalRow) => RowObject;

  /** How many rows of state there are, for the operator. */
  static sizeOf(state: ValueState): number {
    return state.#rows.size;
  }

  constructor(site: StateSite, name: string, schema: StructType, ttlMs: number | undefined) {
    this.#site = site;
    this.#ttlMs = ttlMs;
    this.#read = rowReader(schema, site.timeZone, `the state ${name}`);
    this.#write = rowWriter(schema);
    this.#rows = site.table(`value:${name}`);
    this.#rows.forEach((key, [, expiryMs]) => this.#watch(key, expiryMs));
  }

  exists(): boolean {
    return this.#current() !== undefined;
  }

  /** The value, or null. */
  get(): RowObject | null {
    const row = this.#current();
    return row === undefined ? null : this.#write(row);
  }

  update(value: unknown): void {
    const key = this.#site.key();
    const expiryMs = expiryOf(this.#site, this.#ttlMs);
    this.#rows.put(key, [this.#read(value), expiryMs]);
    this.#watch(key, expiryMs);
    this.#site.counts.updated++;
  }

  clear(): void {
    this.#rows.remove(this.#site.key());
    this.#site.counts.removed++;
  }

  #current(): InternalRow | undefined {
    const stored = this.#rows.get(this.#site.key());
    return stored !== undefined && isAlive(this.#site, stored[1]) ? stored[0] : undefined;
  }

  #watch(key: InternalRow, expiryMs: number | null): void {
    if (expiryMs === null) return;
    this.#site.expiries.add(expiryMs * 1000, () => {
      const stored = this.#rows.get(key);
      if (stored !== undefined && !isAlive(this.#site, stored[1])) this.#rows.remove(key);
    });
  }
}
