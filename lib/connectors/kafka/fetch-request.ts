import type { AbortedTransaction } from './aborted-records.ts';
import type { LogStretch } from './block-decoder.ts';
import type { BrokerLink } from './broker-link.ts';
import type { TopicPartition } from './partition-key.ts';
import { WireReader, WireWriter } from './wire.ts';

/** A partition and where to read it from. */
export interface FetchPlace extends TopicPartition {
  readonly offset: number;
}

export interface FetchQuery {
  /** In order of importance: a broker fills its answer from the first on. */
  readonly places: readonly FetchPlace[];
  /** For the whole answer; one batch comes in any case. */
  readonly maxBytes: number;
  readonly readCommitted: boolean;
}

/** One partition's part of an answer, in memory that no other part shares. */
export interface FetchAnswer extends LogStretch {
  readonly error: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
}

/** What an answer adds to the records: heads, names, lists of rolled-back transactions. */
export const answerHeadBytes = 256 << 10;

/**
 * Fetches the next stretch of some partitions of one leader (v4 to v11).
 *
 * With much to read the first partition fills the answer alone, and its part is handed on as it came. With little, one answer brings
 * all of them, and each part is copied into memory of its own.
 */
export async function requestFetch(link: BrokerLink, query: FetchQuery): Promise<readonly FetchAnswer[]> {
  const version = link.version(1, 'Fetch', 4, 11);
  const { places, maxBytes, readCommitted } = query;
  const body = new WireWriter()
    .int32(-1)
    .int32(0)
    .int32(1)
    .int32(maxBytes)
    .int8(readCommitted ? 1 : 0);
  if (version >= 7) body.int32(0).int32(-1);
  // A topic for each place keeps the order, also over several topics.
  body.list(places, ({ topic, partition, offset }) => {
    body.text(topic).int32(1).int32(partition);
    if (version >= 9) body.int32(-1);
    body.int64(offset);
    if (version >= 5) body.int64(-1);
    body.int32(maxBytes);
  });
  if (version >= 7) body.int32(0);
  if (version >= 11) body.text('');
  return await link.send({ apiKey: 1, apiName: 'Fetch', apiVersion: version, body: body.bytes }, (answer) =>
    readAnswers(answer, version, query),
  );
}

function readAnswers(answer: Buffer, version: number, { places }: FetchQuery): readonly FetchAnswer[] {
  // Positions count from the start of the frame: its buffer is handed on as a whole.
  const bytes = Buffer.from(answer.buffer, 0, answer.byteOffset + answer.length);
  const reader = new WireReader(bytes, answer.byteOffset + 4);
  const requestError = version >= 7 ? reader.int16() : 0;
  if (version >= 7) reader.int32();
  if (requestError !== 0) {
    const none = { bytes, start: 0, end: 0, aborted: [], highWatermark: -1, lastStableOffset: -1 };
    return places.map(({ topic, partition }) => Object.assign({ topic, partition, error: requestError }, none));
  }
  const answers = reader
    .list(() => {
      const topic = reader.text() ?? '';
      return reader.list(() => readPart(reader, bytes, version, topic));
    })
    .flat();
  const filled = answers.filter(({ start, end }) => end > start);
  return filled.length > 1 ? answers.map((part) => apart(part)) : answers;
}

function readPart(reader: WireReader, bytes: Buffer, version: number, topic: string): FetchAnswer {
  const partition = reader.int32();
  const error = reader.int16();
  const highWatermark = reader.int64();
  const lastStableOffset = reader.int64();
  if (version >= 5) reader.int64();
  const aborted = reader.list<AbortedTransaction>(() => ({
    producerId: BigInt(reader.int64()),
    firstOffset: reader.int64(),
  }));
  if (version >= 11) reader.int32();
  const size = Math.max(0, reader.int32());
  const start = reader.position;
  const end = Math.min(bytes.length, start + size);
  reader.position = end;
  return { topic, partition, bytes, start, end, aborted, error, highWatermark, lastStableOffset };
}

function apart(part: FetchAnswer): FetchAnswer {
  const bytes = Buffer.allocUnsafeSlow(part.end - part.start);
  part.bytes.copy(bytes, 0, part.start, part.end);
  return { ...part, bytes, start: 0, end: bytes.length };
}
