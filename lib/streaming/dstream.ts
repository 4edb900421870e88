import type { Partitioner } from '../kernel/partitioner.ts';
import { type Duration, durationMs, type Time } from '../kernel/time.ts';
import { raise } from '../kernel/errors.ts';
import { host } from '../io/host.ts';
import type { KafkaSinkOptions } from '../io/kafka-sink-options.ts';
import { createSink } from '../io/registry.ts';
import { elementText } from '../rdd/element-text.ts';
import { objectLine } from '../rdd/object-line.ts';
import { requirePartitions } from '../rdd/operators/coalesce.ts';
import { CogroupNode } from '../rdd/operators/cogroup.ts';
import { CombineByKeyNode } from '../rdd/operators/combine-by-key.ts';
import { CountOccurrencesNode, CountTables } from '../rdd/operators/count-occurrences.ts';
import { kindOf } from '../rdd/function-failure.ts';
import { LastingKeys } from '../rdd/key-dictionary.ts';
import { FilterNode } from '../rdd/operators/filter.ts';
import { FlatMapNode } from '../rdd/operators/flat-map.ts';
import { GlomNode } from '../rdd/operators/glom.ts';
import { groupByKey } from '../rdd/operators/group-by-key.ts';
import { JoinNode, joinKind, type JoinSides } from '../rdd/operators/join.ts';
import {
  type AsyncFunction,
  MapAsyncNode,
  type MapAsyncOptions,
  mapAsyncSettings,
} from '../rdd/operators/map-async.ts';
import { MapPartitionsNode } from '../rdd/operators/map-partitions.ts';
import { FlatMapValuesNode, MapValuesNode } from '../rdd/operators/map-values.ts';
import { MapNode } from '../rdd/operators/map.ts';
import { ParallelCollectionNode } from '../rdd/operators/parallelize.ts';
import { partitionBy } from '../rdd/operators/partition-by.ts';
import { reduceByKey } from '../rdd/operators/reduce-by-key.ts';
import { repartition } from '../rdd/operators/repartition.ts';
import { UnionNode } from '../rdd/operators/union.ts';
import type { Mapped, Merged, Pair } from '../rdd/pair.ts';
import { type Partitioning, requirePartitioning } from '../rdd/partitioning.ts';
import { RDD } from '../rdd/rdd.ts';
import type { RddNode } from '../rdd/rdd-node.ts';
import { fields } from '../rdd/texts/fields.ts';
import { splitWords } from '../rdd/texts/split-words.ts';
import type { TextElement } from '../rdd/texts/text-element.ts';
import { pairList, requireElementFunction, requireFunction, requireOptions, requireTime } from './arguments.ts';
import { combineStreams, overRdds } from './combine-streams.ts';
import type { DStreamNode } from './dstream-node.ts';
import type { Combine } from './operators/combined.ts';
import { CountRdd } from './operators/count.ts';
import { MapWithStateNode, StateSnapshotsNode } from './operators/map-with-state.ts';
import { InverseWindowNode } from './operators/reduce-by-key-and-window-inverse.ts';
import { ReduceRdd } from './operators/reduce.ts';
import { type RddOperator, RddOperatorNode } from './operators/rdd-operator.ts';
import { type KeyedUpdate, type StateFunction, UpdateStateByKeyNode } from './operators/update-state-by-key.ts';
import { WindowNode } from './operators/window.ts';
import type { BatchAttempt, OutputContext } from './output-operation.ts';
import { dateText, printBatch } from './outputs/print.ts';
import { batchFolder, saveBatchAsText } from './outputs/save-as-text-files.ts';
import { writeBatch } from './outputs/write-batch.ts';
import { StateSpec } from './state-spec.ts';
import type { Step } from './step.ts';
import type { StreamingContext } from './streaming-context.ts';
import { timesBetween, windowOf } from './window-length.ts';

export interface StateOptions<K, S> {
  readonly numPartitions?: number;
  readonly partitioner?: Partitioner;
  /** The state before the first batch: pairs, or an RDD of pairs. */
  readonly initialState?: Iterable<Pair<K, S>> | RDD<Pair<K, S>>;
  /** Call the function for, and give, only the keys that have values in the batch. Untouched keys keep their state and cost nothing. */
  readonly touchedOnly?: boolean;
}

/** Two batch times, both included. */
export interface Interval {
  readonly beginTime: Time;
  readonly endTime: Time;
}

export interface InverseWindowOptions<K, V> {
  readonly numPartitions?: number;
  /** Keys it says no to leave the result and the state. */
  readonly filter?: (pair: [K, V]) => unknown;
}

/**
 * A sequence of RDDs, one for each batch. Transformations describe a new stream and run nothing; output operations (`print`,
 * `foreachRDD`, ...) are what makes batches run.
 *
 * Functions on elements are synchronous; those of `transform` and `foreachRDD` may be async. A pair is a two-element array, and keys
 * are equal by value. Names and arguments are Spark's.
 */
export class DStream<T> {
  readonly context: StreamingContext;
  /** The stream in the graph. For the engine. */
  readonly node: DStreamNode<T>;

