import type { AbortedTransaction } from '../../../lib/connectors/kafka/aborted-records.ts';
import { decodeBlocks, type DecodeLimits, type LogStretch } from '../../../lib/connectors/kafka/block-decoder.ts';
import { readingOf } from '../../../lib/connectors/kafka/deserialize.ts';
import { KafkaRecordBlock } from '../../../lib/connectors/kafka/kafka-record-block.ts';
import type { KafkaRecord } from '../../../lib/connectors/kafka/kafka-record.ts';
import {
  type BatchOptions,
  encodeRecordBatch,
  type OutgoingRecord,
} from '../../../lib/connectors/kafka/record-batch-encoder.ts';

const transactional = 0x10;
const control = 0x20;

/** A record of a value, and of a key where there is one. */
export function record(value: string | null, key: string | null = null, timestamp = 1000): OutgoingRecord {
  return {
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: [],
    timestamp,
  };
}

/** A batch of texts. */
export function batchOf(baseOffset: number, values: readonly string[], options: BatchOptions = {}): Buffer {
  return encodeRecordBatch(
    values.map((value) => record(value)),
    { ...options, baseOffset },
  );
}

/** A batch of a transaction. */
export function transactionBatch(baseOffset: number, producer: number, values: readonly string[]): Buffer {
  return batchOf(baseOffset, values, { producerId: BigInt(producer), attributes: transactional });
}

/** The marker that ends a transaction: it takes one offset. */
export function marker(baseOffset: number, producer: number, ending: 'commit' | 'abort'): Buffer {
  const key = Buffer.from([0, 0, 0, ending === 'abort' ? 0 : 1]);
  return encodeRecordBatch([{ key, value: Buffer.alloc(6), headers: [], timestamp: 1000 }], {
    baseOffset,
    producerId: BigInt(producer),
    attributes: transactional | control,
  });
}

/** Batches as a broker answers with them: at some place of a buffer of their own. */
export function stretch(batches: readonly Buffer[], aborted: readonly AbortedTransaction[] = []): LogStretch {
  const log = Buffer.concat(batches);
  const start = 13;
  const bytes = Buffer.allocUnsafeSlow(start + log.length);
  bytes.set(log, start);
  return { topic: 't', partition: 3, bytes, start, end: bytes.length, aborted };
}

export const limits: DecodeLimits = {
  readCommitted: true,
  maxRecordBytes: 1 << 20,
  maxBatchBytes: 8 << 20,
  blockBytes: 4096,
};

const utf8 = { key: readingOf('utf8', 'key'), value: readingOf('utf8', 'value') };

/** Everything a stretch holds from an offset on, after a check that the blocks cover it without a hole. */
export function recordsOf(
  log: LogStretch,
  from = 0,
  changed: Partial<DecodeLimits> = {},
): KafkaRecord<unknown, unknown>[] {
  const records: KafkaRecord<unknown, unknown>[] = [];
  let position = from;
  for (const block of decodeBlocks(log, from, { ...limits, ...changed })) {
    if (block.from !== position) throw new Error(`a block begins at ${block.from}, not at ${position}`);
    position = block.next;
    new KafkaRecordBlock(block, utf8, 0, block.count).forEach((each) => records.push(each));
  }
  return records;
}

/** `offset:value` of each record. */
export function shown(log: LogStretch, from = 0, changed: Partial<DecodeLimits> = {}): string {
  return recordsOf(log, from, changed)
    .map(({ offset, value }) => `${offset}:${String(value)}`)
    .join(' ');
}
