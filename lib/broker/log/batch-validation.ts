import { KafkaError } from '../protocol/error-codes.ts';
import {
  batchHeaderBytes,
  type BatchHeader,
  batchMagic,
  batchSize,
  hasValidChecksum,
  readBatchHeader,
} from '../protocol/record-batch.ts';
import { walkRecords } from '../protocol/record-walk.ts';
import type { LogConfig } from './log-config.ts';

/** A batch that a log does not take, with the answer that Kafka gives. */
export interface Refusal {
  readonly error: number;
  readonly message: string;
}

const zstd = 4;
const noTimestamp = -1;

/**
 * Checks what a producer sent for one partition, in Kafka's order: one batch of version 2, its size, checksum, records, time.
 *
 * Compressed records are not looked into: they are stored as they came.
 */
export function validateBatch(bytes: Buffer | null, config: LogConfig, nowMs: number): BatchHeader | Refusal {
  if (bytes === null || bytes.length === 0) return refuse(KafkaError.invalidRecord, 'there is no record batch');
  if (bytes.length < batchHeaderBytes) return refuse(KafkaError.corruptMessage, 'the record batch is cut short');
  if (batchMagic(bytes) !== 2) return refuse(KafkaError.invalidRecord, 'only record batches of version 2 are taken');
  const size = batchSize(bytes);
  if (size < batchHeaderBytes || size > bytes.length) {
    return refuse(KafkaError.corruptMessage, 'the length of the record batch is wrong');
  }
  if (size < bytes.length) return refuse(KafkaError.invalidRecord, 'exactly one record batch per partition is taken');
  if (config.maxMessageBytes >= 0 && size > config.maxMessageBytes) {
    return refuse(KafkaError.messageTooLarge, `the batch of ${size} bytes exceeds ${config.maxMessageBytes}`);
  }
  if (!hasValidChecksum(bytes)) return refuse(KafkaError.corruptMessage, 'the checksum does not fit the records');
  const header = readBatchHeader(bytes);
  return contentProblem(bytes, header, config) ?? timeProblem(header, config, nowMs) ?? header;
}

export function isRefusal(result: BatchHeader | Refusal): result is Refusal {
  return 'error' in result;
}

function contentProblem(bytes: Buffer, header: BatchHeader, config: LogConfig): Refusal | undefined {
  if (header.isControl) return refuse(KafkaError.invalidRecord, 'clients may not write control records');
  if (header.compression > zstd) return refuse(KafkaError.unsupportedCompressionType, 'unknown compression');
  if (header.recordCount <= 0 || header.lastOffsetDelta !== header.recordCount - 1) {
    return refuse(KafkaError.invalidRecord, 'the number of records does not fit the offsets');
  }
  if (header.producerId >= 0 && (header.baseSequence < 0 || header.producerEpoch < 0)) {
    return refuse(KafkaError.invalidRecord, 'a producer id needs a sequence and an epoch');
  }
  if (header.compression !== 0) return undefined;
  let expected = 0;
  let hasGap = false;
  let isKeyMissing = false;
  const count = walkRecords(bytes, (record) => {
    hasGap ||= record.offsetDelta !== expected++;
    isKeyMissing ||= record.keyLength < 0;
    return false;
  });
  if (count !== header.recordCount || hasGap) return refuse(KafkaError.invalidRecord, 'the records cannot be read');
  if (config.isCompacted && isKeyMissing) return refuse(KafkaError.invalidRecord, 'a compacted topic needs keys');
  return undefined;
}

function timeProblem(header: BatchHeader, config: LogConfig, nowMs: number): Refusal | undefined {
  const time = header.maxTimestamp;
  if (config.isLogAppendTime || time === noTimestamp) return undefined;
  const isTooLate = time - nowMs > config.timestampAfterMaxMs;
  const isTooEarly = nowMs - header.baseTimestamp > config.timestampBeforeMaxMs;
  return isTooLate || isTooEarly
    ? refuse(KafkaError.invalidTimestamp, `timestamp ${time} is too far from the broker's time ${nowMs}`)
    : undefined;
}

function refuse(error: number, message: string): Refusal {
  return { error, message };
}