  constructor(context: StreamingContext, node: DStreamNode<T>) {
    this.context = context;
    this.node = node;
  }

  /** The time between two batches of this stream. */
  get slideDuration(): number {
    return this.node.slideMs;
  }

  /** Gives this step a name of its own: its state is found by it in a checkpoint, however the program around it changes. */
  name(name: string): this {
    this.context.graph.ids.name(this.node.step, name);
    return this;
  }

  /** One element for each element. */
  map<U extends Mapped>(f: (value: T) => U): DStream<U> {
    requireElementFunction('map', 'f', f);
    return this.#rddwise('map', (rdd, operator) => new MapNode(rdd, f, operator));
  }

  /** Any number of elements for each element. */
  flatMap<U extends Mapped>(f: (value: T) => Iterable<U>): DStream<U> {
    requireElementFunction('flatMap', 'f', f);
    return this.#rddwise('flat-map', (rdd, operator) => new FlatMapNode(rdd, f, operator));
  }

  /** The elements for which `keep` says yes. */
  filter<S extends T>(keep: (value: T) => value is S): DStream<S>;
  filter(keep: (value: T) => unknown): DStream<T>;
  filter(keep: (value: T) => unknown): DStream<T> {
    requireElementFunction('filter', 'keep', keep);
    return this.#rddwise('filter', (rdd, operator) => new FilterNode(rdd, keep, operator));
  }

