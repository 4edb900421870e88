import type { BrokerAddress, BrokerLink } from './broker-link.ts';
import { WireReader, WireWriter } from './wire.ts';

export interface TopicMetadata {
  readonly name: string;
  readonly error: number;
  readonly isInternal: boolean;
  /** Leader of each partition by its number, -1 where there is none now. */
  readonly leaders: ReadonlyMap<number, number>;
}

export interface ClusterMetadata {
  readonly brokers: ReadonlyMap<number, BrokerAddress>;
  readonly topics: ReadonlyMap<string, TopicMetadata>;
}

/** Metadata v4 (KIP-204): the first version that can be told not to create topics. `undefined` asks for all topics. */
export async function requestMetadata(
  link: BrokerLink,
  topics: readonly string[] | undefined,
): Promise<ClusterMetadata> {
  const apiVersion = link.version(3, 'Metadata', 4, 4);
  const body = new WireWriter();
  if (topics === undefined) body.int32(-1);
  else body.list(topics, (topic) => body.text(topic));
  return await link.send({ apiKey: 3, apiName: 'Metadata', apiVersion, body: body.int8(0).bytes }, readMetadata);
}

function readMetadata(answer: Buffer): ClusterMetadata {
  const reader = new WireReader(answer, 4);
  const brokers = reader.list(() => {
    const [id, host, port] = [reader.int32(), reader.text() ?? '', reader.int32()];
    reader.text();
    return [id, { host, port }] as const;
  });
  reader.text();
  reader.int32();
  const found = reader.list(() => {
    const [error, name, isInternal] = [reader.int16(), reader.text() ?? '', reader.int8() !== 0];
    const leaders = reader.list(() => {
      reader.int16();
      const entry = [reader.int32(), reader.int32()] as const;
      reader.list(() => reader.int32());
      reader.list(() => reader.int32());
      return entry;
    });
    leaders.sort(([a], [b]) => a - b);
    return [name, { name, error, isInternal, leaders: new Map(leaders) }] as const;
  });
  return { brokers: new Map(brokers), topics: new Map(found) };
}
