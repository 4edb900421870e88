import type { Json } from '../storage/metadata-store.ts';
import type { TransactionOutcome } from '../protocol/record-batch.ts';

/**
 * The life of a transactional id:
 *
 *     Empty -> Ongoing -> PrepareCommit -> CompleteCommit -> Ongoing ...
 *                    \--> PrepareAbort  -> CompleteAbort  -> Ongoing ...
 *
 * Prepare is the decision: it is stored before the first marker is written, and a restart carries it out.
 */
type TransactionState = 'Empty' | 'Ongoing' | 'PrepareCommit' | 'PrepareAbort' | 'CompleteCommit' | 'CompleteAbort';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** One transactional id with what its present transaction touches. */
export interface Transaction {
  readonly id: string;
  producerId: number;
  epoch: number;
  timeoutMs: number;
  state: TransactionState;
  startedAtMs: number;
  readonly partitions: Map<string, TopicPartition>;
  readonly groups: Set<string>;
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

/** The decided outcome, while it is being carried out. */
export function preparedOutcome({ state }: Transaction): TransactionOutcome | undefined {
  if (state === 'PrepareCommit') return 'commit';
  return state === 'PrepareAbort' ? 'abort' : undefined;
}

export function transactionToJson(transaction: Transaction): Json {
  const { producerId, epoch, timeoutMs, state, startedAtMs, partitions, groups } = transaction;
  return {
    producerId,
    epoch,
    timeoutMs,
    state,
    startedAtMs,
    partitions: [...partitions.values()].map(({ topic, partition }) => ({ topic, partition })),
    groups: [...groups],
  };
}

export function transactionFromJson(id: string, json: Json): Transaction {
  const stored = json as unknown as Omit<Transaction, 'id' | 'partitions' | 'groups'> & {
    readonly partitions: readonly TopicPartition[];
    readonly groups: readonly string[];
  };
  return {
    id,
    producerId: stored.producerId,
    epoch: stored.epoch,
    timeoutMs: stored.timeoutMs,
    state: stored.state,
    startedAtMs: stored.startedAtMs,
    partitions: new Map(stored.partitions.map((each) => [partitionKey(each.topic, each.partition), each])),
    groups: new Set(stored.groups),
  };
}
