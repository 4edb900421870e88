import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import type { InternalRow, Long } from '../types/data-type.ts';
import { addLong } from '../types/long.ts';
import { eventTimeColumn, eventTimeOf, type EventTimeOf } from './event-time.ts';
import { ExpiryIndex } from './expiry-index.ts';
import { keyReader } from './key-values.ts';
import type { LateRowTaker } from './late-rows.ts';
import type { OperatorBatch, PhysicalOperator, RowSink, TracedRow } from './physical-operator.ts';
import { stateColumns } from './state-columns.ts';
import { StatefulBase, type StatefulSite } from './stateful-base.ts';

export type DeduplicatePlan = Extract<ResolvedPlan, { kind: 'deduplicate' }>;

/**
 * Gives the first row of each key, by order of arrival; null keys equal each other. Rows with an event time that is not after the late
 * watermark are dropped, also when the event time is no key.
 *
 * State: key values -> when the key expires, or null. With an event time among the keys that is when the watermark reaches it; within
 * the watermark it is the first row's event time and the delay, which later duplicates do not extend; otherwise never.
 */
export class Deduplicate extends StatefulBase implements PhysicalOperator {
  readonly name: string;
  readonly state = this;
  readonly #seen: StateTable<InternalRow, Long | null>;
  readonly #expiry = new ExpiryIndex<InternalRow>();
  readonly #keyOf: (row: InternalRow) => InternalRow;
  readonly #timeOf: EventTimeOf | undefined;
  readonly #expiresAt: (row: InternalRow, key: InternalRow) => Long | null;
  readonly #emit: RowSink;
  readonly #late: LateRowTaker | undefined;
  #duplicates = 0;

  constructor(plan: DeduplicatePlan, site: StatefulSite, emit: RowSink) {
    super(site, { keys: stateColumns(plan.keys), values: [] });
    this.name = plan.withinWatermark ? 'dedupeWithinWatermark' : 'dedupe';
    this.#emit = emit;
    this.#keyOf = keyReader(plan.child.output, plan.keys);
    this.#timeOf = eventTimeOf(plan.child.output);
    this.#late = this.lateRows({ columns: plan.child.output, keys: plan.keys, keyOf: this.#keyOf });
    this.#expiresAt = plan.withinWatermark ? this.#afterDelay(plan.child.output) : expiryAmong(plan.keys);
    this.#seen = this.table('seen');
    this.#seen.forEach((key, time) => {
      if (time !== null) this.#expiry.add(time, key);
    });
  }

  override begin(batch: OperatorBatch): void {
    super.begin(batch);
    this.#duplicates = 0;
  }

  input(): RowSink {
    return (row) => {
      if (this.dropsLate(this.#timeOf?.(row))) {
        this.#late?.(row, this.batch.lateWatermarkUs);
        if (this.isTraced) this.#tell('late', row);
        return;
      }
      const key = this.#keyOf(row);
      const isKnown = this.#seen.has(key);
      if (this.isTraced) this.#tell(isKnown ? 'duplicate' : 'taken', row);
      if (isKnown) {
        this.#duplicates++;
        return;
      }
      const time = this.#expiresAt(row, key);
      this.#seen.put(key, time);
      if (time !== null) this.#expiry.add(time, key);
      this.counts.updated++;
      this.#emit(row);
    };
  }

  finish(): void {
    const { watermarkUs } = this.batch;
    if (watermarkUs === undefined) return;
    this.evicting(() => {
      this.#expiry.take(watermarkUs, (key) => {
        if (this.#seen.remove(key)) this.counts.removed++;
      });
    });
  }

  protected rowsTotal(): number {
    return this.#seen.size;
  }

  protected override customMetrics(): Readonly<Record<string, number>> {
    return { numDroppedDuplicateRows: this.#duplicates };
  }

  #tell(outcome: TracedRow['outcome'], row: InternalRow): void {
    this.traced(outcome, this.#keyOf(row), [null, this.#timeOf?.(row) ?? null]);
  }

  #afterDelay(columns: readonly Attribute[]): (row: InternalRow) => Long {
    const delayUs = (columns[eventTimeColumn(columns)]?.watermarkDelayMs ?? 0) * 1000;
    const timeOf = this.#timeOf;
    return (row) => addLong(timeOf?.(row) ?? 0, delayUs);
  }
}

function expiryAmong(keys: readonly Attribute[]): (row: InternalRow, key: InternalRow) => Long | null {
  const timeOf = eventTimeOf(keys);
  return (_, key) => timeOf?.(key) ?? null;
}

/** Distinct rows of static data: the first of each key. */
export class DeduplicateBatch implements PhysicalOperator {
  readonly #seen = new Set<unknown>();
  readonly #nameOf: (row: InternalRow) => unknown;
  readonly #emit: RowSink;

  constructor(nameOf: (row: InternalRow) => unknown, emit: RowSink) {
    this.#nameOf = nameOf;
    this.#emit = emit;
  }

  begin(): void {
    this.#seen.clear();
  }

  input(): RowSink {
    return (row) => {
      const name = this.#nameOf(row);
      if (this.#seen.has(name)) return;
      this.#seen.add(name);
      this.#emit(row);
    };
  }

  finish(): void {
    this.#seen.clear();
  }
}
