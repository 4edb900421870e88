import type { RddNode } from './rdd-node.ts';
import { StorageNode } from './storage-node.ts';

/**
 * What an RDD is made from, one line for each step, parents below their child: `(partitions) method`.
 *
 * @example
 * (2) reduceByKey
 *  |  (4) map
 *  |  (4) parallelize
 */
export function lineageOf(node: RddNode<unknown>, name?: string): string {
  const lines: string[] = [];
  describe(node, 0, lines, name);
  return lines.join('\n');
}

function describe(node: RddNode<unknown>, depth: number, lines: string[], name?: string): void {
  let isPersisted = false;
  let inner = node;
  while (inner.behind !== undefined) {
    isPersisted ||= inner instanceof StorageNode && inner.isPersisted;
    inner = inner.behind;
  }
  const margin = depth === 0 ? '' : `${' |'.repeat(depth)}  `;
  const notes = `${name === undefined ? '' : ` ${name}`}${isPersisted ? ' [persisted]' : ''}`;
  lines.push(`${margin}(${inner.partitions}) ${inner.kind}${notes}`);
  const deeper = inner.parents.length > 1 ? depth + 1 : Math.max(depth, 1);
  for (const parent of inner.parents) describe(parent, deeper, lines);
}
