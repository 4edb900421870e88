import { type Clock, systemClock } from '../kernel/clock.ts';
import { host } from '../io/host.ts';
import { raise } from '../kernel/errors.ts';
import { CollectionAccumulator, NumberAccumulator } from './accumulator.ts';
import { refuse, requireIterable, requireText } from './arguments.ts';
import { Broadcast } from './broadcast.ts';
import { frozen } from './freezing-node.ts';
import { objectOfLine } from './object-line.ts';
import { requirePartitions } from './operators/coalesce.ts';
import { type KafkaRange, KafkaRangeNode, type KafkaRangeOptions } from './operators/kafka-range.ts';
import { MapNode } from './operators/map.ts';
import { ParallelCollectionNode } from './operators/parallelize.ts';
import { PartitionListsNode } from './operators/partition-lists.ts';
import { RangeNode } from './operators/range.ts';
import { TextFileNode } from './operators/text-file.ts';
import { UnionNode } from './operators/union.ts';
import type { RddContext } from './rdd-context.ts';
import { RDD } from './rdd.ts';

export interface SparkContextOptions {
  readonly appName?: string;
  /** Partitions of a list when none are asked for (`spark.default.parallelism`). */
  readonly defaultParallelism?: number;
  /** What timeouts and pauses of `mapAsync` are measured by; real time unless told otherwise. */
  readonly clock?: Clock;
  /** Development mode: elements are frozen, so that a function which changes its input is caught. Costs a walk over each element. */
  readonly freezesRecords?: boolean;
}

/** The contexts whose programs have made accumulators. For the engine. */
const haveAccumulators = new WeakSet<SparkContext>();

/** Whether a program has made accumulators, which functions on elements add to. */
export function hasAccumulators(context: SparkContext): boolean {
  return haveAccumulators.has(context);
}

/**
 * Makes RDDs, shared values and counters. A StreamingContext has one.
 *
 * @example
 * await new SparkContext().parallelize([1, 2, 3]).map(x => x * 2).collect()   // => [2, 4, 6]
 */
export class SparkContext implements RddContext {
  readonly appName: string;
  readonly defaultParallelism: number;
  readonly clock: Clock;
  readonly freezesRecords: boolean;
  readonly operator = undefined;
  readonly batchTime = undefined;
  #lastRddId = -1;

  constructor(options: SparkContextOptions = {}) {
    this.appName = options.appName ?? 'millrace';
    this.clock = options.clock ?? systemClock;
    this.freezesRecords = options.freezesRecords ?? false;
    this.defaultParallelism = options.defaultParallelism ?? 2;
    if (!Number.isSafeInteger(this.defaultParallelism) || this.defaultParallelism < 1) {
      raise('CONFIG_VALUE', {
        name: 'spark.default.parallelism',
        value: String(this.defaultParallelism),
        expected: 'a whole number above 0',
      });
    }
  }

  get sparkContext(): SparkContext {
    return this;
  }

  /** Numbers RDDs in the order they are made, from 0. */
  nextRddId(): number {
    this.#lastRddId += 1;
    return this.#lastRddId;
  }

  /** An RDD of the values, cut into partitions that follow each other. The values are copied. */
  parallelize<T>(values: Iterable<T>, numSlices = this.defaultParallelism): RDD<T> {
    requireIterable('parallelize', 'values', values);
    return new RDD(new ParallelCollectionNode([...values], numSlices), this);
  }

  /** The same as `parallelize`. */
  makeRDD<T>(values: Iterable<T>, numSlices = this.defaultParallelism): RDD<T> {
    return this.parallelize(values, numSlices);
  }

  /** An RDD without elements and without partitions. */
  emptyRDD<T = never>(): RDD<T> {
    return new RDD(new PartitionListsNode<T>([], 'emptyRDD'), this);
  }

  /** The partitions of all, one after the other. */
  union<T>(rdds: readonly RDD<T>[]): RDD<T> {
    requireIterable('union', 'rdds', rdds);
    for (const rdd of rdds) if (!(rdd instanceof RDD)) refuse('union', 'an RDD', rdd, 'RDDs only');
    return new RDD(new UnionNode(rdds.map((rdd) => rdd.node)), this);
  }

  /** The numbers from `start` up to, and not including, `end`; with one argument from 0. */
  range(start: number, end?: number, step = 1, numSlices = this.defaultParallelism): RDD<number> {
    const node =
      end === undefined ? new RangeNode(0, start, step, numSlices) : new RangeNode(start, end, step, numSlices);
    return new RDD(node, this);
  }

  /** The lines of a text file, or of the files of a folder. */
  textFile(path: string, minPartitions = Math.min(2, this.defaultParallelism)): RDD<string> {
    return new RDD(this.#lines('textFile', path, minPartitions), this);
  }

  /** The elements that `saveAsObjectFile` wrote, as they were. */
  objectFile<T>(path: string, minPartitions = Math.min(2, this.defaultParallelism)): RDD<T> {
    const lines = this.#lines('objectFile', path, minPartitions);
    return new RDD(new MapNode<string, T>(lines, (line) => objectOfLine(line) as T, 'objectFile', 'objectFile'), this);
  }

  /**
   * Records of Kafka topics, the ranges that the program names, a partition for each: to look again at what a batch had read. Unlike a stream
   * it holds no connection; each evaluation reads anew.
   *
   * @example
   * stream.foreachRDD(async rdd => { await sc.kafkaRDD({ brokers }, offsetRanges(rdd)).count() })
   */
  kafkaRDD<R>(options: KafkaRangeOptions, ranges: readonly KafkaRange[]): RDD<R> {
    requireIterable('kafkaRDD', 'ranges', ranges);
    const context = {
      clock: this.clock,
      warn: (text: string): void => {
        host().warn(text);
      },
    };
    return new RDD(new KafkaRangeNode<R>(options, ranges, context), this);
  }

  /** A value that functions on elements read. */
  broadcast<T>(value: T): Broadcast<T> {
    return new Broadcast(this.freezesRecords ? frozen(value) : value);
  }

  /** A whole-number sum that functions on elements add to. */
  longAccumulator(name?: string): NumberAccumulator {
    haveAccumulators.add(this);
    return new NumberAccumulator(name);
  }

  /** A sum that functions on elements add to. */
  doubleAccumulator(name?: string): NumberAccumulator {
    haveAccumulators.add(this);
    return new NumberAccumulator(name);
  }

  /** A list that functions on elements add to. */
  collectionAccumulator<T>(name?: string): CollectionAccumulator<T> {
    haveAccumulators.add(this);
    return new CollectionAccumulator(name);
  }

  #lines(method: string, path: string, minPartitions: number): TextFileNode {
    requireText(method, 'path', path, 'the path of a file or a folder');
    requirePartitions(method, minPartitions);
    return new TextFileNode(path, minPartitions);
  }
}
