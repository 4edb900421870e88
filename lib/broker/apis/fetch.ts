import type { PartitionLog } from '../log/partition-log.ts';
import { KafkaError } from '../protocol/error-codes.ts';
import {
  array,
  type Decoded,
  int16,
  int32,
  int64,
  int8,
  list,
  nullableArray,
  optional,
  records,
  string,
  throttleTimeMs,
  uuid,
} from '../protocol/schema.ts';
import { Timer } from '../timer.ts';
import { type BrokerState, defineApi, type RequestContext } from './api.ts';

const readCommitted = 1;

const requestedPartition = {
  index: int32(),
  currentLeaderEpoch: int32({ since: 9, absent: -1 }),
  fetchOffset: int64(),
  lastFetchedEpoch: int32({ since: 12, absent: -1 }),
  logStartOffset: int64({ since: 5, absent: -1 }),
  maxBytes: int32(),
};

const requestShape = {
  replicaId: int32(),
  maxWaitMs: int32(),
  minBytes: int32(),
  maxBytes: int32(),
  isolationLevel: int8(),
  sessionId: int32({ since: 7 }),
  sessionEpoch: int32({ since: 7, absent: -1 }),
  topics: array({
    name: string({ until: 12 }),
    topicId: uuid({ since: 13 }),
    partitions: array(requestedPartition),
  }),
  forgottenTopics: array(
    { name: string({ until: 12 }), topicId: uuid({ since: 13 }), partitions: list(int32()) },
    { since: 7 },
  ),
  rackId: string({ since: 11 }),
};

type FetchRequest = Decoded<typeof requestShape>;
type RequestedPartition = Decoded<typeof requestedPartition>;

/** One partition that is asked for, with its log where there is one. */
interface Wanted {
  readonly request: RequestedPartition;
  readonly log: PartitionLog | undefined;
}

interface WantedTopic {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly Wanted[];
}

/**
 * Reads record batches; waits up to `maxWaitMs` until there are `minBytes`, unless something is wrong with a partition.
 *
 * There are no fetch sessions: the answer's session id 0 tells a client to name all partitions each time.
 */
export const fetch = defineApi({
  key: 1,
  name: 'Fetch',
  versions: [4, 13],
  flexibleSince: 12,
  request: requestShape,
  response: {
    throttleTimeMs: throttleTimeMs(),
    errorCode: optional(int16({ since: 7 }), 0),
    sessionId: optional(int32({ since: 7 }), 0),
    topics: array({
      name: string({ until: 12 }),
      topicId: uuid({ since: 13 }),
      partitions: array({
        index: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64(),
        logStartOffset: int64({ since: 5 }),
        abortedTransactions: nullableArray({ producerId: int64(), firstOffset: int64() }),
        preferredReadReplica: optional(int32({ since: 11 }), -1),
        records: records(),
      }),
    }),
  },
  async handle(request, context) {
    if (request.sessionId !== 0 && request.sessionEpoch > 0) {
      return { errorCode: KafkaError.fetchSessionIdNotFound, topics: [] };
    }
    const { clock } = context.broker;
    const deadlineMs = clock.monotonicMs() + request.maxWaitMs;
    for (;;) {
      const wanted = request.topics.map((topic) => resolveTopic(context.broker, topic, context.version));
      const answer = readAll(wanted, request, context);
      const leftMs = deadlineMs - clock.monotonicMs();
      const isEnough = answer.sizeBytes >= request.minBytes || answer.hasError || wanted.length === 0;
      if (isEnough || leftMs <= 0) return { topics: answer.topics };
      if (!(await changeOf(wanted, leftMs, context))) return undefined;
    }
  },
});

function resolveTopic(broker: BrokerState, asked: FetchRequest['topics'][number], version: number): WantedTopic {
  const topic = version >= 13 ? broker.topics.byId(asked.topicId) : broker.topics.byName(asked.name);
  return {
    name: topic?.name ?? asked.name,
    topicId: asked.topicId,
    partitions: asked.partitions.map((partition) => ({ request: partition, log: topic?.partitions[partition.index] })),
  };
}

function readAll(wanted: readonly WantedTopic[], request: FetchRequest, { version, broker }: RequestContext) {
  let leftBytes = Math.min(request.maxBytes, broker.maxFetchBytes);
  let sizeBytes = 0;
  let hasError = false;
  const topics = wanted.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map((each) => {
      const error = problemOf(each, version);
      if (error !== KafkaError.none || each.log === undefined) {
        hasError = true;
        return refusedPartition(each.request.index, error);
      }
      const read = readOne(each.log, each.request, request.isolationLevel, leftBytes, sizeBytes === 0);
      leftBytes = Math.max(0, leftBytes - read.sizeBytes);
      sizeBytes += read.sizeBytes;
      return read.partition;
    }),
  }));
  return { topics, sizeBytes, hasError };
}

function problemOf({ log, request }: Wanted, version: number): number {
  if (log === undefined) return version >= 13 ? KafkaError.unknownTopicId : KafkaError.unknownTopicOrPartition;
  if (request.currentLeaderEpoch > 0) return KafkaError.unknownLeaderEpoch;
  const isInLog = request.fetchOffset >= log.startOffset && request.fetchOffset <= log.endOffset;
  return isInLog ? KafkaError.none : KafkaError.offsetOutOfRange;
}

function refusedPartition(index: number, errorCode: number) {
  return {
    index,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: null,
    records: [],
  };
}

function readOne(log: PartitionLog, asked: RequestedPartition, isolation: number, leftBytes: number, isFirst: boolean) {
  const isCommittedOnly = isolation === readCommitted;
  const until = isCommittedOnly ? log.lastStableOffset : log.endOffset;
  const read = log.read(asked.fetchOffset, Math.min(asked.maxBytes, leftBytes), until, isFirst);
  return {
    sizeBytes: read.sizeBytes,
    partition: {
      index: asked.index,
      errorCode: KafkaError.none,
      highWatermark: log.endOffset,
      lastStableOffset: log.lastStableOffset,
      logStartOffset: log.startOffset,
      abortedTransactions: isCommittedOnly ? log.abortedTransactions(asked.fetchOffset, read.untilOffset) : null,
      records: read.batches,
    },
  };
}

/** Resolves to true when a log changes or the time is over, to false when nobody waits for the answer any more. */
async function changeOf(wanted: readonly WantedTopic[], withinMs: number, context: RequestContext): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    const timer = new Timer(context.broker.clock);
    const ends: (() => void)[] = [];
    const finish = (isWaitedFor: boolean): void => {
      timer.cancel();
      for (const end of ends) end();
      resolve(isWaitedFor);
    };
    const changed = (): void => {
      finish(true);
    };
    timer.set(Math.ceil(withinMs), changed);
    for (const { partitions } of wanted) for (const { log } of partitions) if (log) ends.push(log.onChange(changed));
    // Last, because it calls back at once where the client is gone already.
    ends.push(
      context.onClosed(() => {
        finish(false);
      }),
    );
  });
}
