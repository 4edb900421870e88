import type { KafkaStreamOptions } from '../../io/kafka-stream-options.ts';
import { type ConnectorContext, createSource } from '../../io/registry.ts';
import { raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { RddNode } from '../rdd-node.ts';

/** Records of one topic partition: `fromOffset` <= offset < `untilOffset`. */
export interface KafkaRange {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
  readonly untilOffset: number;
}

/** How to reach the brokers and what to make of keys and values; what to read is said by the ranges. */
export type KafkaRangeOptions = Omit<
  KafkaStreamOptions,
  | 'topics'
  | 'topicPattern'
  | 'assignment'
  | 'startingOffsets'
  | 'maxRatePerPartition'
  | 'minRatePerPartition'
  | 'groupId'
>;

/**
 * Ranges of Kafka topics that the program names itself, a partition for each. Connects when a partition is computed and closes when it is
 * read: each evaluation reads again.
 */
export class KafkaRangeNode<R> extends RddNode<R> {
  readonly kind = 'kafkaRDD';
  readonly partitions: number;
  readonly parents = [];
  readonly #options: KafkaRangeOptions;
  readonly #ranges: readonly KafkaRange[];
  readonly #context: ConnectorContext;

  constructor(options: KafkaRangeOptions, ranges: readonly KafkaRange[], context: ConnectorContext) {
    super();
    for (const range of ranges) assertRange(range);
    this.partitions = ranges.length;
    this.#options = options;
    this.#ranges = [...ranges];
    this.#context = context;
  }

  async compute(partition: number, emit: Emit<R>): Promise<void> {
    const range = this.#ranges[partition];
    if (range === undefined || range.fromOffset === range.untilOffset) return;
    const key = `${range.topic}-${range.partition}`;
    const assignment = { [range.topic]: [range.partition] };
    const source = createSource('kafka', { ...this.#options, assignment }, this.#context);
    try {
      await source.open({ [key]: range.fromOffset });
      const reads = source.read({ from: { [key]: range.fromOffset }, until: { [key]: range.untilOffset } });
      for (const read of reads) {
        for await (const block of read.blocks()) (block.forEach as (emit: Emit<R>) => void).call(block, emit);
      }
    } finally {
      await source.close();
    }
  }
}

function assertRange(range: KafkaRange): void {
  const { topic, partition, fromOffset, untilOffset } = (range ?? {}) as Partial<KafkaRange>;
  const isRange = isPosition(fromOffset) && isPosition(untilOffset) && fromOffset <= untilOffset;
  if (typeof topic === 'string' && topic !== '' && isPosition(partition) && isRange) return;
  raise('RDD_ARGUMENT', {
    operator: 'kafkaRDD',
    name: 'a range',
    given: JSON.stringify(range),
    expected: '{ topic, partition, fromOffset, untilOffset } with fromOffset not above untilOffset',
  });
}

function isPosition(n: unknown): n is number {
  return Number.isSafeInteger(n) && (n as number) >= 0;
}
