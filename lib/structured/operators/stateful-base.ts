import type { StateTable } from '../../store/state-table.ts';
import { type LateRowsSite, type LateRowTaker, lateRowTaker } from './late-rows.ts';
import type { LateStep } from './stage/stage.ts';
import { WindowCounts } from './window-counts.ts';
import type { InternalRow, Long } from '../types/data-type.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import { eventTimeColumn, hasPassed } from './event-time.ts';
import { keyReader } from './key-values.ts';
import type {
  OperatorBatch,
  OperatorSetup,
  StatefulOperator,
  StateMetrics,
  StateShape,
  TracedRow,
} from './physical-operator.ts';

/** The counters of an operator's batch. */
export interface StateCounts {
  updated: number;
  removed: number;
  dropped: number;
  late: number;
}

/** What an operator's input is known to be complete up to, for a watermark of the query; later where a join upstream holds rows back. */
export type InputWatermark = (watermarkUs: number) => number;

export interface StatefulSite {
  readonly id: string;
  readonly setup: OperatorSetup;
  readonly inputWatermark: InputWatermark;
}

/**
 * What every operator with state shares: its tables, its counters, its watermarks.
 */
export abstract class StatefulBase implements StatefulOperator {
  abstract readonly name: string;
  readonly id: string;
  readonly shape: StateShape;
  protected readonly setup: OperatorSetup;
  protected readonly counts: StateCounts = { updated: 0, removed: 0, dropped: 0, late: 0 };
  protected batch: OperatorBatch = {
    batchId: -1,
    watermarkUs: undefined,
    lateWatermarkUs: undefined,
    processingTimeMs: 0,
  };
  protected readonly tables: { readonly sizeBytes: number }[] = [];
  readonly #inputWatermark: InputWatermark;
  /** The windows that the batch has finished. */
  protected readonly closed = new WindowCounts();
  readonly #late = new WindowCounts();
  readonly #lateLimit: LateStep['limit'] = { us: undefined };
  #rowsEvicted = 0;
  #bytesEvicted = 0;

  constructor(site: StatefulSite, shape: StateShape) {
    this.id = site.id;
    this.setup = site.setup;
    const lagUs = StatefulBase.lagUs(site);
    this.shape = lagUs === 0 ? shape : { ...shape, lagUs };
    this.#inputWatermark = site.inputWatermark;
  }

  begin(batch: OperatorBatch): void {
    this.batch = {
      ...batch,
      watermarkUs: this.#own(batch.watermarkUs),
      lateWatermarkUs: this.#own(batch.lateWatermarkUs),
    };
    this.#lateLimit.us = this.batch.lateWatermarkUs;
    this.counts.updated = 0;
    this.counts.removed = 0;
    this.counts.dropped = 0;
    this.counts.late = 0;
    this.#rowsEvicted = 0;
    this.#bytesEvicted = 0;
    this.closed.clear();
    this.#late.clear();
  }

  windows(): ReturnType<StatefulOperator['windows']> {
    return { closed: this.closed.all, late: this.#late.all };
  }

  metrics(): StateMetrics {
    return {
      rowsTotal: this.rowsTotal(),
      rowsUpdated: this.counts.updated,
      rowsRemoved: this.counts.removed,
      rowsDroppedByWatermark: this.counts.dropped,
      lateRows: this.counts.late,
      rowsEvicted: this.#rowsEvicted,
      bytesEvicted: this.#bytesEvicted,
      watermarkUs: this.batch.watermarkUs,
      lateWatermarkUs: this.batch.lateWatermarkUs,
      memoryUsedBytes: this.#sizeBytes,
      customMetrics: this.customMetrics(),
    };
  }

  wantsBatch(watermarkUs: number, processingTimeMs: number): boolean {
    if (this.batch.batchId < 0) return false;
    const own = this.#inputWatermark(watermarkUs);
    const hasMoved = own !== undefined && own > (this.batch.watermarkUs ?? Number.NEGATIVE_INFINITY);
    return this.actsOn(hasMoved, processingTimeMs);
  }

  /** Whether a batch without data would do something, given whether the watermark has moved. */
  protected actsOn(watermarkHasMoved: boolean, _processingTimeMs: number): boolean {
    return watermarkHasMoved;
  }

  protected customMetrics(): Readonly<Record<string, number>> {
    return {};
  }

  protected abstract rowsTotal(): number;

  /**
   * Whether what has this event time came too late, and counts it then: once as Spark does, and every one of `rows` input rows.
   * `startOf` gives the start of the window whose end the time is.
   */
  protected dropsLate(timeUs: Long | null | undefined, rows = 1, startOf?: () => Long | null): boolean {
    if (!hasPassed(timeUs ?? null, this.batch.lateWatermarkUs)) return false;
    this.counts.dropped++;
    this.counts.late += rows;
    this.#late.add(startOf?.() ?? null, timeUs as Long, rows);
    return true;
  }

  /** Whether the plan is only looked at: see `OperatorSetup.trace`. */
  protected get isTraced(): boolean {
    return this.setup.trace !== undefined;
  }

  /** Tells what became of a row, where somebody asks. */
  protected traced(
    outcome: TracedRow['outcome'],
    key: InternalRow,
    [startUs, timeUs]: readonly [Long | null, Long | null],
    side?: TracedRow['side'],
  ): void {
    this.setup.trace?.({
      operator: this.id,
      key,
      outcome,
      timeUs,
      startUs,
      lateWatermarkUs: this.batch.lateWatermarkUs,
      ...(side === undefined ? {} : { side }),
    });
  }

  /** Whoever takes the late rows of an input; undefined when nobody does. */
  protected lateRows(site: Pick<LateRowsSite, 'columns' | 'keys' | 'keyOf'>): LateRowTaker | undefined {
    return lateRowTaker({ operator: this.id, setup: this.setup, ...site });
  }

  /**
   * Looks at each row of an input whose late rows would be dropped as parts of groups, before they are groups; undefined when nobody
   * takes late rows. Counts nothing.
   */
  lateRowsOfGroups(columns: readonly Attribute[], keys: readonly Attribute[]): LateStep | undefined {
    const take = this.lateRows({ columns, keys, keyOf: keyReader(columns, keys) });
    const time = keys[eventTimeColumn(keys)];
    if (take === undefined || time === undefined) return undefined;
    const limit = this.#lateLimit;
    return {
      kind: 'late',
      columns,
      time,
      limit,
      take: (row) => {
        take(row, limit.us);
      },
    };
  }

  /** How far a watermark has to be beyond an event time before it counts here. */
  protected static lagUs(site: StatefulSite): number {
    return -site.inputWatermark(0);
  }

  /** A table of this operator; counted in its memory. */
  protected table<K, V>(name: string): StateTable<K, V> {
    const table = this.setup.store.table<K, V>(this.id, name);
    this.tables.push(table);
    return table;
  }

  /** Runs what removes state whose time has come, and counts what left: `evict` does nothing else to the tables. */
  protected evicting(evict: () => void): void {
    const [rows, sizeBytes] = [this.rowsTotal(), this.#sizeBytes];
    evict();
    this.#rowsEvicted += Math.max(0, rows - this.rowsTotal());
    this.#bytesEvicted += Math.max(0, sizeBytes - this.#sizeBytes);
  }

  get #sizeBytes(): number {
    return this.tables.reduce((sum, table) => sum + table.sizeBytes, 0);
  }

  #own(watermarkUs: number | undefined): number | undefined {
    return watermarkUs === undefined ? undefined : this.#inputWatermark(watermarkUs);
  }
}
