import type { Clock } from '../kernel/clock.ts';
import type { Done, Emit } from '../kernel/evaluation.ts';
import type { Measuring, OperatorFigures } from '../kernel/operator-figures.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import type { Partitioner } from '../kernel/partitioner.ts';
import { RddNode } from '../rdd/rdd-node.ts';

/** So many records of a partition are timed one by one; behind them every 64th. */
const timedOneByOne = 64;

/** What one operator did while a batch was measured. Times are those of its own part and everything above it, and of what is behind it. */
class Tally {
  rows = 0;
  totalMs = 0;
  behindMs = 0;
  readonly sample: unknown[] = [];
}

/** How the steps of a program hang together: who computes each, and so whose time is part of whose. */
export interface ProbedGraph {
  readonly id: OperatorId;
  readonly inputs: readonly OperatorId[];
}

/**
 * Counts what each step of a program gives in a batch, and how long it takes. It stands behind each step of a batch that is measured, and
 * nowhere else; what is kept of such a batch for later ones passes through it as if it were not there.
 *
 * A call that once went to the probe is never inlined again: a chain of short functions is slower by a fifth from then on, also in batches
 * that are not measured. That is why somebody has to want it (scripts/bench/ui-cost.mjs).
 */
export class OperatorProbe {
  readonly #measuring: Measuring;
  readonly #clock: Clock;
  readonly #graph: readonly ProbedGraph[];
  #tallies: Map<OperatorId, Tally> | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(measuring: Measuring, clock: Clock, graph: readonly ProbedGraph[]) {
    this.#measuring = measuring;
    this.#clock = clock;
    this.#graph = graph;
  }

  /** A batch begins. */
  begin(): void {
    const now = this.#clock.monotonicMs();
    const { everyMs, isWanted } = this.#measuring;
    this.#tallies = isWanted?.() !== false && now - this.#lastMs >= everyMs ? new Map() : undefined;
    if (this.#tallies !== undefined) this.#lastMs = now;
  }

  /** The data of a step, counted when the batch is one that is measured. */
  behind<T>(id: OperatorId, rdd: RddNode<T>): RddNode<T> {
    const tallies = this.#tallies;
    if (tallies === undefined) return rdd;
    const tally = tallies.get(id) ?? new Tally();
    tallies.set(id, tally);
    return new ProbedNode(rdd, tally, this.#clock, this.#measuring.samples, () => this.#tallies === tallies);
  }

  /** The batch is over: what was measured, undefined when nothing was. */
  end(): readonly OperatorFigures[] | undefined {
    const tallies = this.#tallies;
    this.#tallies = undefined;
    if (tallies === undefined) return undefined;
    const readers = new Map<OperatorId, number>();
    for (const { inputs } of this.#graph) for (const id of inputs) readers.set(id, (readers.get(id) ?? 0) + 1);
    const upTo = (id: OperatorId): number => {
      const tally = tallies.get(id);
      return tally === undefined ? 0 : tally.totalMs - tally.behindMs;
    };
    return this.#graph.flatMap(({ id, inputs }) => {
      const tally = tallies.get(id);
      if (tally === undefined) return [];
      // A step that several read is computed for each of them: each has its share of it within its own time.
      const above = inputs.reduce((sum, input) => sum + upTo(input) / (readers.get(input) ?? 1), 0);
      const timeMs = Math.max(0, upTo(id) - above);
      return [{ id, rows: tally.rows, timeMs, ...(this.#measuring.samples > 0 ? { sample: tally.sample } : {}) }];
    });
  }
}

class ProbedNode<T> extends RddNode<T> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #tally: Tally;
  readonly #clock: Clock;
  readonly #samples: number;
  readonly #isOpen: () => boolean;

  constructor(parent: RddNode<T>, tally: Tally, clock: Clock, samples: number, isOpen: () => boolean) {
    super();
    this.kind = parent.kind;
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#tally = tally;
    this.#clock = clock;
    this.#samples = samples;
    this.#isOpen = isOpen;
  }

  override get partitioner(): Partitioner | undefined {
    return this.parents[0].partitioner;
  }

  override get isNarrow(): boolean {
    return true;
  }

  override get behind(): RddNode<T> {
    return this.parents[0];
  }

  compute(partition: number, emit: Emit<T>): Done {
    const [parent] = this.parents;
    if (!this.#isOpen()) return parent.compute(partition, emit);
    const clock = this.#clock;
    const tally = this.#tally;
    let rows = 0;
    let behindMs = 0;
    const counted = (value: T): void => {
      rows += 1;
      if (tally.sample.length < this.#samples) tally.sample.push(value);
      if (rows > timedOneByOne && rows % 64 !== 0) {
        emit(value);
        return;
      }
      const startedMs = clock.monotonicMs();
      emit(value);
      behindMs += (clock.monotonicMs() - startedMs) * (rows > timedOneByOne ? 64 : 1);
    };
    const startedMs = clock.monotonicMs();
    const over = (): void => {
      tally.rows += rows;
      tally.totalMs += clock.monotonicMs() - startedMs;
      tally.behindMs += behindMs;
    };
    const done = parent.compute(partition, counted);
    if (done === undefined) {
      over();
      return undefined;
    }
    return done.finally(over);
  }
}
