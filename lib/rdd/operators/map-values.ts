import type { Partitioner } from '../../kernel/partitioner.ts';
import type { Done, Emit } from '../../kernel/evaluation.ts';
import { functionFailed } from '../function-failure.ts';
import type { Pair } from '../pair.ts';
import { RddNode } from '../rdd-node.ts';
import { drawn } from './flat-map.ts';

/** A new value for each pair; the key stays, and with it the partition. */
export class MapValuesNode<K, V, U> extends RddNode<[K, U]> {
  readonly kind = 'mapValues';
  readonly partitions: number;
  readonly parents: readonly [RddNode<Pair<K, V>>];
  readonly #f: (value: V) => U;
  readonly #operator: string;

  constructor(parent: RddNode<Pair<K, V>>, f: (value: V) => U, operator = 'mapValues') {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#f = f;
    this.#operator = operator;
  }

  override get partitioner(): Partitioner | undefined {
    return this.parents[0].partitioner;
  }

  override get isNarrow(): boolean {
    return true;
  }

  compute(partition: number, emit: Emit<[K, U]>): Done {
    const f = this.#f;
    const operator = this.#operator;
    return this.parents[0].compute(partition, (pair) => {
      let result: U;
      try {
        result = f(pair[1]);
      } catch (error) {
        throw functionFailed(operator, error);
      }
      emit([pair[0], result]);
    });
  }
}

/** Any number of values for each pair; a key without any vanishes. */
export class FlatMapValuesNode<K, V, U> extends RddNode<[K, U]> {
  readonly kind = 'flatMapValues';
  readonly partitions: number;
  readonly parents: readonly [RddNode<Pair<K, V>>];
  readonly #f: (value: V) => Iterable<U>;
  readonly #operator: string;

  constructor(parent: RddNode<Pair<K, V>>, f: (value: V) => Iterable<U>, operator = 'flatMapValues') {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#f = f;
    this.#operator = operator;
  }

  override get partitioner(): Partitioner | undefined {
    return this.parents[0].partitioner;
  }

  override get isNarrow(): boolean {
    return true;
  }

  compute(partition: number, emit: Emit<[K, U]>): Done {
    const f = this.#f;
    const operator = this.#operator;
    return this.parents[0].compute(partition, (pair) => {
      let results: Iterable<U>;
      try {
        results = f(pair[1]);
      } catch (error) {
        throw functionFailed(operator, error);
      }
      for (const result of drawn(operator, results)) emit([pair[0], result]);
    });
  }
}
