import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Done, Emit } from '../../kernel/evaluation.ts';
import { pushSlice, runAll } from '../evaluate.ts';
import { Once } from '../once.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * Elements moved to the partitions that `place` names, in order of arrival: the shuffle that combines nothing. Evaluated once and held.
 * `open` is called at the start of an evaluation and gives its `place`.
 */
export class ScatterNode<T> extends RddNode<T> {
  readonly kind: string;
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #outputs: Once<T[][]>;

  readonly #partitioner: Partitioner | undefined;
  /** The parent, or what is taken instead of it. */
  #input: RddNode<T>;

  /** `partitioner` where `place` puts pairs by it. */
  constructor(
    parent: RddNode<T>,
    numPartitions: number,
    open: () => (value: T) => number,
    kind: string,
    partitioner?: Partitioner,
  ) {
    super();
    this.#partitioner = partitioner;
    this.kind = kind;
    this.partitions = numPartitions;
    this.parents = [parent];
    this.#input = parent;
    this.#outputs = new Once(async () => {
      const outputs: T[][] = Array.from({ length: numPartitions }, () => []);
      const place = open();
      await runAll(this.#input, (value) => {
        outputs[place(value)]?.push(value);
      });
      return outputs;
    });
  }

  override get partitioner(): Partitioner | undefined {
    return this.#partitioner;
  }

  override get movesBy(): Partitioner | undefined {
    return this.#partitioner;
  }

  override takeMoved(_parent: number, pairs: RddNode<unknown>): void {
    this.#input = pairs as RddNode<T>;
  }

  compute(partition: number, emit: Emit<T>): Done {
    return this.#outputs.use((outputs) => {
      const output = outputs[partition] ?? [];
      return pushSlice(output, 0, output.length, emit);
    });
  }
}
