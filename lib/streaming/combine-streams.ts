import { raise } from '../kernel/errors.ts';
import type { Time } from '../kernel/time.ts';
import { functionFailed, kindOf } from '../rdd/function-failure.ts';
import { RDD } from '../rdd/rdd.ts';
import type { RddNode } from '../rdd/rdd-node.ts';
import type { SparkContext } from '../rdd/spark-context.ts';
import { requireStreams } from './arguments.ts';
import type { DStreamGraph } from './dstream-graph.ts';
import { DStreamNode } from './dstream-node.ts';
import type { Partitioner } from '../kernel/partitioner.ts';
import { type Combine, CombinedNode } from './operators/combined.ts';

/** A stream as its graph sees it: what every facade is around. */
export interface StreamHandle {
  readonly node: DStreamNode<unknown>;
  readonly context: { readonly graph: DStreamGraph; readonly sparkContext: SparkContext };
}

/** The node of several streams of one context together. `keyedBy`: for what brings their pairs to their keys. */
export function combineStreams<U>(
  method: string,
  streams: readonly StreamHandle[],
  combine: Combine<U>,
  keyedBy?: Partitioner,
): CombinedNode<U> {
  requireStreams(method, streams, (stream) => (stream as Partial<StreamHandle> | null)?.node instanceof DStreamNode);
  const [first, ...others] = streams;
  if (first === undefined) return raise('STREAM_NO_STREAMS', { method });
  if (others.some((other) => other.context !== first.context)) raise('STREAM_DIFFERENT_CONTEXTS', {});
  const nodes = streams.map((stream) => stream.node);
  return new CombinedNode(first.context.graph.step(method, nodes), nodes, combine, keyedBy);
}

/** A user's function over RDDs as a `Combine`: it sees facades, and what it returns is checked. */
export function overRdds<U>(
  method: string,
  sparkContext: SparkContext,
  f: (rdds: RDD<unknown>[], time: Time) => RDD<U> | Promise<RDD<U>>,
): Combine<U> {
  const combine = async (nodes: readonly RddNode<unknown>[], time: Time, operator: string): Promise<RddNode<U>> => {
    const context = { sparkContext, operator, batchTime: time };
    const result: unknown = await callTransform(
      () =>
        f(
          nodes.map((node) => new RDD(node, context)),
          time,
        ),
      operator,
    );
    if (!(result instanceof RDD)) {
      raise('STREAM_TRANSFORM_RESULT', { method, result: kindOf(result) }, { where: { operator, batchTime: time } });
    }
    return result.node as RddNode<U>;
  };
  return Object.assign(combine, { isOfProgram: true });
}

async function callTransform(call: () => unknown, operator: string): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    throw functionFailed(operator, error);
  }
}
