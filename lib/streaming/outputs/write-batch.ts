import type { Sink } from '../../io/sink.ts';
import { collect } from '../../rdd/actions/collect.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { OutputContext } from '../output-operation.ts';

/** Hands the rows of a batch to a sink and waits until every one is acknowledged. A batch without rows is not written. */
export async function writeBatch<R>(rdd: RddNode<R>, sink: Sink<R>, context: OutputContext): Promise<void> {
  const rows = await collect(rdd);
  if (rows.length === 0) return;
  const { time, operation, attempt } = context;
  await sink.write({ batchTime: time, operation, attempt }, rows);
}
