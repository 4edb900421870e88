import { raise } from '../kernel/errors.ts';
import type { RDD } from '../rdd/rdd.ts';
import { makerOf } from '../rdd/rdd-node.ts';
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
  const node = makerOf(rdd.node);
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
