import type { Done, Emit } from '../../kernel/evaluation.ts';
import type { Partitioner } from '../../kernel/partitioner.ts';
import { outputOf } from '../combine-table.ts';
import { pushSlice, runEach } from '../evaluate.ts';
import { KeyIndex } from '../key-index.ts';
import { Once } from '../once.ts';
import { type Pair, assertPair } from '../pair.ts';
import { inPlace, isSamePartitioner } from '../partitioning.ts';
import { RddNode } from '../rdd-node.ts';

/** A key and the values it has in each parent, in order of arrival. */
export type Cogrouped<K> = readonly [key: K, groups: readonly (readonly unknown[])[]];

/**
 * Brings the values of each key from several RDDs together: `[key, [values of the first, values of the second, ...]]`, for every key
 * that occurs in any of them. Evaluated once and held; who gets a group gets arrays of its own. Where the pairs of all stand in the
 * partitions of this partitioner already, nothing is moved, and each partition is grouped by itself.
 */
export class CogroupNode<K> extends RddNode<Cogrouped<K>> {
  readonly kind = 'cogroup';
  readonly partitions: number;
  readonly parents: readonly RddNode<Pair<K, unknown>>[];
  readonly #partitioner: Partitioner;
  readonly #isInPlace: boolean;
  /** The parents, or what is taken instead of them. */
  readonly #inputs: RddNode<Pair<K, unknown>>[];
  /** The groups of all partitions, or of each by itself where nothing is moved. */
  readonly #outputs: readonly Once<Group<K>[][]>[];

  constructor(parents: readonly RddNode<Pair<K, unknown>>[], partitioner: Partitioner, operator = 'cogroup') {
    super();
    this.partitions = partitioner.numPartitions;
    this.parents = parents;
    this.#partitioner = partitioner;
    this.#inputs = [...parents];
    this.#isInPlace = parents.every((parent) => isSamePartitioner(parent.partitioner, partitioner));
    this.#outputs = this.#isInPlace
      ? Array.from(
          { length: this.partitions },
          (_, partition) =>
            new Once(
              async () =>
                await group(inPlace, parents.length, operator, (parent, emit) =>
                  parents[parent]?.compute(partition, emit),
                ),
            ),
        )
      : [
          new Once(
            async () =>
              await group(partitioner, parents.length, operator, async (parent, emit) => {
                await runEach(this.#inputs[parent] as RddNode<Pair<K, unknown>>, () => emit);
              }),
          ),
        ];
  }

  override get partitioner(): Partitioner {
    return this.#partitioner;
  }

  override get movesBy(): Partitioner | undefined {
    return this.#isInPlace ? undefined : this.#partitioner;
  }

  override takeMoved(parent: number, pairs: RddNode<unknown>): void {
    this.#inputs[parent] = pairs as RddNode<Pair<K, unknown>>;
  }

  compute(partition: number, emit: Emit<Cogrouped<K>>): Done {
    return this.read(partition, (group) => {
      emit([group.key, group.values.map((values) => values.slice())]);
    });
  }

  /** Pushes the groups themselves, for operators that only look at them. */
  read(partition: number, emit: Emit<Group<K>>): Done {
    const isInPlace = this.#outputs.length > 1;
    return this.#outputs[isInPlace ? partition : 0]?.use((outputs) => {
      const output = outputs[isInPlace ? 0 : partition] ?? [];
      return pushSlice(output, 0, output.length, emit);
    });
  }
}

/** The values of one key, a list for each parent. */
export class Group<K> {
  readonly key: K;
  readonly values: unknown[][];

  constructor(key: K, parents: number) {
    this.key = key;
    this.values = Array.from({ length: parents }, () => []);
  }

  add(parent: number, value: unknown): void {
    const values = this.values[parent];
    // Most keys have one value on a side: a literal takes room for one, where push makes room for seventeen.
    if (values === undefined || values.length === 0) this.values[parent] = [value];
    else values.push(value);
  }
}

async function group<K>(
  partitioner: Partitioner,
  parents: number,
  operator: string,
  push: (parent: number, emit: Emit<Pair<K, unknown>>) => Done,
): Promise<Group<K>[][]> {
  const index = new KeyIndex<K>();
  const groups: Group<K>[] = [];
  const outputs: Group<K>[][] = Array.from({ length: partitioner.numPartitions }, () => []);
  for (let parent = 0; parent < parents; parent++) {
    await push(parent, (pair) => {
      const known = index.find(pair[0]);
      let found = known < 0 ? undefined : groups[known];
      if (found === undefined) {
        assertPair(operator, pair);
        const output = outputs[outputOf(partitioner, pair[0], operator)];
        found = new Group(pair[0], parents);
        index.add(pair[0]);
        groups.push(found);
        output?.push(found);
      }
      found.add(parent, pair[1]);
    });
  }
  return outputs;
}
