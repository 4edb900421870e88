import { KeyMap } from '../../kernel/key-map.ts';
import type { InternalRow, InternalValue, Long } from '../types/data-type.ts';
import type { AggregatePlan } from './aggregate-state.ts';
import type { Aggregation } from './aggregation.ts';
import { GroupTable } from './group-table.ts';
import { mergeSessions, type Session } from './merge-sessions.ts';
import { raiseNoInput } from './no-input.ts';
import type { PhysicalOperator, RowSink } from './physical-operator.ts';

/** Session windows of static data: the sessions of each key, by start. */
export class SessionBatch implements PhysicalOperator {
  readonly groups: GroupTable;
  readonly #sessionAt: number;
  readonly #aggregation: Aggregation;
  readonly #emit: RowSink;

  constructor(plan: AggregatePlan, aggregation: Aggregation, emit: RowSink) {
    this.groups = new GroupTable(plan.keys, aggregation);
    this.#sessionAt = plan.keys.findIndex((key) => key.id === plan.session?.id);
    this.#aggregation = aggregation;
    this.#emit = emit;
  }

  begin(): void {
    this.groups.clear();
  }

  input(): RowSink {
    return raiseNoInput('session window');
  }

  finish(): void {
    const byKey = new KeyMap<InternalRow, Session[]>();
    for (const group of this.groups.groups) {
      const values = this.groups.keyOf(group);
      const [start, end] = values[this.#sessionAt] as readonly [Long, Long];
      const key = values.filter((_, i) => i !== this.#sessionAt);
      const sessions = byKey.get(key) ?? [];
      sessions.push([start, end, group.slice(0, this.#aggregation.size)]);
      byKey.set(key, sessions);
    }
    for (const [key, sessions] of byKey) {
      for (const [start, end, buffer] of mergeSessions(sessions, this.#aggregation)) {
        const row: InternalValue[] = [...key];
        row.splice(this.#sessionAt, 0, [start, end]);
        this.#emit([...row, ...this.#aggregation.results(buffer)]);
      }
    }
    this.groups.clear();
  }
}
