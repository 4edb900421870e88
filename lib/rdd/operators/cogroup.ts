import type { Done, Emit } from '../../kernel/evaluation.ts';
import { KeyMap } from '../../kernel/key-map.ts';
import type { Partitioner } from '../../kernel/partitioner.ts';
import { outputOf } from '../combine-table.ts';
import { pushSlice, runEach } from '../evaluate.ts';
import { Once } from '../once.ts';
import { type Pair, assertPair } from '../pair.ts';
import { RddNode } from '../rdd-node.ts';

/** A key and the values it has in each parent, in order of arrival. */
export type Cogrouped<K> = readonly [key: K, groups: readonly (readonly unknown[])[]];

/**
 * Brings the values of each key from several RDDs together: `[key, [values of the first, values of the second, ...]]`, for every key
 * that occurs in any of them. Evaluated once and held; the joins read it.
 */
export class CogroupNode<K> extends RddNode<Cogrouped<K>> {
  readonly kind = 'cogroup';
  readonly partitions: number;
  readonly parents: readonly RddNode<Pair<K, unknown>>[];
  readonly #outputs: Once<Cogrouped<K>[][]>;

  constructor(parents: readonly RddNode<Pair<K, unknown>>[], partitioner: Partitioner, operator = 'cogroup') {
    super();
    this.partitions = partitioner.numPartitions;
    this.parents = parents;
    this.#outputs = new Once(async () => await group(parents, partitioner, operator));
  }

  compute(partition: number, emit: Emit<Cogrouped<K>>): Done {
    return this.#outputs.use((outputs) => {
      const output = outputs[partition] ?? [];
      return pushSlice(output, 0, output.length, emit);
    });
  }
}

async function group<K>(
  parents: readonly RddNode<Pair<K, unknown>>[],
  partitioner: Partitioner,
  operator: string,
): Promise<Cogrouped<K>[][]> {
  const groups = new KeyMap<K, unknown[][]>();
  const outputs: Cogrouped<K>[][] = Array.from({ length: partitioner.numPartitions }, () => []);
  for (const [side, parent] of parents.entries()) {
    await runEach(parent, () => (pair) => {
      let lists = groups.get(pair[0]);
      if (lists === undefined) {
        assertPair(operator, pair);
        lists = parents.map(() => []);
        groups.set(pair[0], lists);
        outputs[outputOf(partitioner, pair[0], operator)]?.push([pair[0], lists]);
      }
      lists[side]?.push(pair[1]);
    });
  }
  return outputs;
}
