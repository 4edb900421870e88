import type { Clock } from '../../kernel/clock.ts';
import type { Measuring, OperatorFigures } from '../../kernel/operator-figures.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { StageStep } from '../operators/stage/stage.ts';
import type { InternalRow } from '../types/data-type.ts';
import { toExternal } from '../types/conversion.ts';
import { planIds } from './describe-plan.ts';

interface Tally {
  rows: number;
  timeMs: number | undefined;
  sample: unknown[];
}

/**
 * Counts what each node of a running plan gives in a batch. A counter is a step of the stage like any other; times are taken for each block
 * of a source and for each operator that finishes, since the steps of a stage are one loop.
 */
export class PlanProbe {
  readonly #clock: Clock;
  readonly #samples: number;
  readonly #ids: ReadonlyMap<ResolvedPlan, string>;
  readonly #tallies = new Map<string, Tally>();

  constructor(plan: ResolvedPlan, { samples }: Measuring, clock: Clock) {
    this.#clock = clock;
    this.#samples = samples;
    this.#ids = planIds(plan);
    for (const id of this.#ids.values()) this.#tallies.set(id, { rows: 0, timeMs: undefined, sample: [] });
  }

  idOf(plan: ResolvedPlan): string {
    return this.#ids.get(plan) ?? plan.kind;
  }

  /** Stands behind a node, before whatever takes its rows. */
  step(plan: ResolvedPlan): StageStep {
    const tally = this.#tally(this.idOf(plan));
    if (this.#samples === 0) return { kind: 'count', tally };
    const shows = plan.output.map(({ type }) => toExternal(type));
    const take = (row: InternalRow): void => {
      tally.rows += 1;
      if (tally.sample.length >= this.#samples) return;
      tally.sample.push(Object.fromEntries(plan.output.map(({ name }, i) => [name, shows[i]?.(row[i] ?? null)])));
    };
    return { kind: 'watch', columns: plan.output, take };
  }

  /** Runs a part of the work of a node. */
  timed<T>(id: string, work: () => T): T {
    const startedMs = this.#clock.monotonicMs();
    try {
      return work();
    } finally {
      const tally = this.#tally(id);
      tally.timeMs = (tally.timeMs ?? 0) + this.#clock.monotonicMs() - startedMs;
    }
  }

  begin(): void {
    for (const tally of this.#tallies.values()) [tally.rows, tally.timeMs, tally.sample] = [0, undefined, []];
  }

  figures(): readonly OperatorFigures[] {
    const figures: OperatorFigures[] = [];
    for (const [id, { rows, timeMs, sample }] of this.#tallies) {
      const time = timeMs === undefined ? {} : { timeMs };
      figures.push({ id, rows, ...time, ...(this.#samples === 0 ? {} : { sample }) });
    }
    // Sources first.
    return figures.toReversed();
  }

  #tally(id: string): Tally {
    const known = this.#tallies.get(id) ?? { rows: 0, timeMs: undefined, sample: [] };
    this.#tallies.set(id, known);
    return known;
  }
}
