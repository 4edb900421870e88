import type { Partitioner } from '../kernel/partitioner.ts';
import { located } from '../kernel/errors.ts';
import { collect } from './actions/collect.ts';
import { count } from './actions/count.ts';
import { foreach } from './actions/foreach.ts';
import { take } from './actions/take.ts';
import type { Cogrouped } from './operators/cogroup.ts';
import { CogroupNode } from './operators/cogroup.ts';
import { FilterNode } from './operators/filter.ts';
import { FlatMapNode } from './operators/flat-map.ts';
import { GlomNode } from './operators/glom.ts';
import { groupByKey } from './operators/group-by-key.ts';
import { JoinNode, type JoinSides, joinKind } from './operators/join.ts';
import { MapPartitionsNode } from './operators/map-partitions.ts';
import { FlatMapValuesNode, MapValuesNode } from './operators/map-values.ts';
import { MapNode } from './operators/map.ts';
import { reduceByKey } from './operators/reduce-by-key.ts';
import { UnionNode } from './operators/union.ts';
import type { Mapped, Pair } from './pair.ts';
import { type Partitioning, partitionerFor } from './partitioning.ts';
import type { RddContext } from './rdd-context.ts';
import type { RddNode } from './rdd-node.ts';
import type { SparkContext } from './spark-context.ts';
import { StorageNode } from './storage-node.ts';

/**
 * An immutable, partitioned collection. Transformations describe a new one and run nothing; actions compute and return a promise.
 *
 * Functions on elements are synchronous. A pair is a two-element array, and keys are equal by value. Order is stable: elements keep
 * the order of their partition, keys come in order of first appearance, grouped values in order of arrival.
 *
 * @example
 * const words = sc.parallelize(['a b', 'a']).flatMap(line => line.split(' '));
 * await words.map(w => [w, 1]).reduceByKey((a, b) => a + b).collectAsMap()   // a => 2, b => 1
 */
export class RDD<T> {
  readonly node: StorageNode<T>;
  readonly context: RddContext;
  readonly #id: number;
  #name: string | undefined;

  constructor(node: RddNode<T>, context: RddContext) {
    this.node = node instanceof StorageNode ? (node as StorageNode<T>) : new StorageNode(node);
    this.context = context;
    this.#id = context.sparkContext.nextRddId();
  }

  get sparkContext(): SparkContext {
    return this.context.sparkContext;
  }

  /** The number of this RDD, counted up in its SparkContext. */
  id(): number {
    return this.#id;
  }

  name(): string | undefined {
    return this.#name;
  }

  /** Names this RDD in `toDebugString`. */
  setName(name: string): this {
    this.#name = name;
    return this;
  }

  getNumPartitions(): number {
    return this.node.partitions;
  }

  /** Keeps the elements once they have been computed, also for RDDs that were made from this one before. */
  persist(): this {
    this.node.persist();
    return this;
  }

  /** The same as `persist`. */
  cache(): this {
    return this.persist();
  }

  /** Drops what `persist` keeps. */
  unpersist(): this {
    this.node.unpersist();
    return this;
  }

  /** One element for each element. */
  map<U extends Mapped>(f: (value: T) => U): RDD<U> {
    return this.#make(new MapNode(this.node, f, this.#at('map')));
  }

  /** Any number of elements for each element. */
  flatMap<U extends Mapped>(f: (value: T) => Iterable<U>): RDD<U> {
    return this.#make(new FlatMapNode(this.node, f, this.#at('flatMap')));
  }

  /** The elements for which `keep` says yes. */
  filter<S extends T>(keep: (value: T) => value is S): RDD<S>;
  filter(keep: (value: T) => unknown): RDD<T>;
  filter(keep: (value: T) => unknown): RDD<T> {
    return this.#make(new FilterNode(this.node, keep, this.#at('filter')));
  }

  /** A function over each whole partition, given as an iterator; empty partitions too. */
  mapPartitions<U extends Mapped>(f: (values: IterableIterator<T>) => Iterable<U>): RDD<U> {
    return this.#make(new MapPartitionsNode<T, U>(this.node, (values) => f(values), this.#at('mapPartitions')));
  }

