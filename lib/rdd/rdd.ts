import { located } from '../kernel/errors.ts';
import type { KeyMap } from '../kernel/key-map.ts';
import type { Partitioner } from '../kernel/partitioner.ts';
import type { Duration } from '../kernel/time.ts';
import type { DataFrame } from '../structured/data-frame.ts';
import type { StructType } from '../structured/types/data-type.ts';
import { collect } from './actions/collect.ts';
import { countByKey, countByValue } from './actions/count-by-value.ts';
import { countApprox } from './actions/count-approx.ts';
import { countApproxDistinct } from './actions/count-approx-distinct.ts';
import { count } from './actions/count.ts';
import { foreach, foreachPartition } from './actions/foreach.ts';
import { histogram } from './actions/histogram.ts';
import { collectAsMap, lookup } from './actions/lookup.ts';
import { aggregate, reduce } from './actions/reduce.ts';
import { saveAsObjectFile } from './actions/save-as-object-file.ts';
import { saveAsTextFile } from './actions/save-as-text-file.ts';
import { type Stats, stats } from './actions/stats.ts';
import { extreme, takeOrdered } from './actions/take-ordered.ts';
import { takeSample } from './actions/take-sample.ts';
import { first, take } from './actions/take.ts';
import { refuse, requireFunction, requireFunctionOrNone, requireIterable, requireText } from './arguments.ts';
import { collectPartition } from './evaluate.ts';
import { frameOf } from './frame-bridge.ts';
import { FreezingNode } from './freezing-node.ts';
import { lineageOf } from './lineage.ts';
import { aggregateByKey } from './operators/aggregate-by-key.ts';
import { CartesianNode } from './operators/cartesian.ts';
import { CoalesceNode } from './operators/coalesce.ts';
import { CogroupNode, type Cogrouped } from './operators/cogroup.ts';
import { CombineByKeyNode } from './operators/combine-by-key.ts';
import { distinct } from './operators/distinct.ts';
import { FilterNode } from './operators/filter.ts';
import { FlatMapNode } from './operators/flat-map.ts';
import { GlomNode } from './operators/glom.ts';
import { groupByKey } from './operators/group-by-key.ts';
import { intersection } from './operators/intersection.ts';
import { JoinNode, type JoinSides, joinKind } from './operators/join.ts';
import { type AsyncFunction, MapAsyncNode, type MapAsyncOptions, mapAsyncSettings } from './operators/map-async.ts';
import { MapPartitionsNode } from './operators/map-partitions.ts';
import { FlatMapValuesNode, MapValuesNode } from './operators/map-values.ts';
import { MapNode } from './operators/map.ts';
import { partitionBy } from './operators/partition-by.ts';
import { reduceByKey } from './operators/reduce-by-key.ts';
import { repartition } from './operators/repartition.ts';
import { PipeNode } from './operators/pipe.ts';
import { type Fractions, SampleByKeyNode } from './operators/sample-by-key.ts';
import { SampleNode } from './operators/sample.ts';
import { SortByNode } from './operators/sort-by.ts';
import { SortWithinPartitionsNode } from './operators/sort-within-partitions.ts';
import { randomSplit } from './operators/split.ts';
import { SubtractByKeyNode } from './operators/subtract-by-key.ts';
import { subtract } from './operators/subtract.ts';
import { UnionNode } from './operators/union.ts';
import { ZipPartitionsNode } from './operators/zip-partitions.ts';
import { ZipWithIndexNode } from './operators/zip-with-index.ts';
import { ZipWithUniqueIdNode } from './operators/zip-with-unique-id.ts';
import { ZipNode } from './operators/zip.ts';
import type { Mapped, Merged, Pair } from './pair.ts';
import { type Partitioning, partitionerFor, requirePartitioning } from './partitioning.ts';
import type { RddContext } from './rdd-context.ts';
import type { RddNode } from './rdd-node.ts';
import type { SparkContext } from './spark-context.ts';
import { StorageNode } from './storage-node.ts';
import { fields } from './texts/fields.ts';
import { splitWords } from './texts/split-words.ts';
import type { TextElement } from './texts/text-element.ts';

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
    const { freezesRecords } = context.sparkContext;
    if (node instanceof StorageNode) this.node = node as StorageNode<T>;
    else this.node = freezesRecords ? new FreezingNode(node) : new StorageNode(node);
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

  /** Where the pair of each key stands, where that is known; else null. */
  get partitioner(): Partitioner | null {
    return this.node.partitioner ?? null;
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

  /** The same as `persist`: the RDDs of a batch live in memory, and what outlives it is the stream's state. */
  checkpoint(): this {
    return this.persist();
  }

  /** The same as `persist`. */
  localCheckpoint(): this {
    return this.persist();
  }

  /** Drops what `persist` keeps. */
  unpersist(): this {
    this.node.unpersist();
    return this;
  }

  /** One element for each element. */
  map<U extends Mapped>(f: (value: T) => U): RDD<U> {
    requireFunction(this.#at('map'), 'f', f);
    return this.#make(new MapNode(this.node, f, this.#at('map')));
  }

  /** Any number of elements for each element. */
  flatMap<U extends Mapped>(f: (value: T) => Iterable<U>): RDD<U> {
    requireFunction(this.#at('flatMap'), 'f', f);
    return this.#make(new FlatMapNode(this.node, f, this.#at('flatMap')));
  }

  /** The words of each text, or of the `value` of each record: what stands between blanks. The same as `flatMap(splitWords())`. */
  splitWords(this: RDD<TextElement>): RDD<string> {
    return this.#make(new FlatMapNode(this.node, splitWords(), this.#at('splitWords'), 'splitWords'));
  }

  /**
   * The fields of each line, or of the `value` of each record: all of them, the one at a position, or those at several. The same as
   * `map(fields(separator, ...positions))`.
   */
  fields(this: RDD<TextElement>, separator: string): RDD<string[]>;
  fields(this: RDD<TextElement>, separator: string, position: number): RDD<string | null>;
  fields(this: RDD<TextElement>, separator: string, key: number, value: number): RDD<[string | null, string | null]>;
  fields(this: RDD<TextElement>, separator: string, ...positions: readonly number[]): RDD<(string | null)[]>;
  fields(this: RDD<TextElement>, separator: string, ...positions: readonly number[]): RDD<unknown> {
    const f = fields(separator, ...positions);
    return this.#make(new MapNode<TextElement, unknown>(this.node, f, this.#at('fields'), 'fields'));
  }

  /** The elements for which `keep` says yes. */
  filter<S extends T>(keep: (value: T) => value is S): RDD<S>;
  filter(keep: (value: T) => unknown): RDD<T>;
  filter(keep: (value: T) => unknown): RDD<T> {
    requireFunction(this.#at('filter'), 'keep', keep);
    return this.#make(new FilterNode(this.node, keep, this.#at('filter')));
  }

  /**
   * A function over each whole partition, given as an iterator; empty partitions too. A partition is held in memory. With
   * `preservesPartitioning` the function promises to leave the keys of pairs alone.
   */
  mapPartitions<U extends Mapped>(
    f: (values: IterableIterator<T>) => Iterable<U>,
    preservesPartitioning = false,
  ): RDD<U> {
    requireFunction(this.#at('mapPartitions'), 'f', f);
    const operator = this.#at('mapPartitions');
    const node = new MapPartitionsNode<T, U>(
      this.node,
      (values) => f(values),
      operator,
      'mapPartitions',
      preservesPartitioning,
    );
    return this.#make(node);
  }

  /** As `mapPartitions`; the function is given the number of the partition first. */
  mapPartitionsWithIndex<U extends Mapped>(f: (partition: number, values: IterableIterator<T>) => Iterable<U>): RDD<U> {
    requireFunction(this.#at('mapPartitionsWithIndex'), 'f', f);
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
    this.#requireRdds('union', other);
    return this.#make(new UnionNode([this.node, other.node]));
  }

  /** One element for each element by a function that may wait; up to `concurrency` calls of a partition at a time, results in order. */
  mapAsync<U extends Mapped>(f: AsyncFunction<T, U>, options: MapAsyncOptions = {}): RDD<U> {
    const operator = this.#at('mapAsync');
    requireFunction(operator, 'f', f);
    const settings = mapAsyncSettings(options, this.sparkContext.clock, operator);
    return this.#make(new MapAsyncNode<T, U>(this.node, f, settings, operator));
  }

  /** Fewer partitions, of neighbouring ones; with `shuffle` any number of them, dealt out evenly. */
  coalesce(numPartitions: number, shuffle = false): RDD<T> {
    return shuffle ? this.repartition(numPartitions) : this.#make(new CoalesceNode(this.node, numPartitions));
  }

  /** The same elements dealt out evenly over `numPartitions` partitions. */
  repartition(numPartitions: number): RDD<T> {
    return this.#make(repartition(this.node, numPartitions));
  }

  /** `[f(element), element]` for each element. */
  keyBy<K>(f: (value: T) => K): RDD<[K, T]> {
    requireFunction(this.#at('keyBy'), 'f', f);
    return this.#make(new MapNode<T, [K, T]>(this.node, (value) => [f(value), value], this.#at('keyBy'), 'keyBy'));
  }

  /** The elements of each value of `f` as one array. */
  groupBy<K>(f: (value: T) => K, partitions?: Partitioning): RDD<[K, T[]]> {
    requireFunction(this.#at('groupBy'), 'f', f);
    const keyed = new MapNode<T, [K, T]>(this.node, (value) => [f(value), value], this.#at('groupBy'), 'groupBy');
    return this.#make(groupByKey(keyed, this.#partitioner('groupBy', partitions), this.#at('groupBy')));
  }

  /** Each element once. */
  distinct(numPartitions?: number): RDD<T> {
    return this.#make(distinct(this.node, this.#partitioner('distinct', numPartitions), this.#at('distinct')));
  }

  /** All elements in the order of `keyOf`; elements with equal keys stay in order. All of them are held in memory. */
  sortBy(keyOf: (value: T) => unknown, ascending = true, numPartitions = Math.max(1, this.node.partitions)): RDD<T> {
    requireFunction(this.#at('sortBy'), 'keyOf', keyOf);
    return this.#make(new SortByNode(this.node, keyOf, ascending, numPartitions, this.#at('sortBy')));
  }

  /** Each element with its place in the whole, from 0. */
  zipWithIndex(): RDD<[T, number]> {
    return this.#make(new ZipWithIndexNode(this.node));
  }

  /** Each element with a number of its own, without counting first. */
  zipWithUniqueId(): RDD<[T, number]> {
    return this.#make(new ZipWithUniqueIdNode(this.node));
  }

  /** The elements that both have, each once. */
  intersection(other: RDD<T>, numPartitions?: number): RDD<T> {
    this.#requireRdds('intersection', other);
    const partitioner = this.#partitioner('intersection', numPartitions, other);
    return this.#make(intersection(this.node, other.node, partitioner, this.#at('intersection')));
  }

  /** The elements that the other does not have; what stands here several times stays so. */
  subtract(other: RDD<T>, partitions?: Partitioning): RDD<T> {
    this.#requireRdds('subtract', other);
    return this.#make(subtract(this.node, other.node, this.#partitioner('subtract', partitions), this.#at('subtract')));
  }

  /** Every element here with every element there. */
  cartesian<U>(other: RDD<U>): RDD<[T, U]> {
    this.#requireRdds('cartesian', other);
    return this.#make(new CartesianNode(this.node, other.node));
  }

  /** Elements of both paired by position; both must have the same partitions and numbers of elements. A partition is held in memory. */
  zip<U>(other: RDD<U>): RDD<[T, U]> {
    this.#requireRdds('zip', other);
    return this.#make(new ZipNode(this.node, other.node, this.#at('zip')));
  }

  /** A random part of the elements. Without a seed, that of a batch is its time, so that a batch which runs again takes the same. */
  sample(withReplacement: boolean, fraction: number, seed = this.#seed()): RDD<T> {
    return this.#make(new SampleNode(this.node, withReplacement, fraction, seed, this.#at('sample')));
  }

  /** A random part of the pairs of each key, as large as the fraction of the key says. */
  sampleByKey<K, V>(
    this: RDD<Pair<K, V>>,
    withReplacement: boolean,
    fractions: Fractions<K>,
    seed = this.#seed(),
  ): RDD<[K, V]> {
    const node = new SampleByKeyNode(this.node, withReplacement, fractions, seed, this.#at('sampleByKey'));
    return this.#make(node as unknown as RddNode<[K, V]>);
  }

  /**
   * The lines that a program writes which is given the elements as lines; one process for each partition. A text is cut at blanks; a list
   * of words is taken as it is. `env` is added to the environment.
   */
  pipe(command: string | readonly string[], env: Readonly<Record<string, string>> = {}): RDD<string> {
    return this.#make(new PipeNode(this.node, command, env, this.#at('pipe')));
  }

  /** A random division in parts of about these relative sizes; each element is in one of them. */
  randomSplit(weights: readonly number[], seed = this.#seed()): RDD<T>[] {
    requireIterable(this.#at('randomSplit'), 'weights', weights);
    return randomSplit(this.node, weights, seed, this.#at('randomSplit')).map((part) => this.#make(part));
  }

  /** A function over the partitions of both, given as iterators; both must have the same number of partitions. */
  zipPartitions<U, R extends Mapped>(
    other: RDD<U>,
    f: (left: IterableIterator<T>, right: IterableIterator<U>) => Iterable<R>,
  ): RDD<R> {
    this.#requireRdds('zipPartitions', other);
    requireFunction(this.#at('zipPartitions'), 'f', f);
    return this.#make(new ZipPartitionsNode(this.node, other.node, f, this.#at('zipPartitions')));
  }

  /** A new value for each pair; the key stays. */
  mapValues<K, V, U extends Mapped>(this: RDD<Pair<K, V>>, f: (value: V) => U): RDD<[K, U]> {
    requireFunction(this.#at('mapValues'), 'f', f);
    return this.#make(new MapValuesNode(this.node, f, this.#at('mapValues')));
  }

  /** Any number of values for each pair; a key without any vanishes. */
  flatMapValues<K, V, U extends Mapped>(this: RDD<Pair<K, V>>, f: (value: V) => Iterable<U>): RDD<[K, U]> {
    requireFunction(this.#at('flatMapValues'), 'f', f);
    return this.#make(new FlatMapValuesNode(this.node, f, this.#at('flatMapValues')));
  }

  keys<K>(this: RDD<Pair<K, unknown>>): RDD<K> {
    return this.#make(new MapNode<Pair<K, unknown>, K>(this.node, (pair) => pair[0], this.#at('keys'), 'keys'));
  }

  values<V>(this: RDD<Pair<unknown, V>>): RDD<V> {
    return this.#make(new MapNode<Pair<unknown, V>, V>(this.node, (pair) => pair[1], this.#at('values'), 'values'));
  }

  /**
   * The values of each key combined: `create` from the first value of a key in a partition, `mergeValue` within the partition,
   * `mergeCombiners` across partitions. With `mapSideCombine: false`, partitions make no difference and `mergeCombiners` is not called.
   */
  combineByKey<K, V, C>(
    this: RDD<Pair<K, V>>,
    create: (value: V) => C,
    mergeValue: (combined: C, value: V) => C,
    mergeCombiners: (first: C, second: C) => C,
    partitions?: Partitioning,
    options: { readonly mapSideCombine?: boolean } = {},
  ): RDD<[K, C]> {
    requireFunction(this.#at('combineByKey'), 'create', create);
    requireFunction(this.#at('combineByKey'), 'mergeValue', mergeValue);
    requireFunction(this.#at('combineByKey'), 'mergeCombiners', mergeCombiners);
    const aggregator =
      options.mapSideCombine === false ? { create, mergeValue } : { create, mergeValue, mergeCombiners };
    const node = new CombineByKeyNode(
      this.node,
      aggregator,
      this.#partitioner('combineByKey', partitions),
      this.#at('combineByKey'),
    );
    return this.#make(node);
  }

  /** The values of each key folded from a copy of `zero` in each partition, and the results merged across partitions. */
  aggregateByKey<K, V, C>(
    this: RDD<Pair<K, V>>,
    zero: C,
    mergeValue: (combined: C, value: V) => C,
    mergeCombiners: (first: C, second: C) => C,
    partitions?: Partitioning,
  ): RDD<[K, C]> {
    requireFunction(this.#at('aggregateByKey'), 'mergeValue', mergeValue);
    requireFunction(this.#at('aggregateByKey'), 'mergeCombiners', mergeCombiners);
    const partitioner = this.#partitioner('aggregateByKey', partitions);
    return this.#make(
      aggregateByKey(this.node, zero, mergeValue, mergeCombiners, partitioner, this.#at('aggregateByKey')),
    );
  }

  /** As `aggregateByKey` with one function for both. */
  foldByKey<K, V>(this: RDD<Pair<K, V>>, zero: V, combine: (a: V, b: V) => V, partitions?: Partitioning): RDD<[K, V]> {
    requireFunction(this.#at('foldByKey'), 'combine', combine);
    const partitioner = this.#partitioner('foldByKey', partitions);
    return this.#make(aggregateByKey(this.node, zero, combine, combine, partitioner, this.#at('foldByKey')));
  }

  /** Each pair moved to the partition of its key. */
  partitionBy<K, V>(this: RDD<Pair<K, V>>, partitions: Partitioning): RDD<[K, V]> {
    const operator = this.#at('partitionBy');
    const node = partitionBy(this.node, requirePartitioning(partitions, operator), operator);
    return this.#make(node as RddNode<[K, V]>);
  }

  /** Each pair moved to the partition of its key, and each partition in the order of its keys. */
  repartitionAndSortWithinPartitions<K, V>(
    this: RDD<Pair<K, V>>,
    partitions?: Partitioning,
    ascending = true,
  ): RDD<[K, V]> {
    const operator = this.#at('repartitionAndSortWithinPartitions');
    const moved = partitionBy(this.node, this.#partitioner('repartitionAndSortWithinPartitions', partitions), operator);
    return this.#make(new SortWithinPartitionsNode(moved, ascending, operator) as unknown as RddNode<[K, V]>);
  }

  /** All pairs in the order of their keys. */
  sortByKey<K, V>(
    this: RDD<Pair<K, V>>,
    ascending = true,
    numPartitions = Math.max(1, this.getNumPartitions()),
  ): RDD<[K, V]> {
    const node = new SortByNode(
      this.node as unknown as RddNode<[K, V]>,
      (pair) => pair[0],
      ascending,
      numPartitions,
      this.#at('sortByKey'),
      'sortByKey',
    );
    return this.#make(node);
  }

  /** The values of each key merged by an associative function, which is not called for a key with one value. */
  reduceByKey<K, V>(
    this: RDD<Pair<K, V>>,
    combine: (a: Merged<V>, b: Merged<V>) => Merged<V>,
    partitions?: Partitioning,
  ): RDD<[K, Merged<V>]>;
  reduceByKey<K, V>(this: RDD<Pair<K, V>>, combine: (a: V, b: V) => V, partitions?: Partitioning): RDD<[K, V]> {
    requireFunction(this.#at('reduceByKey'), 'combine', combine);
    return this.#make(
      reduceByKey(this.node, combine, this.#partitioner('reduceByKey', partitions), this.#at('reduceByKey')),
    );
  }

  /** All values of each key as one array, in order of arrival. */
  groupByKey<K, V>(this: RDD<Pair<K, V>>, partitions?: Partitioning): RDD<[K, V[]]> {
    return this.#make(groupByKey(this.node, this.#partitioner('groupByKey', partitions), this.#at('groupByKey')));
  }

  /** `[key, [values here, values there]]` for every key of either side. */
  cogroup<K, V, W>(this: RDD<Pair<K, V>>, other: RDD<Pair<K, W>>, partitions?: Partitioning): RDD<[K, [V[], W[]]]> {
    this.#requireRdds('cogroup', other);
    const node: RddNode<Cogrouped<K>> = new CogroupNode<K>(
      [this.node, other.node],
      this.#partitioner('cogroup', partitions, other),
      this.#at('cogroup'),
    );
    return this.#make(node as unknown as RddNode<[K, [V[], W[]]]>);
  }

  /** As `cogroup` with any number of others. */
  groupWith<K, V, W extends unknown[]>(
    this: RDD<Pair<K, V>>,
    ...others: { [I in keyof W]: RDD<Pair<K, W[I]>> }
  ): RDD<[K, [V[], ...{ [I in keyof W]: W[I][] }]]> {
    this.#requireRdds('groupWith', ...others);
    const all: RDD<Pair<K, unknown>>[] = [this, ...(others as RDD<Pair<K, unknown>>[])];
    const nodes = all.map((rdd) => rdd.node);
    const node = new CogroupNode<K>(nodes, partitionerFor(undefined, nodes, 'groupWith'), this.#at('groupWith'));
    return this.#make(node as unknown as RddNode<[K, [V[], ...{ [I in keyof W]: W[I][] }]]>);
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

  /** The pairs whose key the other does not have. */
  subtractByKey<K, V>(this: RDD<Pair<K, V>>, other: RDD<Pair<K, unknown>>, partitions?: Partitioning): RDD<[K, V]> {
    this.#requireRdds('subtractByKey', other);
    const partitioner = this.#partitioner('subtractByKey', partitions);
    return this.#make(new SubtractByKeyNode(this.node, other.node, partitioner, this.#at('subtractByKey')));
  }

  /** What this RDD is made from, one line for each step. */
  toDebugString(): string {
    return lineageOf(this.node, this.#name);
  }

  /**
   * The records as a DataFrame of the current session: for structured steps on a batch. Records are rows by position or by
   * name. The schema is Spark's DDL, or inferred from the records when it is left out.
   *
   * @example
   * words.foreachRDD(async (rdd) => {
   *   const frame = await rdd.toDF('word STRING, n INT');
   *   await frame.where('n > 1').show();
   * })
   */
  async toDF(schema?: string | StructType | readonly string[]): Promise<DataFrame> {
    return frameOf(await this.collect(), schema);
  }

  /** All elements, in order. */
  async collect(): Promise<T[]> {
    return await this.#run(collect(this.node));
  }

  /** How many elements there are. */
  async count(): Promise<number> {
    return await this.#run(count(this.node));
  }

  /** How many elements there are, or about how many when the time is up before all partitions are counted. */
  async countApprox(timeout: Duration, _confidence = 0.95): Promise<number> {
    return await this.#run(countApprox(this.node, timeout, this.sparkContext.clock, this.#at('countApprox')));
  }

  /** About how many different elements there are, within `relativeSD` of it in two of three cases. */
  async countApproxDistinct(relativeSD = 0.05): Promise<number> {
    return await this.#run(countApproxDistinct(this.node, relativeSD, this.#at('countApproxDistinct')));
  }

  /** The first `n` elements. */
  async take(n: number): Promise<T[]> {
    return await this.#run(take(this.node, n));
  }

  /** Calls `f` for each element, in order. */
  async foreach(f: (value: T) => void): Promise<void> {
    requireFunction(this.#at('foreach'), 'f', f);
    await this.#run(foreach(this.node, f, this.#at('foreach')));
  }

  /** Calls `f` with an iterator over each partition, one after the other; `f` may be async. */
  async foreachPartition(f: (values: IterableIterator<T>) => unknown): Promise<void> {
    requireFunction(this.#at('foreachPartition'), 'f', f);
    await this.#run(foreachPartition(this.node, f, this.#at('foreachPartition')));
  }

  /** The first element; refused when there is none. */
  async first(): Promise<T> {
    return await this.#run(first(this.node, this.#at('first')));
  }

  async isEmpty(): Promise<boolean> {
    return (await this.take(1)).length === 0;
  }

  /** The `n` largest elements, largest first, by their natural order or that of `keyOf`. */
  async top(n: number, keyOf?: (value: T) => unknown): Promise<T[]> {
    requireFunctionOrNone(this.#at('top'), 'keyOf', keyOf);
    return await this.#run(takeOrdered(this.node, n, keyOf, -1, this.#at('top')));
  }

  /** The `n` smallest elements, smallest first, by their natural order or that of `keyOf`. */
  async takeOrdered(n: number, keyOf?: (value: T) => unknown): Promise<T[]> {
    requireFunctionOrNone(this.#at('takeOrdered'), 'keyOf', keyOf);
    return await this.#run(takeOrdered(this.node, n, keyOf, 1, this.#at('takeOrdered')));
  }

  /** The largest element, by natural order or that of `keyOf`; refused when there is none. */
  async max(keyOf?: (value: T) => unknown): Promise<T> {
    requireFunctionOrNone(this.#at('max'), 'keyOf', keyOf);
    return await this.#run(extreme(this.node, keyOf, -1, this.#at('max')));
  }

  /** The smallest element, by natural order or that of `keyOf`; refused when there is none. */
  async min(keyOf?: (value: T) => unknown): Promise<T> {
    requireFunctionOrNone(this.#at('min'), 'keyOf', keyOf);
    return await this.#run(extreme(this.node, keyOf, 1, this.#at('min')));
  }

  /** All elements merged from left to right by an associative function; refused when there is none. */
  async reduce(combine: (a: T, b: T) => T): Promise<T> {
    requireFunction(this.#at('reduce'), 'combine', combine);
    return await this.#run(reduce(this.node, combine, this.#at('reduce')));
  }

  /** As `aggregate` with one function for both. */
  async fold(zero: T, combine: (a: T, b: T) => T): Promise<T> {
    requireFunction(this.#at('fold'), 'combine', combine);
    return await this.#run(aggregate(this.node, zero, combine, combine, this.#at('fold')));
  }

  /** Each partition folded from a copy of `zero`, and the results, in order, from one more. */
  async aggregate<C>(
    zero: C,
    mergeValue: (combined: C, value: T) => C,
    mergeCombiners: (first: C, second: C) => C,
  ): Promise<C> {
    requireFunction(this.#at('aggregate'), 'mergeValue', mergeValue);
    requireFunction(this.#at('aggregate'), 'mergeCombiners', mergeCombiners);
    return await this.#run(aggregate(this.node, zero, mergeValue, mergeCombiners, this.#at('aggregate')));
  }

  /** The same as `reduce`: one process needs no tree. */
  async treeReduce(combine: (a: T, b: T) => T): Promise<T> {
    return await this.reduce(combine);
  }

  /** The same as `aggregate`: one process needs no tree. */
  async treeAggregate<C>(
    zero: C,
    mergeValue: (combined: C, value: T) => C,
    mergeCombiners: (first: C, second: C) => C,
  ): Promise<C> {
    return await this.aggregate(zero, mergeValue, mergeCombiners);
  }

  /** `n` elements at random, in random order. */
  async takeSample(withReplacement: boolean, n: number, seed = this.#seed()): Promise<T[]> {
    return await this.#run(takeSample(this.node, withReplacement, n, seed, this.#at('takeSample')));
  }

  /** The elements, computed one partition at a time as they are asked for. */
  async *toLocalIterator(): AsyncGenerator<T, void, undefined> {
    for (let partition = 0; partition < this.node.partitions; partition++) {
      yield* await this.#run(collectPartition(this.node, partition));
    }
  }

  /** `[bounds, counts]` of numbers; buckets are half open and the last one closed. */
  async histogram(
    this: RDD<number>,
    buckets: number | readonly number[],
  ): Promise<[bounds: number[], counts: number[]]> {
    return await this.#run(histogram(this.node, buckets, this.#at('histogram')));
  }

  /** 0 without elements. */
  async sum(this: RDD<number>): Promise<number> {
    return (await this.#run(stats(this.node, this.#at('sum')))).sum;
  }

  /** NaN without elements. */
  async mean(this: RDD<number>): Promise<number> {
    return (await this.#run(stats(this.node, this.#at('mean')))).mean;
  }

  /** Count, sum, mean, extremes and spread. */
  async stats(this: RDD<number>): Promise<Stats> {
    return await this.#run(stats(this.node, this.#at('stats')));
  }

  async variance(this: RDD<number>): Promise<number> {
    return (await this.#run(stats(this.node, this.#at('variance')))).variance;
  }

  async stdev(this: RDD<number>): Promise<number> {
    return (await this.#run(stats(this.node, this.#at('stdev')))).stdev;
  }

  /** How often each value occurs: a map by value, in order of first appearance. */
  async countByValue(): Promise<KeyMap<T, number>> {
    return await this.#run(countByValue(this.node));
  }

  /** How many pairs each key has: a map by value, in order of first appearance. */
  async countByKey<K>(this: RDD<Pair<K, unknown>>): Promise<KeyMap<K, number>> {
    return await this.#run(countByKey(this.node, this.#at('countByKey')));
  }

  /** The pairs as a map by value; of several pairs with one key the last counts. */
  async collectAsMap<K, V>(this: RDD<Pair<K, V>>): Promise<KeyMap<K, V>> {
    return await this.#run(collectAsMap(this.node, this.#at('collectAsMap')));
  }

  /** `reduceByKey` as an action: a map by value. */
  async reduceByKeyLocally<K, V>(
    this: RDD<Pair<K, V>>,
    combine: (a: Merged<V>, b: Merged<V>) => Merged<V>,
  ): Promise<KeyMap<K, Merged<V>>> {
    return await this.reduceByKey(combine, 1).collectAsMap();
  }

  /** The values of one key, in order. */
  async lookup<K, V>(this: RDD<Pair<K, V>>, key: K): Promise<V[]> {
    return await this.#run(lookup(this.node, key, this.#at('lookup')));
  }

  /** Writes a new folder with one text file for each partition and an empty `_SUCCESS`; all of it becomes visible at once. */
  async saveAsTextFile(folder: string): Promise<void> {
    requireText(this.#at('saveAsTextFile'), 'folder', folder, 'the path of a folder');
    await this.#run(saveAsTextFile(this.node, folder));
  }

  /** As `saveAsTextFile`, with elements that `SparkContext.objectFile` gives back as they were. */
  async saveAsObjectFile(folder: string): Promise<void> {
    requireText(this.#at('saveAsObjectFile'), 'folder', folder, 'the path of a folder');
    await this.#run(saveAsObjectFile(this.node, folder));
  }

  #make<U>(node: RddNode<U>): RDD<U> {
    return new RDD(node, this.context);
  }

  #at(method: string): string {
    return this.context.operator === undefined ? method : `${this.context.operator}/${method}`;
  }

  #seed(): number {
    return this.context.batchTime ?? Math.floor(Math.random() * 4_294_967_296);
  }

  #partitioner(method: string, asked: Partitioning | undefined, ...others: RDD<unknown>[]): Partitioner {
    return partitionerFor(asked, [this.node, ...others.map((other) => other.node)], this.#at(method));
  }

  /** Refuses what is no RDD when the step is described. */
  #requireRdds(method: string, ...others: unknown[]): void {
    const wrong = others.findIndex((other) => !(other instanceof RDD));
    if (wrong !== -1) refuse(this.#at(method), 'an RDD', others[wrong], 'an RDD');
  }

  #join<K, V, W>(
    other: RDD<Pair<K, W>>,
    keep: JoinSides,
    partitions: Partitioning | undefined,
  ): RDD<[K, [V | null, W | null]]> {
    const left = this.node as unknown as RddNode<Pair<K, V>>;
    const method = joinKind(keep);
    this.#requireRdds(method, other);
    return this.#make(
      new JoinNode(left, other.node, keep, this.#partitioner('saveAsTextFile', partitions, other), this.#at(method)),
    );
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