  /**
   * A function over each whole partition, given as an iterator; empty partitions too. A partition is held in memory. With
   * `preservesPartitioning` the function promises to leave the keys of pairs alone.
   */
  mapPartitions<U extends Mapped>(
    f: (values: IterableIterator<T>) => Iterable<U>,
    preservesPartitioning = false,
  ): DStream<U> {
    requireElementFunction('mapPartitions', 'f', f);
    return this.#rddwise(
      'map-partitions',
      (rdd, operator) =>
        new MapPartitionsNode<T, U>(rdd, (values) => f(values), operator, 'mapPartitions', preservesPartitioning),
    );
  }

  /** As `mapPartitions`; the function is given the number of the partition first. */
  mapPartitionsWithIndex<U extends Mapped>(
    f: (partition: number, values: IterableIterator<T>) => Iterable<U>,
  ): DStream<U> {
    requireElementFunction('mapPartitionsWithIndex', 'f', f);
    return this.#rddwise(
      'map-partitions-with-index',
      (rdd, operator) => new MapPartitionsNode<T, U>(rdd, (values, partition) => f(partition, values), operator),
    );
  }

  /**
   * One element for each element by a function that may wait: a request to a service, a look into a database. Up to `concurrency` calls of
   * a partition are under way at a time, results keep their order, and a failed call is made again as often as `retries` says.
   */
  mapAsync<U extends Mapped>(f: AsyncFunction<T, U>, options: MapAsyncOptions = {}): DStream<U> {
    requireFunction('mapAsync', 'f', f);
    const settings = mapAsyncSettings(options, this.context.clock);
    return this.#rddwise('map-async', (rdd, operator) => new MapAsyncNode<T, U>(rdd, f, settings, operator));
  }

  /** The words of each text, or of the `value` of each record: what stands between blanks. The same as `flatMap(splitWords())`. */
  splitWords(this: DStream<TextElement>): DStream<string> {
    return this.#rddwise('split-words', (rdd, operator) => new FlatMapNode(rdd, splitWords(), operator, 'splitWords'));
  }

  /**
   * The fields of each line, or of the `value` of each record: all of them, the one at a position, or those at several. The same as
   * `map(fields(separator, ...positions))`.
   */
  fields(this: DStream<TextElement>, separator: string): DStream<string[]>;
  fields(this: DStream<TextElement>, separator: string, position: number): DStream<string | null>;
  fields(
    this: DStream<TextElement>,
    separator: string,
    key: number,
    value: number,
  ): DStream<[string | null, string | null]>;
  fields(this: DStream<TextElement>, separator: string, ...positions: readonly number[]): DStream<(string | null)[]>;
  fields(this: DStream<TextElement>, separator: string, ...positions: readonly number[]): DStream<unknown> {
    const f = fields(separator, ...positions);
    return this.#rddwise('fields', (rdd, operator) => new MapNode<TextElement, unknown>(rdd, f, operator, 'fields'));
  }

  /** Each partition as one array. */
  glom(): DStream<T[]> {
    return this.#rddwise('glom', (rdd) => new GlomNode(rdd));
  }

  /** The same elements dealt out evenly over `numPartitions` partitions. */
  repartition(numPartitions: number): DStream<T> {
    requirePartitions('repartition', numPartitions);
    return this.#combined('repartition', [this], ([rdd]) => repartition(rdd as RddNode<T>, numPartitions));
  }

  /** The elements of this stream, then those of the other. Both slide alike. */
  union(other: DStream<T>): DStream<T> {
    return this.#combined('union', [this, other], (rdds) => new UnionNode(rdds as readonly RddNode<T>[]));
  }

  /** How many elements each batch has: always one number. */
  count(): DStream<number> {
    return this.#combined('count', [this], ([rdd]) => new CountRdd(rdd as RddNode<T>));
  }

  /** How often each element occurs in the batch. */
  countByValue(numPartitions?: number): DStream<[T, number]> {
    const partitioner = this.#partitioner('countByValue', numPartitions);
    const tables = new CountTables();
    const keys = new LastingKeys<T>();
    return this.#rddwise('count-by-value', (rdd, operator) =>
      reduceByKey(new CountOccurrencesNode(rdd, tables), add, partitioner, operator, keys),
    );
  }

  /** The elements of a batch merged into one by an associative function; nothing for an empty batch. */
  reduce(combine: (a: Merged<T>, b: Merged<T>) => Merged<T>): DStream<Merged<T>> {
    requireElementFunction('reduce', 'combine', combine);
    return this.#merged().#rddwise('reduce', (rdd, operator) => new ReduceRdd(rdd, combine, operator));
  }

  /** What a function makes of the RDD of each batch. It may be async, and must return an RDD. */
  transform<U>(f: (rdd: RDD<T>, time: Time) => RDD<U> | Promise<RDD<U>>): DStream<U> {
    requireFunction('transform', 'f', f);
    const { sparkContext } = this.context;
    return this.#combined(
      'transform',
      [this],
      overRdds('transform', sparkContext, ([rdd], time) => f(rdd as RDD<T>, time)),
    );
  }

  /** As `transform`, over the RDDs of two streams. */
  transformWith<W, U>(
    other: DStream<W>,
    f: (rdd: RDD<T>, other: RDD<W>, time: Time) => RDD<U> | Promise<RDD<U>>,
  ): DStream<U> {
    requireFunction('transformWith', 'f', f);
    const { sparkContext } = this.context;
    return this.#combined(
      'transform-with',
      [this, other],
      overRdds('transformWith', sparkContext, ([mine, theirs], time) => f(mine as RDD<T>, theirs as RDD<W>, time)),
    );
  }

  /** At every `slide` (one batch unless given), the batches of the last `window` together, oldest first. */
  window(window: Duration, slide?: Duration): DStream<T> {
    const { lengthMs, slideMs } = windowOf(this.node.slideMs, window, slide);
    return this.#derive('window', (step) => new WindowNode(step, this.node, lengthMs, slideMs));
  }

  /** The elements of a window merged into one; with `inverse`, carried along from window to window. */
  reduceByWindow(
    combine: (a: Merged<T>, b: Merged<T>) => Merged<T>,
    window: Duration,
    slide?: Duration,
  ): DStream<Merged<T>>;
  reduceByWindow(
    combine: (a: Merged<T>, b: Merged<T>) => Merged<T>,
    inverse: ((a: Merged<T>, b: Merged<T>) => Merged<T>) | null,
    window: Duration,
    slide?: Duration,
  ): DStream<Merged<T>>;
  reduceByWindow(
    combine: (a: Merged<T>, b: Merged<T>) => Merged<T>,
    inverseOrWindow: ((a: Merged<T>, b: Merged<T>) => Merged<T>) | null | Duration,
    windowOrSlide?: Duration,
    maybeSlide?: Duration,
  ): DStream<Merged<T>> {
    requireElementFunction('reduceByWindow', 'combine', combine);
    const hasInverse = isInversePlace(inverseOrWindow);
    const inverse = hasInverse ? (inverseOrWindow ?? undefined) : undefined;
    if (inverse !== undefined) requireElementFunction('reduceByWindow', 'inverse', inverse);
    const [window, slide] = hasInverse ? [windowOrSlide, maybeSlide] : [inverseOrWindow, windowOrSlide];
    return this.#derive('reduce-by-window', (step) =>
      this.#merged().#windowTotal(step, combine, inverse, window, slide),
    );
  }

  /** How many elements a window has: nothing until the first element ever, then always one number. */
  countByWindow(window: Duration, slide?: Duration): DStream<number> {
    return this.#derive('count-by-window', (step) => {
      const counted = new RddOperatorNode<T, number>(step, this.node, (rdd) => new CountRdd(rdd), 'count');
      // A batch of no elements adds nothing: before the first element there is no value to carry.
      const some = new RddOperatorNode<number, number>(step, counted, (rdd) => new FilterNode(rdd, isPositive), 'some');
      return new DStream<number>(this.context, some).#windowTotal(step, add, subtract, window, slide);
    });
  }

  /** How often each element occurs in a window. */
  countByValueAndWindow(window: Duration, slide?: Duration, numPartitions?: number): DStream<[T, number]> {
    return this.#derive('count-by-value-and-window', (step) => {
      const tables = new CountTables();
      const ones = new RddOperatorNode<T, [T, number]>(
        step,
        this.node,
        (rdd) => new CountOccurrencesNode(rdd, tables),
        'ones',
      );
      const options = {
        partitioner: this.#partitioner('countByValueAndWindow', numPartitions),
        filter: ([, count]: [T, number]) => count !== 0,
      };
      return inverseWindow(step, ones, add, subtract, window, slide, options);
    });
  }

  /**
   * The batches with times from `from` to `to`, both included; those without an RDD are left out. After `start`. Also as
   * `slice({ beginTime, endTime })`.
   */
  async slice(from: Time | Interval, to?: Time): Promise<RDD<T>[]> {
    const [first, last] = typeof from === 'object' && from !== null ? [from.beginTime, from.endTime] : [from, to];
    requireTime('slice', 'from', first);
    requireTime('slice', 'to', last);
    const graph = this.context.run?.graph;
    if (graph === undefined) raise('STREAM_NOT_STARTED', { what: 'slice' });
    const { slideMs } = this.node;
    const floor = (time: Time): Time => Math.floor((time - graph.zeroTime) / slideMs) * slideMs + graph.zeroTime;
    const rdds: RDD<T>[] = [];
    for (const time of timesBetween(floor(first) - slideMs, floor(last), slideMs, graph.zeroTime)) {
      const node = await graph.lookUp(this.node, time);
      if (node !== undefined) rdds.push(this.#facade(node, time));
    }
    return rdds;
  }

  /** Keeps the elements of each batch from their first use, as long as the stream is remembered. */
  persist(): this {
    this.context.graph.cache(this.node);
    return this;
  }

  /** The same as `persist`. */
  cache(): this {
    return this.persist();
  }

  /**
   * Accepted as in Spark and checked the same way. State is durable with every batch here, whatever the interval; it matters only to
   * timeouts of `mapWithState` in compatible mode.
   */
  checkpoint(interval: Duration): this {
    this.context.graph.checkpoint(this.node, durationMs(interval));
    return this;
  }

  // Pairs

  /** A new value for each pair; the key stays. */
  mapValues<K, V, U extends Mapped>(this: DStream<Pair<K, V>>, f: (value: V) => U): DStream<[K, U]> {
    requireElementFunction('mapValues', 'f', f);
    return this.#rddwise('map-values', (rdd, operator) => new MapValuesNode(rdd, f, operator));
  }

  /** Any number of values for each pair; a key without any vanishes. */
  flatMapValues<K, V, U extends Mapped>(this: DStream<Pair<K, V>>, f: (value: V) => Iterable<U>): DStream<[K, U]> {
    requireElementFunction('flatMapValues', 'f', f);
    return this.#rddwise('flat-map-values', (rdd, operator) => new FlatMapValuesNode(rdd, f, operator));
  }

  /** The values of each key of a batch merged by an associative function. */
  reduceByKey<K, V>(
    this: DStream<Pair<K, V>>,
    combine: (a: Merged<V>, b: Merged<V>) => Merged<V>,
    partitions?: Partitioning,
  ): DStream<[K, Merged<V>]>;
  reduceByKey<K, V>(this: DStream<Pair<K, V>>, combine: (a: V, b: V) => V, partitions?: Partitioning): DStream<[K, V]> {
    requireElementFunction('reduceByKey', 'combine', combine);
    const partitioner = this.#partitioner('reduceByKey', partitions);
    const keys = new LastingKeys<K>();
    return this.#rddwise('reduce-by-key', (rdd, operator) => reduceByKey(rdd, combine, partitioner, operator, keys));
  }

  /** All values of each key of a batch as one array, in order of arrival. */
  groupByKey<K, V>(this: DStream<Pair<K, V>>, partitions?: Partitioning): DStream<[K, V[]]> {
    const partitioner = this.#partitioner('groupByKey', partitions);
    return this.#rddwise('group-by-key', (rdd, operator) => groupByKey(rdd, partitioner, operator));
  }

  /** The values of each key combined: `create` and `mergeValue` within a partition, `mergeCombiners` across them. */
  combineByKey<K, V, C extends Mapped>(
    this: DStream<Pair<K, V>>,
    create: (value: V) => C,
    mergeValue: (combined: C, value: V) => C,
    mergeCombiners: (first: C, second: C) => C,
    partitions?: Partitioning,
    options: { readonly mapSideCombine?: boolean } = {},
  ): DStream<[K, C]> {
    requireElementFunction('combineByKey', 'create', create);
    requireElementFunction('combineByKey', 'mergeValue', mergeValue);
    requireElementFunction('combineByKey', 'mergeCombiners', mergeCombiners);
    requireOptions('combineByKey', options, ['mapSideCombine']);
    const partitioner = this.#partitioner('combineByKey', partitions);
    const aggregator =
      options.mapSideCombine === false ? { create, mergeValue } : { create, mergeValue, mergeCombiners };
    const keys = new LastingKeys<K>();
    return this.#rddwise(
      'combine-by-key',
      (rdd, operator) => new CombineByKeyNode<K, V, C>(rdd, aggregator, partitioner, operator, 'combineByKey', keys),
    );
  }

  /** Each pair moved to the partition of its key. */
  partitionBy<K, V>(this: DStream<Pair<K, V>>, partitions: Partitioning): DStream<[K, V]> {
    const partitioner = this.#partitioner('partitionBy', partitions);
    return this.#rddwise('partition-by', (rdd, operator) => partitionBy(rdd, partitioner, operator) as RddNode<[K, V]>);
  }

  /** `[key, [values here, values there]]` for every key of either stream. */
  cogroup<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    partitions?: Partitioning,
  ): DStream<[K, [V[], W[]]]> {
    const partitioner = this.#partitioner('cogroup', partitions);
    const combine: Combine<[K, [V[], W[]]]> = (rdds, _time, operator) => {
      const node = new CogroupNode<K>(rdds as readonly RddNode<Pair<K, unknown>>[], partitioner, operator);
      return node as unknown as RddNode<[K, [V[], W[]]]>;
    };
    return this.#combined('cogroup', [this, other], combine, partitioner);
  }

  /** Every value here with every value there, for keys that both streams have in the batch. */
  join<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    partitions?: Partitioning,
  ): DStream<[K, [V, W]]> {
    return this.#join<K, [V, W]>(other, { left: false, right: false }, partitions);
  }

  /** As `join`; a value here whose key the other stream lacks comes with `null`. */
  leftOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    partitions?: Partitioning,
  ): DStream<[K, [V, W | null]]> {
    return this.#join<K, [V, W | null]>(other, { left: true, right: false }, partitions);
  }

  /** As `join`; a value there whose key this stream lacks comes with `null`. */
  rightOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    partitions?: Partitioning,
  ): DStream<[K, [V | null, W]]> {
    return this.#join<K, [V | null, W]>(other, { left: false, right: true }, partitions);
  }

  /** As `join`; keys of one stream only come with `null` for the other. */
  fullOuterJoin<K, V, W>(
    this: DStream<Pair<K, V>>,
    other: DStream<Pair<K, W>>,
    partitions?: Partitioning,
  ): DStream<[K, [V | null, W | null]]> {
    return this.#join<K, [V | null, W | null]>(other, { left: true, right: true }, partitions);
  }

  /** All values of each key in a window as one array. */
  groupByKeyAndWindow<K, V>(
    this: DStream<Pair<K, V>>,
    window: Duration,
    slide?: Duration,
    partitions?: Partitioning,
  ): DStream<[K, V[]]> {
    const { lengthMs, slideMs } = windowOf(this.node.slideMs, window, slide);
    const partitioner = this.#partitioner('groupByKeyAndWindow', partitions);
    return this.#derive('group-by-key-and-window', (step) => {
      const windowed = new WindowNode(step, this.node, lengthMs, slideMs, 'window');
      return new RddOperatorNode(step, windowed, (rdd, operator) => groupByKey(rdd, partitioner, operator));
    });
  }

  /**
   * The reduced value of each key in a window. With `inverse` (which takes a value out again) it is carried along from window to window:
   * only keys of entering and leaving batches are touched, and keys stay until `filter` says no to them.
   */
  reduceByKeyAndWindow<K, V>(
    this: DStream<Pair<K, V>>,
    combine: (a: Merged<V>, b: Merged<V>) => Merged<V>,
    window: Duration,
    slide?: Duration,
    partitions?: Partitioning,
  ): DStream<[K, Merged<V>]>;
  reduceByKeyAndWindow<K, V>(
    this: DStream<Pair<K, V>>,
    combine: (a: Merged<V>, b: Merged<V>) => Merged<V>,
    inverse: ((a: Merged<V>, b: Merged<V>) => Merged<V>) | null,
    window: Duration,
    slide?: Duration,
    partitions?: Partitioning | InverseWindowOptions<K, Merged<V>>,
    filter?: (pair: [K, Merged<V>]) => unknown,
  ): DStream<[K, Merged<V>]>;
  reduceByKeyAndWindow<K, V>(
    this: DStream<Pair<K, V>>,
    combine: (a: V, b: V) => V,
    inverseOrWindow: ((a: V, b: V) => V) | null | Duration,
    windowOrSlide?: Duration,
    slideOrPartitions?: Duration | Partitioning,
    partitions?: Partitioning | InverseWindowOptions<K, V>,
    filter?: (pair: [K, V]) => unknown,
  ): DStream<[K, V]> {
    requireElementFunction('reduceByKeyAndWindow', 'combine', combine);
    const step = (make: (step: Step) => DStreamNode<[K, V]>): DStream<[K, V]> =>
      this.#derive('reduce-by-key-and-window', make);
    if (!isInversePlace(inverseOrWindow)) {
      const partitioner = this.#partitioner('reduceByKeyAndWindow', slideOrPartitions as Partitioning | undefined);
      return step((made) => plainWindow(made, this.node, combine, inverseOrWindow, windowOrSlide, partitioner));
    }
    const options = this.#inverseOptions(partitions, filter);
    const slide = slideOrPartitions as Duration | undefined;
    if (inverseOrWindow === null || inverseOrWindow === undefined) {
      return step((made) =>
        plainWindow(made, this.node, combine, windowOrSlide, slide, options.partitioner, options.filter),
      );
    }
    requireElementFunction('reduceByKeyAndWindow', 'inverse', inverseOrWindow);
    return step((made) => inverseWindow(made, this.node, combine, inverseOrWindow, windowOrSlide, slide, options));
  }

  /**
   * One state for each key, carried from batch to batch: the function is given the values of the key in the batch and its state (`null`
   * for a new key) and returns the next state; `null` or `undefined` removes the key. It is called for every known key in every batch.
   */
  updateStateByKey<K, V, S>(
    this: DStream<Pair<K, V>>,
    next: (values: readonly V[], state: S | null) => S | null | undefined,
    options: StateOptions<K, S> | Partitioning = {},
  ): DStream<[K, S]> {
    requireElementFunction('updateStateByKey', 'next', next);
    return this.#stateful({ kind: 'key', next: (_time, _key, values, state) => next(values, state) }, options);
  }

  /** As `updateStateByKey`; the function is also given the batch time and the key. */
  updateStateByKeyWithTime<K, V, S>(
    this: DStream<Pair<K, V>>,
    next: (time: Time, key: K, values: readonly V[], state: S | null) => S | null | undefined,
    options: StateOptions<K, S> | Partitioning = {},
  ): DStream<[K, S]> {
    requireElementFunction('updateStateByKeyWithTime', 'next', next);
    return this.#stateful({ kind: 'key', next }, options);
  }

  /** The states of a whole partition at once: from an iterator of `[key, values, state]` to the pairs that the partition becomes. */
  updateStateByKeyPartition<K, V, S>(
    this: DStream<Pair<K, V>>,
    next: (updates: IterableIterator<KeyedUpdate<K, V, S>>, time: Time) => Iterable<Pair<K, S>>,
    options: StateOptions<K, S> | Partitioning = {},
  ): DStream<[K, S]> {
    requireElementFunction('updateStateByKeyPartition', 'next', next);
    return this.#stateful({ kind: 'partition', next }, options);
  }

  /**
   * One call of a function for each record, with the state of its key; what it returns is the stream. Unlike `updateStateByKey` the work
   * of a batch follows the records in it, not the keys there are.
   */
  mapWithState<K, V, S, U>(this: DStream<Pair<K, V>>, spec: StateSpec<K, V, S, U>): MapWithStateDStream<K, S, U> {
    if (!(spec instanceof StateSpec)) {
      raise('STREAM_ARGUMENT', {
        method: 'mapWithState',
        name: 'spec',
        given: kindOf(spec),
        expected: 'StateSpec.function(f)',
      });
    }
    const { call, emitsNull, initial, timeoutMs, partitioner } = spec.spec;
    const settings = {
      call,
      emitsNull,
      timeoutMs,
      initialState: initial === undefined ? undefined : pairsOf('mapWithState', initial),
      partitioner: this.#partitioner('mapWithState', partitioner),
    };
    const step = this.context.graph.step('map-with-state', [this.node]);
    return new MapWithStateDStream(this.context, new MapWithStateNode(step, this.node, settings));
  }

  // Output operations

  /**
   * Calls a function with the RDD of every batch. It may be async; the batch waits for it. A batch that was in flight when the program
   * died runs again, with the same time and records: the last argument tells it from the first run.
   */
  foreachRDD(f: (rdd: RDD<T>, time: Time, batch: BatchAttempt) => void | Promise<void>): void {
    requireFunction('foreachRDD', 'f', f);
    this.#output('foreach-rdd', 'foreachRDD', async (node, { time, operation, attempt }) => {
      await f(this.#facade(node, time, operation), time, { batchTime: time, attempt });
    });
  }

  /** Writes the first `n` elements of every batch under Spark's banner, to standard output unless the context says otherwise. */
  print(n = 10): void {
    this.#print('print', n, (time) => `${time} ms`);
  }

  /** As `print`, with the time as PySpark writes it: a date. PySpark's is local time, ours is UTC, so that it is the same everywhere. */
  pprint(n = 10): void {
    this.#print('pprint', n, dateText);
  }

  /** Writes every batch as text into a folder of its own, `prefix-<batch time>[.suffix]`, one file a partition. */
  saveAsTextFiles(prefix: string, suffix?: string): void {
    this.#save('saveAsTextFiles', 'save-as-text-files', prefix, suffix, elementText);
  }

  /** As `saveAsTextFiles`, with elements that `SparkContext.objectFile` gives back as they were. */
  saveAsObjectFiles(prefix: string, suffix?: string): void {
    this.#save('saveAsObjectFiles', 'save-as-object-files', prefix, suffix, objectLine);
  }

  /**
   * Writes every batch to a Kafka topic: records `{ key, value, headers, partition }`, or pairs of key and value. The batch waits until
   * every row is acknowledged; a batch that runs again writes again.
   */
  toKafka(topic: string, options: KafkaSinkOptions<T>): void {
    const { context } = this;
    const sink = createSink('kafka', { ...options, topic }, context.connectorContext);
    this.#output(
      'to-kafka',
      'toKafka',
      async (rdd, batch) => {
        await writeBatch<unknown>(rdd, sink, batch);
      },
      async () => {
        await sink.close();
      },
    );
  }

  #print(method: string, n: number, timeText: (time: Time) => string): void {
    if (!Number.isSafeInteger(n) || n < 0) {
      raise('CONFIG_VALUE', { name: 'n', value: String(n), expected: 'a whole number from 0' });
    }
    this.#output(method, method, async (rdd, batch) => {
      await printBatch(rdd, n, batch, timeText(batch.time), async (text) => {
        await this.context.print(text, batch);
      });
    });
  }

  #save(
    method: string,
    kebab: string,
    prefix: string,
    suffix: string | undefined,
    lineOf: (value: unknown) => string,
  ): void {
    if (typeof prefix !== 'string' || prefix === '') {
      raise('STREAM_ARGUMENT', { method, name: 'prefix', given: kindOf(prefix), expected: 'the beginning of a path' });
    }
    this.#output(kebab, method, async (rdd, batch) => {
      await saveBatchAsText(rdd, batchFolder(prefix, suffix, batch.time), host().files, batch, lineOf);
    });
  }

  #derive<U>(method: string, make: (step: Step) => DStreamNode<U>): DStream<U> {
    return new DStream(this.context, make(this.context.graph.step(method, [this.node])));
  }

  /** This stream as one of what its elements are merged into: the same elements under a wider type. */
  #merged(): DStream<Merged<T>> {
    return this as unknown as DStream<Merged<T>>;
  }

  #rddwise<U>(method: string, operator: RddOperator<T, U>): DStream<U> {
    return this.#derive(method, (step) => new RddOperatorNode(step, this.node, operator));
  }

  #combined<U>(
    method: string,
    streams: readonly DStream<never>[] | readonly DStream<unknown>[],
    combine: Combine<U>,
    keyedBy?: Partitioner,
  ): DStream<U> {
    return new DStream(this.context, combineStreams(method, streams as readonly DStream<unknown>[], combine, keyedBy));
  }

  #join<K, VW>(
    other: DStream<never> | DStream<unknown>,
    keep: JoinSides,
    partitions: Partitioning | undefined,
  ): DStream<[K, VW]> {
    const partitioner = this.#partitioner(joinKind(keep), partitions);
    const method = joinKind(keep).replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
    return this.#combined(
      method,
      [this as DStream<unknown>, other as DStream<unknown>],
      ([left, right], _time, operator) => {
        const pairs = [left, right] as unknown as readonly [RddNode<Pair<K, unknown>>, RddNode<Pair<K, unknown>>];
        return new JoinNode(pairs[0], pairs[1], keep, partitioner, operator) as unknown as RddNode<[K, VW]>;
      },
      partitioner,
    );
  }

  #stateful<K, V, S>(
    this: DStream<Pair<K, V>>,
    stateFunction: StateFunction<K, V, S>,
    given: StateOptions<K, S> | Partitioning,
  ): DStream<[K, S]> {
    const options: StateOptions<K, S> =
      typeof given === 'number'
        ? { numPartitions: given }
        : typeof given === 'object' && given !== null && 'partitionOf' in given
          ? { partitioner: given }
          : given;
    requireOptions('updateStateByKey', options, ['numPartitions', 'partitioner', 'initialState', 'touchedOnly']);
    const partitioner = this.#partitioner('updateStateByKey', options.partitioner ?? options.numPartitions);
    const settings = {
      partitioner,
      initialState: options.initialState === undefined ? undefined : pairsOf('updateStateByKey', options.initialState),
      touchedOnly: options.touchedOnly ?? false,
    };
    return this.#derive(
      'update-state-by-key',
      (step) => new UpdateStateByKeyNode(step, this.node, stateFunction, settings),
    );
  }

  /** `reduceByWindow` as nodes of one step. */
  #windowTotal(
    step: Step,
    combine: (a: T, b: T) => T,
    inverse: ((a: T, b: T) => T) | undefined,
    window: Duration | undefined,
    slide: Duration | undefined,
  ): DStreamNode<T> {
    const reduced = new RddOperatorNode<T, T>(
      step,
      this.node,
      (rdd, operator) => new ReduceRdd(rdd, combine, operator),
      'reduced',
    );
    const { lengthMs, slideMs } = windowOf(this.node.slideMs, window ?? Number.NaN, slide);
    if (inverse === undefined || slideMs > lengthMs) {
      const windowed = new WindowNode(step, reduced, lengthMs, slideMs, 'window');
      return new RddOperatorNode<T, T>(step, windowed, (rdd, operator) => new ReduceRdd(rdd, combine, operator));
    }
    const keyed = new RddOperatorNode<T, [null, T]>(
      step,
      reduced,
      (rdd) => new MapNode<T, [null, T]>(rdd, (value) => [null, value]),
      'keyed',
    );
    const carried = new InverseWindowNode<null, T>(
      step,
      keyed,
      { reduce: combine, inverse, lengthMs, slideMs, numPartitions: 1, filter: undefined },
      'carried',
    );
    return new RddOperatorNode<[null, T], T>(step, carried, (rdd) => new MapNode<[null, T], T>(rdd, (pair) => pair[1]));
  }

  #output(
    method: string,
    description: string,
    run: (rdd: RddNode<T>, context: OutputContext) => Promise<void>,
    close?: () => Promise<void>,
  ): void {
    const step = this.context.graph.step(method, [this.node]);
    this.context.graph.addOutput({
      step,
      node: this.node,
      description,
      run,
      ...(close === undefined ? {} : { close }),
    });
  }

  #facade(node: RddNode<T>, time: Time, operator?: string): RDD<T> {
    return new RDD(node, { sparkContext: this.context.sparkContext, operator, batchTime: time });
  }

  #inverseOptions<K, V>(
    given: Partitioning | InverseWindowOptions<K, V> | undefined,
    filter: ((pair: [K, V]) => unknown) | undefined,
  ): InverseWindowSettings<K, V> {
    const method = 'reduceByKeyAndWindow';
    const isOptions = typeof given === 'object' && given !== null && !('partitionOf' in given);
    if (isOptions) requireOptions(method, given, ['numPartitions', 'filter']);
    const settings = {
      partitioner: this.#partitioner(method, isOptions ? given.numPartitions : (given ?? undefined)),
      filter: filter ?? (isOptions ? given.filter : undefined),
    };
    if (settings.filter !== undefined) requireElementFunction(method, 'filter', settings.filter);
    return settings;
  }

  #partitioner(method: string, partitions: Partitioning | undefined): Partitioner {
    return requirePartitioning(partitions ?? this.context.sparkContext.defaultParallelism, method);
  }
}

