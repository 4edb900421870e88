import type { Partitioner } from '../kernel/partitioner.ts';
import type { Time } from '../kernel/time.ts';
import type { RddNode } from '../rdd/rdd-node.ts';
import type { BatchGraph } from './batch-graph.ts';
import type { Step } from './step.ts';

/** A stream at one of its times. */
export interface StreamAt {
  readonly node: DStreamNode<unknown>;
  readonly time: Time;
}

/**
 * One stream of the graph: what to do for a batch, without any data of a batch.
 *
 * - Complete when constructed, immutable, and free of run-time data: that lives in `BatchGraph`, which calls `compute` at most once
 *   for each valid time, in the order the times are demanded.
 * - `demand` names everything that `compute` of the same time will ask the graph for, so that a batch can be planned (and its plan
 *   made durable) before anything runs. What it leaves out is not read.
 */
export abstract class DStreamNode<T> {
  readonly step: Step;
  /** Which of the nodes of its step, where a step has several; the last one has none and carries the step's id itself. */
  readonly part: string | undefined;
  readonly slideMs: number;
  abstract readonly dependencies: readonly DStreamNode<unknown>[];

  constructor(step: Step, slideMs: number, part?: string) {
    this.step = step;
    this.slideMs = slideMs;
    this.part = part;
  }

  /** Keeps state between batches, which Spark allows only with a checkpoint directory. */
  get needsCheckpoint(): boolean {
    return false;
  }

  /**
   * What it computes at a time is built by the engine alone from what its inputs give at that time: another thread that has built the same
   * program builds the same. Not so where a function of the program builds it, or where the slices of a window do.
   */
  get isBuiltAlike(): boolean {
    return false;
  }

  /**
   * Depends on its own past: the batch before has to be computed first, and the time it was last computed at is kept with its state.
   */
  get hasCursor(): boolean {
    return false;
  }

  /** Where the pairs of its inputs belong, for a step that has them brought to their keys. */
  get keyedBy(): Partitioner | undefined {
    return undefined;
  }

  /**
   * Over how many tables its keys are spread; part of its identity in a checkpoint. Slices of a window are no keys: they are found by the
   * partitions that each had.
   */
  get statePartitions(): number {
    return 1;
  }

  /** How long its inputs have to be remembered when it is itself remembered for `ownMs`. */
  inputsRememberMs(ownMs: number): number {
    return ownMs;
  }

  /**
   * The streams and times that `compute(time)` will ask for. `cursor` is the last time this node was computed at, or the zero time;
   * it matters to those with a cursor only.
   */
  demand(time: Time, _cursor: Time): readonly StreamAt[] {
    return this.dependencies.map((node) => ({ node, time }));
  }

  /**
   * Takes up its input at a time that is not its own. Called in every batch of the input for nodes that slide by more than an input
   * which keeps state: such an input can be read in its own batch only.
   */
  collect(_time: Time, _graph: BatchGraph): Promise<void> {
    return Promise.resolve();
  }

  /** The data of one batch, described and not yet computed; `undefined` when there is none (which is not the same as empty). */
  abstract compute(time: Time, graph: BatchGraph): Promise<RddNode<T> | undefined>;
}
