import type { Transcript } from './transcript.ts';
import type { Wire } from './wire.ts';

/** Record time of the scripts: fixed, so that answers can be compared. */
export const T0 = 1_767_225_600_000;

export interface Message {
  readonly key?: string | null;
  readonly value: string | Buffer | null;
  readonly timestamp?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}
export interface ProducerSession {
  readonly transactionalId?: string;
  readonly producerId: string;
  readonly producerEpoch: number;
}
export interface ProduceOptions {
  readonly partition?: number;
  readonly acks?: number;
  readonly compression?: number;
  readonly producer?: ProducerSession;
  readonly firstSequence?: number;
  readonly wire?: Wire;
}

/** The times of the records are long gone: neither retention nor the roll of a segment by age may depend on the day of the run. */
const timeless = { 'retention.ms': '-1', 'segment.ms': '9223372036854775807' };

/** Creates a topic without keeping the answer. */
export async function createTopic(
  t: Transcript,
  plain: string,
  numPartitions = 1,
  config: Readonly<Record<string, string>> = {},
): Promise<string> {
  const topic = t.name(plain);
  const configEntries = Object.entries({ ...timeless, ...config }).map(([name, value]) => ({ name, value }));
  await t.quietly('CreateTopics', {
    topics: [{ topic, numPartitions, replicationFactor: 1, configEntries }],
    validateOnly: false,
    timeout: 10_000,
  });
  // A new topic is known to the controller first and served a moment later.
  const partitions = Array.from({ length: numPartitions }, (_, partition) => ({ partition, timestamp: latest }));
  const request = { isolationLevel: 0, topics: [{ topic, partitions }] };
  for (;;) {
    const { responses } = await t.quietly<{ responses: { partitions: { errorCode: number }[] }[] }>(
      'ListOffsets',
      request,
    );
    if (responses[0]?.partitions.every((partition) => partition.errorCode === 0) ?? false) return topic;
  }
}

/** The values as messages 10 ms apart in record time. */
export function messages(...values: readonly (string | null)[]): Message[] {
  return values.map((value, i) => ({ value, timestamp: T0 + i * 10 }));
}

export async function produce<A = unknown>(
  t: Transcript,
  topic: string,
  records: readonly Message[],
  options: ProduceOptions = {},
): Promise<A> {
  const { partition = 0, acks = -1, compression = 0, producer, firstSequence = 0, wire } = options;
  const request = {
    acks,
    timeout: 10_000,
    compression,
    ...producer,
    topicData: [
      { topic, partitions: [{ partition, firstSequence, messages: records.map((r) => ({ key: null, ...r })) }] },
    ],
  };
  return await t.ask<A>('Produce', request, wire);
}

export interface FetchOptions {
  readonly partition?: number;
  readonly isolationLevel?: 0 | 1;
  readonly maxBytes?: number;
  readonly maxWaitTime?: number;
  readonly minBytes?: number;
  readonly wire?: Wire;
}

export function fetchRequest(topic: string, fetchOffset: number, options: FetchOptions = {}): object {
  const { partition = 0, isolationLevel = 0, maxBytes = 1 << 20, maxWaitTime = 200, minBytes = 1 } = options;
  return {
    isolationLevel,
    maxWaitTime,
    minBytes,
    maxBytes: Math.max(maxBytes, 1),
    topics: [{ topic, partitions: [{ partition, fetchOffset, maxBytes }] }],
  };
}

export async function fetch(
  t: Transcript,
  topic: string,
  offset: number,
  options: FetchOptions = {},
): Promise<unknown> {
  return await t.ask('Fetch', fetchRequest(topic, offset, options), options.wire);
}

export const earliest = -2;
export const latest = -1;

export async function listOffsets(
  t: Transcript,
  topic: string,
  timestamp: number,
  { isolationLevel = 0, partition = 0 }: { isolationLevel?: 0 | 1; partition?: number } = {},
): Promise<unknown> {
  return await t.ask('ListOffsets', { isolationLevel, topics: [{ topic, partitions: [{ partition, timestamp }] }] });
}

/** Starts (or takes over) a transactional producer. */
export async function initProducer(
  t: Transcript,
  plainId: string,
  transactionTimeout = 60_000,
): Promise<ProducerSession> {
  const transactionalId = t.name(plainId);
  await t.quietly('GroupCoordinator', { groupId: transactionalId, coordinatorType: 1 });
  const { producerId, producerEpoch } = await t.ask<{ producerId: string; producerEpoch: number }>('InitProducerId', {
    transactionalId,
    transactionTimeout,
  });
  return { transactionalId, producerId, producerEpoch };
}

/** Starts an idempotent producer without transactions. */
export async function initIdempotent(t: Transcript): Promise<ProducerSession> {
  const { producerId, producerEpoch } = await t.ask<{ producerId: string; producerEpoch: number }>('InitProducerId', {
    transactionalId: null,
    transactionTimeout: 60_000,
  });
  return { producerId, producerEpoch };
}

export async function addPartitions(t: Transcript, producer: ProducerSession, topic: string, ...partitions: number[]) {
  return await t.ask('AddPartitionsToTxn', { ...producer, topics: [{ topic, partitions }] });
}

export async function endTransaction(t: Transcript, producer: ProducerSession, commit: boolean): Promise<unknown> {
  return await t.ask('EndTxn', { ...producer, transactionResult: commit });
}