/** What `mapWithState` gives: the stream of what the function returned, and the state behind it. */
export class MapWithStateDStream<K, S, U> extends DStream<U> {
  /** Every key with its state after each batch. */
  stateSnapshots(): DStream<[K, S]> {
    const step = this.context.graph.step('state-snapshots', [this.node]);
    return new DStream(this.context, new StateSnapshotsNode<K, S, U>(step, this.node));
  }
}

function add(a: number, b: number): number {
  return a + b;
}

function subtract(a: number, b: number): number {
  return a - b;
}

function isPositive(n: number): boolean {
  return n > 0;
}

function pairsOf<K, S>(method: string, state: Iterable<Pair<K, S>> | RDD<Pair<K, S>>): RddNode<Pair<K, S>> {
  return state instanceof RDD ? state.node : new ParallelCollectionNode(pairList(method, 'initialState', state), 1);
}

/** Whether what stands in the place of an inverse function or a window is the former. As in PySpark, null says that there is none. */
function isInversePlace<F>(given: F | null | Duration): given is F | null {
  return typeof given === 'function' || given === null;
}

interface InverseWindowSettings<K, V> {
  readonly partitioner: Partitioner;
  readonly filter: ((pair: [K, V]) => unknown) | undefined;
}

/** `reduceByKeyAndWindow` without an inverse: each batch reduced, the window of those, reduced again. */
function plainWindow<K, V>(
  step: Step,
  parent: DStreamNode<Pair<K, V>>,
  combine: (a: V, b: V) => V,
  window: Duration | undefined,
  slide: Duration | undefined,
  partitioner: Partitioner,
  filter?: (pair: [K, V]) => unknown,
): DStreamNode<[K, V]> {
  const { lengthMs, slideMs } = windowOf(parent.slideMs, window ?? Number.NaN, slide);
  const reduced = reducedBatches(step, parent, combine, partitioner);
  const windowed = new WindowNode<[K, V]>(step, reduced, lengthMs, slideMs, 'window');
  const keys = new LastingKeys<K>();
  return new RddOperatorNode<[K, V], [K, V]>(step, windowed, (rdd, operator) => {
    const whole = reduceByKey(rdd, combine, partitioner, operator, keys);
    return filter === undefined ? whole : new FilterNode(whole, filter, operator);
  });
}

