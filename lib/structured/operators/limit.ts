import type { StateTable } from '../../store/state-table.ts';
import type { PhysicalOperator, RowSink } from './physical-operator.ts';
import { StatefulBase, type StatefulSite } from './stateful-base.ts';

/**
 * The first `count` rows of a stream, over the whole life of the query: the number given is part of its checkpoint.
 *
 * State: one row, the number of rows given. Never evicted.
 */
export class LimitState extends StatefulBase implements PhysicalOperator {
  readonly name = 'globalLimit';
  readonly state = this;
  readonly #given: StateTable<string, number>;
  readonly #count: number;
  readonly #offset: number;
  readonly #emit: RowSink;
  #seen: number;

  constructor({ count, offset }: LimitBounds, site: StatefulSite, emit: RowSink) {
    super(site, { keys: [], values: [{ name: 'rows', type: 'bigint' }] });
    this.#count = count;
    this.#offset = offset;
    this.#emit = emit;
    this.#given = this.table('given');
    this.#seen = this.#given.get('rows') ?? 0;
  }

  input(): RowSink {
    return (row) => {
      if (this.isTraced) this.traced('taken', [], [null, null]);
      if (this.#seen >= this.#offset + this.#count) return;
      if (this.#seen++ >= this.#offset) this.#emit(row);
    };
  }

  finish(): void {
    if (this.#given.get('rows') === this.#seen) return;
    this.#given.put('rows', this.#seen);
    this.counts.updated = 1;
  }

  protected override actsOn(): boolean {
    return false;
  }

  protected rowsTotal(): number {
    return this.#given.size;
  }
}

export interface LimitBounds {
  readonly count: number;
  readonly offset: number;
}

/** The first rows of what arrives in one batch: of static data, or of a whole table in complete mode. */
export class LimitBatch implements PhysicalOperator {
  readonly #count: number;
  readonly #offset: number;
  readonly #emit: RowSink;
  #seen = 0;

  constructor({ count, offset }: LimitBounds, emit: RowSink) {
    this.#count = count;
    this.#offset = offset;
    this.#emit = emit;
  }

  begin(): void {
    this.#seen = 0;
  }

  input(): RowSink {
    return (row) => {
      if (this.#seen >= this.#offset + this.#count) return;
      if (this.#seen++ >= this.#offset) this.#emit(row);
    };
  }

  finish(): void {
    // Rows have been passed on as they came.
  }
}
