import type { BrokerLink } from './broker-link.ts';
import { type TopicPartition } from './partition-key.ts';
import { WireReader, WireWriter } from './wire.ts';

/** Asks for the first offset of the log. */
export const earliest = -2;
/** Asks for the end of the log: of what is committed, when the isolation says so. */
export const latest = -1;

export interface OffsetQuery extends TopicPartition {
  /** `earliest`, `latest`, or a time in milliseconds: the first offset at or after it. */
  readonly timestamp: number;
}

export interface OffsetAnswer extends TopicPartition {
  readonly error: number;
  /** -1 when no record is at or after the time. */
  readonly offset: number;
}

/** ListOffsets v2: the first version that knows isolation. A partition may be named once. */
export async function requestOffsets(
  link: BrokerLink,
  queries: readonly OffsetQuery[],
  readCommitted: boolean,
): Promise<readonly OffsetAnswer[]> {
  const apiVersion = link.version(2, 'ListOffsets', 2, 2);
  const body = new WireWriter().int32(-1).int8(readCommitted ? 1 : 0);
  const topics = [...new Set(queries.map(({ topic }) => topic))];
  body.list(topics, (topic) => {
    body.text(topic).list(
      queries.filter((query) => query.topic === topic),
      ({ partition, timestamp }) => body.int32(partition).int64(timestamp),
    );
  });
  return await link.send({ apiKey: 2, apiName: 'ListOffsets', apiVersion, body: body.bytes }, readOffsets);
}

function readOffsets(answer: Buffer): readonly OffsetAnswer[] {
  const reader = new WireReader(answer, 4);
  return reader
    .list(() => {
      const topic = reader.text() ?? '';
      return reader.list(() => {
        const [partition, error] = [reader.int32(), reader.int16()];
        reader.int64();
        return { topic, partition, error, offset: reader.int64() };
      });
    })
    .flat();
}
