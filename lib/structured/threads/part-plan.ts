import type { ColumnarBlock } from '../../io/columnar-block.ts';
import { raise } from '../../kernel/errors.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { QuerySource } from '../operators/compiled-query.ts';
import type { OperatorSetup } from '../operators/physical-operator.ts';
import { PlanBuilder, type PhysicalPlan } from '../planner/plan-builder.ts';
import { pushBlock } from '../planner/push-block.ts';
import { Outlet } from './outlet.ts';
import { buffersIn, type PackedRows, unpackRows } from './packed-rows.ts';
import type { PartResult } from './part-result.ts';

/**
 * The stages of a plan that read its streaming sources, without the operators behind them: what would go there is collected. Static tables
 * are filled from outside.
 */
export class PartPlan {
  readonly #plan: PhysicalPlan;
  readonly #outlet = new Outlet();
  #inputRows = 0;

  constructor(plan: ResolvedPlan, setup: OperatorSetup) {
    this.#plan = new PlanBuilder(setup, { outlet: this.#outlet }).build(plan, () => undefined);
  }

  source(sourceId: number): QuerySource {
    const found = this.#plan.sources.find(({ source }) => source.sourceId === sourceId);
    return found?.source ?? raise('INTERNAL_INVARIANT', { what: `a thread knows no source ${sourceId}` });
  }

  fill(tables: readonly PackedRows[]): void {
    for (const [i, { table }] of this.#plan.tables.entries()) {
      table.clear();
      const packed = tables[i];
      if (packed !== undefined) for (const row of unpackRows(packed)) table.add(row);
    }
  }

  begin(): void {
    this.#inputRows = 0;
    this.#outlet.clear();
    for (const { stats } of this.#plan.eventTimes) stats.reset();
    for (const observed of this.#plan.observed) observed.begin();
  }

  push(sourceId: number, block: ColumnarBlock): void {
    const source = this.#plan.sources.find((one) => one.source.sourceId === sourceId);
    if (source !== undefined) this.#inputRows += pushBlock(this.#plan, source, block);
  }

  /** What came together since `begin`. */
  take(): PartResult {
    return {
      inputRows: this.#inputRows,
      ...this.#outlet.take(),
      eventTimes: this.#plan.eventTimes.map(({ stats }) => stats.part),
      observed: this.#plan.observed.map(({ groups }) => groups.groups[0]),
    };
  }
}

export function buffersOfPart({ rows, groups }: PartResult): readonly ArrayBuffer[] {
  return [...rows, ...groups].flatMap(({ packed }) => buffersIn(packed));
}
