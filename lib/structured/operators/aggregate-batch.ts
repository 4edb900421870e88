import { GroupTable } from './group-table.ts';
import type { Aggregation } from './aggregation.ts';
import type { AggregatePlan } from './aggregate-state.ts';
import { raiseNoInput } from './no-input.ts';
import type { PhysicalOperator, RowSink } from './physical-operator.ts';

/** Aggregation of static data: every group once, in order of first appearance. Without keys there is always one group. */
export class AggregateBatch implements PhysicalOperator {
  readonly groups: GroupTable;
  readonly #aggregation: Aggregation;
  readonly #emit: RowSink;

  constructor(plan: AggregatePlan, aggregation: Aggregation, emit: RowSink) {
    this.groups = new GroupTable(plan.keys, aggregation);
    this.#aggregation = aggregation;
    this.#emit = emit;
  }

  begin(): void {
    this.groups.clear();
  }

  input(): RowSink {
    return raiseNoInput('aggregate');
  }

  finish(): void {
    if (this.groups.keyCount === 0 && this.groups.groups.length === 0) this.groups.find([]);
    for (const group of this.groups.groups)
      this.#emit([...this.groups.keyOf(group), ...this.#aggregation.results(group)]);
    this.groups.clear();
  }
}
