import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { InternalRow, InternalValue, Long } from '../types/data-type.ts';
import type { Aggregation } from './aggregation.ts';
import { eventTimeColumn, eventTimeOf, type EventTimeOf, windowOf } from './event-time.ts';
import { ExpiryIndex } from './expiry-index.ts';
import { type Group, GroupTable } from './group-table.ts';
import type { PhysicalOperator, RowSink } from './physical-operator.ts';
import { raiseNoInput } from './no-input.ts';
import { stateColumns } from './state-columns.ts';
import { StatefulBase, type StatefulSite } from './stateful-base.ts';

export type AggregatePlan = Extract<ResolvedPlan, { kind: 'aggregate' }>;

/**
 * Aggregation of a stream. Rows of a batch are aggregated among themselves first; then each group meets its state once.
 *
 * - Groups whose event time (a window's end) is not after the late watermark are dropped, and counted as groups as well as rows.
 * - append gives a group when the watermark has reached its event time, and forgets it; update gives every group that was touched and
 *   forgets finished ones silently; complete gives all, drops nothing and forgets nothing.
 * - Without keys there is one group, and it is touched by every batch.
 *
 * State: key values -> buffer. Evicted when the watermark reaches the event time among the keys; never without one.
 */
export class AggregateState extends StatefulBase implements PhysicalOperator {
  readonly name = 'stateStoreSave';
  readonly state = this;
  readonly groups: GroupTable;
  readonly #rows: StateTable<InternalRow, InternalValue[]>;
  readonly #expiry = new ExpiryIndex<InternalRow>();
  readonly #timeOf: EventTimeOf | undefined;
  readonly #windowOf: ReturnType<typeof windowOf>;
  readonly #aggregation: Aggregation;
  readonly #emit: RowSink;

  constructor(plan: AggregatePlan, aggregation: Aggregation, site: StatefulSite, emit: RowSink) {
    const at = site.setup.mode === 'complete' ? -1 : eventTimeColumn(plan.keys);
    const kind = plan.keys[at]?.type.kind === 'struct' ? 'key' : 'time';
    super(site, {
      keys: stateColumns(plan.keys),
      values: aggregation.aggregates.map(({ column }) => column),
      layout: { kind: 'buffer', columns: aggregation.aggregates.flatMap(({ buffer }) => buffer) },
      ...(at < 0 ? {} : { windows: { table: 'rows', kind, at, lagUs: StatefulBase.lagUs(site) } }),
    });
    this.#windowOf = at < 0 ? undefined : windowOf(plan.keys);
    this.#aggregation = aggregation;
    this.#emit = emit;
    this.groups = new GroupTable(plan.keys, aggregation);
    this.#timeOf = site.setup.mode === 'complete' ? undefined : eventTimeOf(plan.keys);
    this.#rows = this.table('rows');
    if (this.#timeOf !== undefined) this.#rows.forEach((key) => this.#indexKey(key));
  }

  input(): RowSink {
    return raiseNoInput(this.name);
  }

  finish(): void {
    if (this.groups.keyCount === 0 && this.groups.groups.length === 0) this.groups.find([]);
    const { mode } = this.setup;
    for (const group of this.groups.groups) this.#mergeIntoState(group, mode === 'update');
    this.groups.clear();
    if (mode === 'complete' || (this.isTraced && mode === 'append')) {
      this.#rows.forEach((key, buffer) => this.#give(key, buffer));
    } else {
      this.evicting(() => {
        this.#evict(mode === 'append');
      });
    }
  }

  protected override actsOn(watermarkHasMoved: boolean): boolean {
    return watermarkHasMoved && this.setup.mode !== 'complete';
  }

  protected rowsTotal(): number {
    return this.#rows.size;
  }

  #mergeIntoState(group: Group, isGiven: boolean): void {
    const key = this.groups.keyOf(group);
    const rows = group[this.groups.countAt] as number;
    const startOf = (): Long | null => this.#windowOf?.(key)?.[0] ?? null;
    const isLate = this.dropsLate(this.#timeOf?.(key), rows, startOf);
    if (this.isTraced && rows > 0)
      this.traced(isLate ? 'late' : 'taken', key, [startOf(), this.#timeOf?.(key) ?? null]);
    if (isLate) return;
    let merged: InternalValue[] = group;
    let isNew = false;
    this.#rows.update(key, (stored) => {
      if (stored === undefined) {
        isNew = true;
        merged = group.slice(0, this.#aggregation.size);
      } else {
        merged = stored;
        this.#aggregation.merge(merged, group);
      }
      return merged;
    });
    this.counts.updated++;
    if (isNew) this.#indexKey(key);
    if (isGiven) this.#give(key, merged);
  }

  #evict(isGiven: boolean): void {
    const { watermarkUs } = this.batch;
    if (this.#timeOf === undefined || watermarkUs === undefined) return;
    this.#expiry.take(watermarkUs, (key, timeUs) => {
      if (isGiven) {
        const buffer = this.#rows.get(key);
        if (buffer !== undefined) this.#give(key, buffer);
      }
      if (!this.#rows.remove(key)) return;
      this.counts.removed++;
      this.closed.add(this.#windowOf?.(key)?.[0] ?? null, timeUs, 1);
    });
  }

  #indexKey(key: InternalRow): void {
    const time: Long | null | undefined = this.#timeOf?.(key);
    if (time !== null && time !== undefined) this.#expiry.add(time, key);
  }

  #give(key: InternalRow, buffer: readonly InternalValue[]): void {
    this.#emit([...key, ...this.#aggregation.results(buffer)]);
  }
}
