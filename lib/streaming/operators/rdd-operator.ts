import type { Time } from '../../kernel/time.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { DStreamNode } from '../dstream-node.ts';
import type { Step } from '../step.ts';

/** What an operator makes of the data of its input in one batch. */
export type RddOperator<T, U> = (rdd: RddNode<T>, operator: string) => RddNode<U>;

/**
 * A stream whose batches are one RDD operator applied to those of its input: `map`, `filter`, `reduceByKey` and the like. A batch
 * without an RDD stays without one.
 */
export class RddOperatorNode<T, U> extends DStreamNode<U> {
  readonly dependencies: readonly [DStreamNode<T>];
  readonly #operator: RddOperator<T, U>;

  constructor(step: Step, parent: DStreamNode<T>, operator: RddOperator<T, U>, part?: string) {
    super(step, parent.slideMs, part);
    this.dependencies = [parent];
    this.#operator = operator;
  }

  override get isBuiltAlike(): boolean {
    return true;
  }

  async compute(time: Time, graph: BatchGraph): Promise<RddNode<U> | undefined> {
    const rdd = await graph.at(this.dependencies[0], time);
    return rdd === undefined ? undefined : this.#operator(rdd, graph.idOf(this));
  }
}