/**
 * `reduceByKeyAndWindow` with an inverse. Where the slide is longer than the window nothing is carried from one to the next, and Spark's
 * incremental form also adds the batches between them: the plain form is right there, and is what runs.
 */
function inverseWindow<K, V>(
  step: Step,
  parent: DStreamNode<Pair<K, V>>,
  reduce: (a: V, b: V) => V,
  inverse: (a: V, b: V) => V,
  window: Duration | undefined,
  slide: Duration | undefined,
  { partitioner, filter }: InverseWindowSettings<K, V>,
): DStreamNode<[K, V]> {
  const { lengthMs, slideMs } = windowOf(parent.slideMs, window ?? Number.NaN, slide);
  if (slideMs > lengthMs) return plainWindow(step, parent, reduce, lengthMs, slideMs, partitioner, filter);
  const reduced = reducedBatches(step, parent, reduce, partitioner);
  const { numPartitions } = partitioner;
  return new InverseWindowNode<K, V>(step, reduced, { reduce, inverse, lengthMs, slideMs, numPartitions, filter });
}

function reducedBatches<K, V>(
  step: Step,
  parent: DStreamNode<Pair<K, V>>,
  combine: (a: V, b: V) => V,
  partitioner: Partitioner,
): DStreamNode<[K, V]> {
  const keys = new LastingKeys<K>();
  return new RddOperatorNode<Pair<K, V>, [K, V]>(
    step,
    parent,
    (rdd, operator) => reduceByKey(rdd, combine, partitioner, operator, keys),
    'reduced',
  );
}
