import { raise } from '../../kernel/errors.ts';
import type { Group, GroupTable } from '../operators/group-table.ts';
import type { PhysicalPlan, PlanEnd } from '../planner/plan-builder.ts';
import type { InternalRow } from '../types/data-type.ts';
import { unpackRows } from './packed-rows.ts';
import type { PartResult } from './part-result.ts';

/** Goes on with what a thread made of a part of a source, as if its rows had come one by one. */
export function absorbPart(plan: PhysicalPlan, { rows, groups, eventTimes, observed }: PartResult): void {
  for (const { end, packed } of rows) {
    const sink = endAt(plan, end).rows;
    for (const row of unpackRows(packed)) sink(row);
  }
  for (const { end, packed } of groups) {
    const table = endAt(plan, end).groups;
    if (table !== undefined) for (const group of unpackRows(packed)) mergeGroup(table, group);
  }
  eventTimes.forEach((times, i) => {
    plan.eventTimes[i]?.stats.absorb(times);
  });
  observed.forEach((group, i) => {
    const table = plan.observed[i]?.groups;
    if (group !== undefined && table !== undefined) mergeGroup(table, group);
  });
}

function endAt({ ends }: PhysicalPlan, end: number): PlanEnd {
  return ends[end] ?? raise('INTERNAL_INVARIANT', { what: `a thread sent rows to end ${end}` });
}

/** `other` came behind what the table has. */
function mergeGroup(table: GroupTable, other: InternalRow): void {
  const { aggregation, countAt } = table;
  const group: Group = table.find(other.slice(aggregation.size, countAt));
  if (group[countAt] === 0) for (let i = 0; i < aggregation.size; i++) group[i] = other[i] ?? null;
  else aggregation.merge(group, other);
  group[countAt] = (group[countAt] as number) + (other[countAt] as number);
}
