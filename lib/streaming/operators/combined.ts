import { raise } from '../../kernel/errors.ts';
import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Time } from '../../kernel/time.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { DStreamNode } from '../dstream-node.ts';
import type { Step } from '../step.ts';
import { requireRdd } from './requires-rdd.ts';

/** What several streams become in one batch. May be async: functions of `transform` are. */
export interface Combine<U> {
  (rdds: readonly RddNode<unknown>[], time: Time, operator: string): RddNode<U> | Promise<RddNode<U>>;
  /** A function of the program has its say in what comes out. */
  readonly isOfProgram?: boolean;
}

/**
 * A stream made of the batches of others at the same time: `union`, joins, `transform`. All inputs slide alike and have to give an RDD.
 */
export class CombinedNode<U> extends DStreamNode<U> {
  readonly dependencies: readonly DStreamNode<unknown>[];
  readonly #combine: Combine<U>;
  readonly #keyedBy: Partitioner | undefined;

  override get keyedBy(): Partitioner | undefined {
    return this.#keyedBy;
  }

  override get isBuiltAlike(): boolean {
    return this.#combine.isOfProgram !== true;
  }

  /** `keyedBy`: for what brings the pairs of the inputs to their keys. */
  constructor(step: Step, inputs: readonly DStreamNode<unknown>[], combine: Combine<U>, keyedBy?: Partitioner) {
    super(step, slideOf(inputs, step.method));
    this.#keyedBy = keyedBy;
    this.dependencies = inputs;
    this.#combine = combine;
  }

  async compute(time: Time, graph: BatchGraph): Promise<RddNode<U> | undefined> {
    const rdds: RddNode<unknown>[] = [];
    for (const input of this.dependencies) rdds.push(await requireRdd(this, input, time, graph));
    return await this.#combine(rdds, time, graph.idOf(this));
  }
}

function slideOf(inputs: readonly DStreamNode<unknown>[], method: string): number {
  const first = inputs[0]?.slideMs;
  if (first === undefined) return raise('STREAM_NO_STREAMS', { method });
  for (const input of inputs) {
    if (input.slideMs !== first) raise('STREAM_DIFFERENT_SLIDES', { first, other: input.slideMs });
  }
  return first;
}
