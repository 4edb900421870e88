import { raise } from '../../kernel/errors.ts';
import type { Time } from '../../kernel/time.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { BatchGraph } from '../batch-graph.ts';
import type { DStreamNode } from '../dstream-node.ts';

/** The data of an input that has to be there: Spark fails the batch of union, transform, count and joins where it is not. */
export async function requireRdd<T>(
  node: DStreamNode<unknown>,
  input: DStreamNode<T>,
  time: Time,
  graph: BatchGraph,
): Promise<RddNode<T>> {
  const rdd = await graph.at(input, time);
  return (
    rdd ??
    raise(
      'STREAM_RDD_MISSING',
      { method: node.step.method },
      { where: { operator: graph.idOf(node), batchTime: time } },
    )
  );
}
