import { decodeBlocks } from '../../../lib/connectors/kafka/block-decoder.ts';
import { readingOf } from '../../../lib/connectors/kafka/deserialize.ts';
import { KafkaRecordBlock } from '../../../lib/connectors/kafka/kafka-record-block.ts';
import type { KafkaRecord } from '../../../lib/connectors/kafka/kafka-record.ts';
import { encodeRecordBatch } from '../../../lib/connectors/kafka/record-batch-encoder.ts';
import type { Emit } from '../../../lib/kernel/evaluation.ts';
import { RddNode, type Taker } from '../../../lib/rdd/rdd-node.ts';
import { limits, stretch } from '../../connectors/kafka/log-stretch.ts';

export type TextRecord = KafkaRecord<string | null, string | null>;

const utf8 = { key: readingOf('utf8', 'key'), value: readingOf('utf8', 'value') };

/** Records of Kafka with these values as an RDD: a partition for each list, a block for each list in it. */
export class ByteRowsNode extends RddNode<TextRecord> {
  readonly kind = 'bytes';
  readonly partitions: number;
  readonly parents = [];
  /** How many records were made. */
  made = 0;
  readonly #blocks: readonly (readonly KafkaRecordBlock[])[];
  readonly #offersBytes: boolean;

  constructor(values: readonly (readonly (readonly (Uint8Array | null)[])[])[], offersBytes: boolean) {
    super();
    this.partitions = values.length;
    this.#blocks = values.map((blocks) => blocks.map(blockOf));
    this.#offersBytes = offersBytes;
  }

  compute(partition: number, emit: Emit<TextRecord>): void {
    for (const block of this.#blocks[partition] ?? []) {
      block.forEach((record) => {
        this.made += 1;
        emit(record as TextRecord);
      });
    }
  }

  override computeTexts(partition: number, taker: Taker<TextRecord>): void {
    if (!this.#offersBytes) {
      this.compute(partition, taker.element);
      return;
    }
    for (const block of this.#blocks[partition] ?? []) taker.texts(block.texts() as never);
  }
}

function blockOf(values: readonly (Uint8Array | null)[]): KafkaRecordBlock {
  // Some have keys and headers: what stands between the values is searched, too.
  const records = values.map((value, i) => ({
    key: i % 3 === 0 ? Buffer.from(`key ${i} a`) : null,
    value: value === null ? null : Buffer.from(value),
    headers: i % 4 === 0 ? [['a b', Buffer.from('a')] as const] : [],
    timestamp: i,
  }));
  const half = records.length >> 1;
  const batches = [records.slice(0, half), records.slice(half)].map((some, i) =>
    encodeRecordBatch(some, { baseOffset: i * half }),
  );
  const [block] = decodeBlocks(stretch(batches.filter((_, i) => i === 1 || half > 0)), 0, limits);
  if (block === undefined) throw new Error('no block');
  return new KafkaRecordBlock(block, utf8, 0, block.count);
}
