import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { ColumnarBlock } from '../../io/columnar-block.ts';
import { located } from '../../kernel/errors.ts';
import type { CompiledQuery, EventTimes, QuerySource, WatermarkNode } from '../operators/compiled-query.ts';
import type {
  OperatorBatch,
  OperatorSetup,
  PhysicalOperator,
  RowSink,
  StatefulOperator,
} from '../operators/physical-operator.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import type { RowObject } from '../operators/row-objects.ts';
import type { OperatorFigures } from '../../kernel/operator-figures.ts';
import type { PlanProbe } from './plan-probe.ts';
import { type PhysicalPlan, PlanBuilder } from './plan-builder.ts';
import type { StaticPart } from './plan-part.ts';
import { pushBlock } from './push-block.ts';
import { absorbPart } from '../threads/absorb-part.ts';
import { type PackedRows, packRows } from '../threads/packed-rows.ts';
import type { PartResult } from '../threads/part-result.ts';

/** Compiles an optimized plan into operators and fused stages; with a probe, what each node gives is counted. */
export function compileQuery(
  plan: ResolvedPlan,
  setup: OperatorSetup,
  emit: RowSink,
  probe?: PlanProbe,
): CompiledQuery {
  return new RunningPlan(plan, new PlanBuilder(setup, { probe }).build(plan, emit), probe);
}

/**
 * A batch: `begin` from the sink up, the blocks of static sources, what is static finished when the first streaming row comes, the blocks
 * of streaming sources, `finish` from the sources down.
 */
class RunningPlan implements CompiledQuery {
  readonly output: readonly Attribute[];
  readonly sources: readonly QuerySource[];
  readonly stateful: readonly StatefulOperator[];
  readonly watermarks: readonly WatermarkNode[];
  readonly #plan: PhysicalPlan;
  #isStaticReady = false;
  #tablesVersion = 0;

  readonly #probe: PlanProbe | undefined;

  constructor(plan: ResolvedPlan, physical: PhysicalPlan, probe: PlanProbe | undefined) {
    this.#probe = probe;
    this.output = plan.output;
    this.#plan = physical;
    this.sources = physical.sources.map(({ source }) => source);
    this.watermarks = physical.eventTimes.map(({ node }) => node);
    this.stateful = physical.main.operators.flatMap(({ state }) => state ?? []).toReversed();
  }

  begin(batch: OperatorBatch): void {
    this.#isStaticReady = false;
    this.#probe?.begin();
    for (const { stats } of this.#plan.eventTimes) stats.reset();
    for (const observed of this.#plan.observed) observed.begin();
    for (const operator of this.#plan.main.operators.toReversed()) operator.begin(batch);
    for (const part of this.#staticsToDo()) {
      for (const operator of part.operators.toReversed()) operator.begin(batch);
    }
  }

  prepare(
    statics: Iterable<readonly [sourceId: number, block: ColumnarBlock]>,
    samples: ReadonlyMap<number, ColumnarBlock>,
  ): void {
    const kept = this.#plan.statics.filter(({ mayKeep }) => mayKeep);
    for (const part of kept) for (const operator of part.operators.toReversed()) operator.begin(noBatch);
    for (const [sourceId, block] of statics) {
      for (const source of this.#plan.sources) {
        if (source.source.sourceId === sourceId) pushBlock(this.#plan, source, block, ({ part }) => part.mayKeep);
      }
    }
    for (const part of kept) finishPart(part);
    for (const source of this.#plan.sources) {
      const sample = samples.get(source.source.sourceId);
      if (sample !== undefined) pushBlock(this.#plan, source, sample);
    }
  }

  push(sourceId: number, block: ColumnarBlock): number {
    const found = this.#plan.sources.find(({ source }) => source.sourceId === sourceId);
    if (found === undefined) return 0;
    if (found.source.isStreaming) this.#finishStatics();
    const probe = this.#probe;
    if (probe === undefined) return pushBlock(this.#plan, found, block);
    return probe.timed(probe.idOf(found.node), () => pushBlock(this.#plan, found, block));
  }

  tables(): readonly PackedRows[] | undefined {
    this.#finishStatics();
    const version = this.#plan.tables.reduce((sum, { table }) => sum + table.version, 0);
    if (version === this.#tablesVersion) return undefined;
    this.#tablesVersion = version;
    return this.#plan.tables.map(({ table, width }) => packRows(table.rows(), width));
  }

  absorb(part: PartResult): number {
    absorbPart(this.#plan, part);
    return part.inputRows;
  }

  finish(): void {
    for (const _ of this.steps());
  }

  *steps(): Generator<undefined> {
    this.#finishStatics();
    for (const feed of this.#plan.main.feeds) yield* feed();
    for (const operator of this.#plan.main.operators) {
      this.#finish(operator);
      yield undefined;
    }
  }

  figures(): readonly OperatorFigures[] | undefined {
    return this.#probe?.figures();
  }

  #finish(operator: PhysicalOperator): void {
    const id = this.#plan.main.ids.get(operator);
    if (this.#probe === undefined || id === undefined) finishOperator(operator);
    else {
      this.#probe.timed(id, () => {
        finishOperator(operator);
      });
    }
  }

  eventTimes(): readonly EventTimes[] {
    return this.#plan.eventTimes.map(({ stats }) => stats.times);
  }

  observed(): Readonly<Record<string, RowObject>> {
    return Object.fromEntries(this.#plan.observed.map((metrics) => [metrics.name, metrics.row()]));
  }

  close(): void {
    for (const close of this.#plan.closers) close();
  }

  #finishStatics(): void {
    if (this.#isStaticReady) return;
    this.#isStaticReady = true;
    for (const part of this.#staticsToDo()) finishPart(part);
  }

  #staticsToDo(): readonly StaticPart[] {
    return this.#plan.statics.filter(({ isKept }) => !isKept);
  }
}

const noBatch: OperatorBatch = {
  batchId: -1,
  watermarkUs: undefined,
  lateWatermarkUs: undefined,
  processingTimeMs: 0,
};

function finishPart(part: StaticPart): void {
  for (const feed of part.feeds) for (const _ of feed());
  for (const operator of part.operators) finishOperator(operator);
  part.loaded();
}

/** What fails here belongs to no row any more: an operator that keeps state is named by its id. */
function finishOperator(operator: PhysicalOperator): void {
  try {
    operator.finish();
  } catch (error) {
    const { state } = operator;
    throw state === undefined ? error : (located(error, { operator: state.id }) ?? error);
  }
}
