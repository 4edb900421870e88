import { raise } from '../kernel/errors.ts';
import type { RDD } from '../rdd/rdd.ts';
import type { RddNode } from '../rdd/rdd-node.ts';
import { StorageNode } from '../rdd/storage-node.ts';
import { DStream } from './dstream.ts';
import type { SourceInput } from './inputs/source-input.ts';
import { SourceRdd } from './inputs/source-rdd.ts';
import type { StreamingContext } from './streaming-context.ts';

/** One record of a topic. A key or value that is null in Kafka is null here. */
export interface KafkaRecord<K = string | null, V = string> {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: K;
  readonly value: V;
  readonly headers: Readonly<Record<string, Uint8Array | null | readonly (Uint8Array | null)[]>>;
}

/** How bytes become a key or a value: `'utf8'` (the default), `'json'`, `'buffer'`, or a function. Null stays null. */
export type Deserializer = 'utf8' | 'json' | 'buffer' | ((bytes: Uint8Array) => unknown);

/** What to read and how. The connector checks it when the stream is built. */
export interface KafkaStreamOptions {
  /** Addresses to begin with, `host:port`. */
  readonly brokers: readonly string[] | string;
  /** Exactly one of `topics`, `topicPattern` and `assignment`. */
  readonly topics?: readonly string[] | string;
  /** Topics whose whole name matches, now and later. */
  readonly topicPattern?: RegExp | string;
  /** Partitions by topic, read without looking for others. */
  readonly assignment?: Readonly<Record<string, readonly number[]>>;
  /** Without a checkpoint: `'latest'` (the default, as in Spark), `'earliest'`, `{ timestamp }`, or numbers by topic and partition. */
  readonly startingOffsets?:
    | 'earliest'
    | 'latest'
    | { readonly timestamp: number }
    | Readonly<Record<string, number | Readonly<Record<number, number>>>>;
  readonly deserialize?: { readonly key?: Deserializer; readonly value?: Deserializer };
  /** Records a second for each partition. */
  readonly maxRatePerPartition?: number;
  /** True (the default) reads only what transactions have committed. */
  readonly readCommitted?: boolean;
  /** False goes on where records are missing, with a warning that counts them. */
  readonly failOnDataLoss?: boolean;
  /** Where offsets are committed for lag tools to see. The stream never reads them. */
  readonly groupId?: string;
  /** True, or the options of Node's `tls.connect`. */
  readonly ssl?: boolean | Readonly<Record<string, unknown>>;
  readonly sasl?: Readonly<Record<string, unknown>>;
  readonly clientId?: string;
  readonly connectionTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** How long to try at the start; 9 s. */
  readonly startTimeoutMs?: number;
  /** How long to wait for a broker that went away in the middle of a run; 5 minutes. */
  readonly unreachableTimeoutMs?: number;
  /** Bytes read ahead and not yet consumed; 64 MiB. */
  readonly maxBufferedBytes?: number;
  /** Larger records are refused; 64 MiB. */
  readonly maxRecordBytes?: number;
}

/** What a batch reads of one topic partition: `fromOffset` <= offset < `untilOffset`. */
export interface TopicOffsetRange {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
  readonly untilOffset: number;
}

/** The stream that `kafkaStream` gives: a stream whose batches know their offset ranges. */
export class KafkaDStream<T> extends DStream<T> {
  readonly #input: SourceInput<T>;

  constructor(context: StreamingContext, input: SourceInput<T>) {
    super(context, input);
    this.#input = input;
  }

  /** Commits ranges for other tools to see, when the next batch is planned. Recovery never uses it. */
  commitAsync(ranges: readonly TopicOffsetRange[]): void {
    const until: Record<string, number> = {};
    for (const { topic, partition, untilOffset } of ranges) until[`${topic}-${partition}`] = untilOffset;
    this.#input.commitAsync(until);
  }
}

/** The ranges of a batch, from the RDD of a Kafka stream itself: an RDD made from it has none. */
export function offsetRanges(rdd: RDD<unknown>): readonly TopicOffsetRange[] {
  let node: RddNode<unknown> = rdd.node;
  while (node instanceof StorageNode) [node] = node.parents as readonly [RddNode<unknown>];
  if (!(node instanceof SourceRdd)) return raise('STREAM_NO_OFFSET_RANGES', {});
  const { from, until } = node.range;
  return Object.entries(until).map(([name, untilOffset]) => {
    const dash = name.lastIndexOf('-');
    return {
      topic: name.slice(0, dash),
      partition: Number(name.slice(dash + 1)),
      fromOffset: from[name] ?? untilOffset,
      untilOffset,
    };
  });
}