  /** As `mapPartitions`; the function is given the number of the partition first. */
  mapPartitionsWithIndex<U extends Mapped>(f: (partition: number, values: IterableIterator<T>) => Iterable<U>): RDD<U> {
    return this.#make(
      new MapPartitionsNode<T, U>(
        this.node,
        (values, partition) => f(partition, values),
        this.#at('mapPartitionsWithIndex'),
        'mapPartitionsWithIndex',
      ),
    );
  }

  /** Each partition as one array. */
  glom(): RDD<T[]> {
    return this.#make(new GlomNode(this.node));
  }

  /** The partitions of this RDD, then those of the other; equal elements stay. */
  union(other: RDD<T>): RDD<T> {
    return this.#make(new UnionNode([this.node, other.node]));
  }

  /** A new value for each pair; the key stays. */
  mapValues<K, V, U extends Mapped>(this: RDD<Pair<K, V>>, f: (value: V) => U): RDD<[K, U]> {
    return this.#make(new MapValuesNode(this.node, f, this.#at('mapValues')));
  }

  /** Any number of values for each pair; a key without any vanishes. */
  flatMapValues<K, V, U extends Mapped>(this: RDD<Pair<K, V>>, f: (value: V) => Iterable<U>): RDD<[K, U]> {
    return this.#make(new FlatMapValuesNode(this.node, f, this.#at('flatMapValues')));
  }

  /** The values of each key merged by an associative function, which is not called for a key with one value. */
  reduceByKey<K, V>(this: RDD<Pair<K, V>>, combine: (a: V, b: V) => V, partitions?: Partitioning): RDD<[K, V]> {
    return this.#make(reduceByKey(this.node, combine, this.#partitioner(partitions), this.#at('reduceByKey')));
  }

  /** All values of each key as one array, in order of arrival. */
  groupByKey<K, V>(this: RDD<Pair<K, V>>, partitions?: Partitioning): RDD<[K, V[]]> {
    return this.#make(groupByKey(this.node, this.#partitioner(partitions), this.#at('groupByKey')));
  }

  /** `[key, [values here, values there]]` for every key of either side. */
  cogroup<K, V, W>(this: RDD<Pair<K, V>>, other: RDD<Pair<K, W>>, partitions?: Partitioning): RDD<[K, [V[], W[]]]> {
    const node: RddNode<Cogrouped<K>> = new CogroupNode<K>(
      [this.node, other.node],
      this.#partitioner(partitions, other),
      this.#at('cogroup'),
    );
    return this.#make(node as unknown as RddNode<[K, [V[], W[]]]>);
  }

  /** Every value here with every value there, for keys of both sides. */
  join<K, V, W>(this: RDD<Pair<K, V>>, other: RDD<Pair<K, W>>, partitions?: Partitioning): RDD<[K, [V, W]]> {
    return this.#join(other, { left: false, right: false }, partitions) as RDD<[K, [V, W]]>;
  }

  /** As `join`; a value here whose key the other side lacks comes with `null`. */
  leftOuterJoin<K, V, W>(
    this: RDD<Pair<K, V>>,
    other: RDD<Pair<K, W>>,
    partitions?: Partitioning,
  ): RDD<[K, [V, W | null]]> {
    return this.#join(other, { left: true, right: false }, partitions) as RDD<[K, [V, W | null]]>;
  }

  /** As `join`; a value there whose key this side lacks comes with `null`. */
  rightOuterJoin<K, V, W>(
    this: RDD<Pair<K, V>>,
    other: RDD<Pair<K, W>>,
    partitions?: Partitioning,
  ): RDD<[K, [V | null, W]]> {
    return this.#join(other, { left: false, right: true }, partitions) as RDD<[K, [V | null, W]]>;
  }

  /** As `join`; keys of one side only come with `null` for the other. */
  fullOuterJoin<K, V, W>(
    this: RDD<Pair<K, V>>,
    other: RDD<Pair<K, W>>,
    partitions?: Partitioning,
  ): RDD<[K, [V | null, W | null]]> {
    return this.#join(other, { left: true, right: true }, partitions);
  }

  /** All elements, in order. */
  async collect(): Promise<T[]> {
    return await this.#run(collect(this.node));
  }

  /** How many elements there are. */
  async count(): Promise<number> {
    return await this.#run(count(this.node));
  }

  /** The first `n` elements. */
  async take(n: number): Promise<T[]> {
    return await this.#run(take(this.node, n));
  }

  /** Calls `f` for each element, in order. */
  async foreach(f: (value: T) => void): Promise<void> {
    await this.#run(foreach(this.node, f, this.#at('foreach')));
  }

  #make<U>(node: RddNode<U>): RDD<U> {
    return new RDD(node, this.context);
  }

  #at(method: string): string {
    return this.context.operator === undefined ? method : `${this.context.operator}/${method}`;
  }

  #partitioner(asked: Partitioning | undefined, ...others: RDD<unknown>[]): Partitioner {
    return partitionerFor(asked, [this.node, ...others.map((other) => other.node)]);
  }

  #join<K, V, W>(
    other: RDD<Pair<K, W>>,
    keep: JoinSides,
    partitions: Partitioning | undefined,
  ): RDD<[K, [V | null, W | null]]> {
    const left = this.node as unknown as RddNode<Pair<K, V>>;
    const method = joinKind(keep);
    return this.#make(new JoinNode(left, other.node, keep, this.#partitioner(partitions, other), this.#at(method)));
  }

  async #run<R>(action: Promise<R>): Promise<R> {
    try {
      return await action;
    } catch (error) {
      const { batchTime } = this.context;
      throw (batchTime === undefined ? undefined : located(error, { batchTime })) ?? error;
    }
  }
}
