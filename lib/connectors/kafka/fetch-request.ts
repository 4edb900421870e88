import type { AbortedTransaction } from './aborted-records.ts';
import type { LogStretch } from './block-decoder.ts';
import type { BrokerLink } from './broker-link.ts';
import type { TopicPartition } from './partition-key.ts';
import { WireReader, WireWriter } from './wire.ts';

export interface FetchQuery extends TopicPartition {
  readonly offset: number;
  readonly maxBytes: number;
  readonly readCommitted: boolean;
}

export interface FetchAnswer extends LogStretch {
  readonly error: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
}

/** What the answer adds to the records: heads, names, the list of rolled-back transactions. */
export const answerHeadBytes = 64 << 10;

/**
 * Fetches one stretch of one partition (v4 to v11). One partition a request: the answer then is one block that can be handed on
 * whole, and what is read next is decided here, not by the order in which a broker fills its answers.
 */
export async function requestFetch(link: BrokerLink, query: FetchQuery): Promise<FetchAnswer> {
  const version = link.version(1, 'Fetch', 4, 11);
  const { topic, partition, offset, maxBytes, readCommitted } = query;
  const body = new WireWriter()
    .int32(-1)
    .int32(0)
    .int32(1)
    .int32(maxBytes)
    .int8(readCommitted ? 1 : 0);
  if (version >= 7) body.int32(0).int32(-1);
  body.int32(1).text(topic).int32(1).int32(partition);
  if (version >= 9) body.int32(-1);
  body.int64(offset);
  if (version >= 5) body.int64(-1);
  body.int32(maxBytes);
  if (version >= 7) body.int32(0);
  if (version >= 11) body.text('');
  return await link.send({ apiKey: 1, apiName: 'Fetch', apiVersion: version, body: body.bytes }, (answer) =>
    readAnswer(answer, version, query),
  );
}

function readAnswer(answer: Buffer, version: number, { topic, partition }: FetchQuery): FetchAnswer {
  // Positions count from the start of the frame: its buffer is handed on as a whole.
  const bytes = Buffer.from(answer.buffer, 0, answer.byteOffset + answer.length);
  const reader = new WireReader(bytes, answer.byteOffset + 4);
  const requestError = version >= 7 ? reader.int16() : 0;
  if (version >= 7) reader.int32();
  const none = { topic, partition, bytes, start: 0, end: 0, aborted: [], highWatermark: -1, lastStableOffset: -1 };
  if (requestError !== 0 || reader.int32() === 0) return { ...none, error: requestError };
  reader.text();
  if (reader.int32() === 0) return { ...none, error: 0 };
  reader.int32();
  const error = reader.int16();
  const highWatermark = reader.int64();
  const lastStableOffset = reader.int64();
  if (version >= 5) reader.int64();
  const aborted = reader.list<AbortedTransaction>(() => ({
    producerId: BigInt.asIntN(64, BigInt(reader.int64())),
    firstOffset: reader.int64(),
  }));
  if (version >= 11) reader.int32();
  const size = Math.max(0, reader.int32());
  const start = reader.position;
  const end = Math.min(bytes.length, start + size);
  return { topic, partition, bytes, start, end, aborted, error, highWatermark, lastStableOffset };
}
