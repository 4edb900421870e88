import type { BrokerLink } from './broker-link.ts';
import { WireReader, WireWriter } from './wire.ts';

/** One record batch for one partition of a topic. */
export interface ProduceBatch {
  readonly partition: number;
  readonly batch: Buffer;
}

/** Produce v3, acknowledged by all replicas in sync. Resolves with the error code of each partition that the broker answered for. */
export async function requestProduce(
  link: BrokerLink,
  topic: string,
  batches: readonly ProduceBatch[],
  timeoutMs: number,
): Promise<ReadonlyMap<number, number>> {
  const apiVersion = link.version(0, 'Produce', 3, 3);
  const size = batches.reduce((sum, { batch }) => sum + batch.length + 16, topic.length + 64);
  const body = new WireWriter(size).text(null).int16(-1).int32(timeoutMs).int32(1).text(topic);
  body.list(batches, ({ partition, batch }) => body.int32(partition).blob(batch));
  return await link.send({ apiKey: 0, apiName: 'Produce', apiVersion, body: body.bytes }, readCodes);
}

function readCodes(answer: Buffer): ReadonlyMap<number, number> {
  const reader = new WireReader(answer);
  const codes = reader.list(() => {
    reader.text();
    return reader.list(() => {
      const entry = [reader.int32(), reader.int16()] as const;
      reader.int64();
      reader.int64();
      return entry;
    });
  });
  return new Map(codes.flat());
}
