import type { Clock } from '../../kernel/clock.ts';
import type { CommittedOffset, CommittedOffsets } from '../groups/committed-offsets.ts';
import { KafkaError } from '../protocol/error-codes.ts';
import type { TransactionOutcome } from '../protocol/record-batch.ts';
import type { MetadataStore } from '../storage/metadata-store.ts';
import { Timer } from '../timer.ts';
import type { TopicRegistry } from '../topics/topic-registry.ts';
import { ProducerIds } from './producer-ids.ts';
import {
  partitionKey,
  preparedOutcome,
  type TopicPartition,
  type Transaction,
  transactionFromJson,
  transactionToJson,
} from './transaction.ts';

const maxEpoch = 32_766;
const retryMs = 1000;

export interface TransactionCoordinatorOptions {
  readonly clock: Clock;
  readonly metadata: MetadataStore;
  readonly topics: TopicRegistry;
  readonly offsets: CommittedOffsets;
  readonly maxTimeoutMs: number;
  readonly maxTransactionalIds: number;
}

export interface ProducerIdentity {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

export interface ProducerIdAnswer {
  readonly error: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/**
 * Producer ids and transactions.
 *
 * A transaction ends when its producer says so, when the same transactional id is initialized again (the old producer is fenced by a higher epoch),
 * or after its timeout (likewise fenced).
 */
export class TransactionCoordinator {
  readonly #options: TransactionCoordinatorOptions;
  readonly #producerIds: ProducerIds;
  readonly #transactions = new Map<string, Transaction>();
  readonly #timers = new Map<string, Timer>();

  constructor(options: TransactionCoordinatorOptions) {
    this.#options = options;
    this.#producerIds = new ProducerIds(options.metadata);
    for (const [[, id], stored] of options.metadata.entries('transaction')) {
      this.#transactions.set(String(id), transactionFromJson(String(id), stored));
    }
  }

  /**
   * Takes up what a broker that ended left behind: decided transactions are carried out, open ones go on until their timeout,
   * records whose transaction nobody knows are aborted.
   */
  recover(): void {
    for (const transaction of this.#transactions.values()) {
      if (preparedOutcome(transaction) !== undefined) this.#complete(transaction);
      else if (transaction.state === 'Ongoing') this.#watch(transaction);
    }
    const known = new Set(this.#ongoing().map(({ producerId }) => producerId));
    for (const topic of this.#options.topics.all) {
      for (const log of topic.partitions) {
        for (const producerId of log.openProducerIds) {
          if (!known.has(producerId)) log.appendMarker(producerId, log.producerEpoch(producerId) ?? 0, 'abort');
        }
      }
    }
  }

  initialize(transactionalId: string | null, timeoutMs: number, producerId: number, epoch: number): ProducerIdAnswer {
    if (transactionalId === null)
      return { error: KafkaError.none, producerId: this.#producerIds.take(), producerEpoch: 0 };
    if (transactionalId === '') return noProducerId(KafkaError.invalidRequest);
    if (timeoutMs <= 0 || timeoutMs > this.#options.maxTimeoutMs)
      return noProducerId(KafkaError.invalidTransactionTimeout);
    const transaction = this.#transactions.get(transactionalId) ?? this.#create(transactionalId);
    if (transaction === undefined) return noProducerId(KafkaError.coordinatorNotAvailable);
    const isOther = producerId !== transaction.producerId || epoch !== transaction.epoch;
    if (producerId >= 0 && transaction.epoch >= 0 && isOther) return noProducerId(KafkaError.producerFenced);
    if (preparedOutcome(transaction) !== undefined) return noProducerId(KafkaError.concurrentTransactions);
    if (transaction.state === 'Ongoing') {
      // The markers carry an epoch of their own, which fences the old producer where it still writes.
      this.#raiseEpoch(transaction);
      this.#end(transaction, 'abort');
    }
    if (preparedOutcome(transaction) !== undefined) return noProducerId(KafkaError.concurrentTransactions);
    this.#raiseEpoch(transaction);
    transaction.timeoutMs = timeoutMs;
    transaction.state = 'Empty';
    this.#save(transaction);
    return { error: KafkaError.none, producerId: transaction.producerId, producerEpoch: transaction.epoch };
  }

  addPartitions(producer: ProducerIdentity, partitions: readonly TopicPartition[]): number {
    const found = this.#forWriting(producer);
    if (typeof found === 'number') return found;
    for (const each of partitions) found.partitions.set(partitionKey(each.topic, each.partition), each);
    this.#begin(found);
    return KafkaError.none;
  }

  addGroup(producer: ProducerIdentity, groupId: string): number {
    const found = this.#forWriting(producer);
    if (typeof found === 'number') return found;
    found.groups.add(groupId);
    this.#begin(found);
    return KafkaError.none;
  }

  /** Holds offsets back until the transaction commits. */
  commitOffsets(producer: ProducerIdentity, groupId: string, offsets: readonly CommittedOffset[]): number {
    const found = this.#identify(producer);
    if (typeof found === 'number') return found;
    if (found.state !== 'Ongoing' || !found.groups.has(groupId)) return KafkaError.invalidTxnState;
    this.#options.offsets.commitLater(groupId, found.producerId, offsets);
    return KafkaError.none;
  }

  /** Whether a transactional batch of this producer may go into that partition now. */
  writeProblem(producer: ProducerIdentity, topic: string, partition: number): number {
    const found = this.#identify(producer);
    if (typeof found === 'number') return found === KafkaError.producerFenced ? KafkaError.invalidProducerEpoch : found;
    const isAdded = found.state === 'Ongoing' && found.partitions.has(partitionKey(topic, partition));
    return isAdded ? KafkaError.none : KafkaError.invalidTxnState;
  }

  end(producer: ProducerIdentity, outcome: TransactionOutcome): number {
    const found = this.#identify(producer);
    if (typeof found === 'number') return found;
    if (found.state === 'Ongoing') {
      this.#end(found, outcome);
      return KafkaError.none;
    }
    const prepared = preparedOutcome(found);
    if (prepared !== undefined)
      return prepared === outcome ? KafkaError.concurrentTransactions : KafkaError.invalidTxnState;
    // Asked again after an answer that got lost.
    const isRepeated = found.state === (outcome === 'commit' ? 'CompleteCommit' : 'CompleteAbort');
    return isRepeated ? KafkaError.none : KafkaError.invalidTxnState;
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #ongoing(): Transaction[] {
    return [...this.#transactions.values()].filter(
      (each) => each.state === 'Ongoing' || preparedOutcome(each) !== undefined,
    );
  }

  #identify({ transactionalId, producerId, producerEpoch }: ProducerIdentity): Transaction | number {
    const transaction = this.#transactions.get(transactionalId);
    if (transaction === undefined || transaction.producerId !== producerId) return KafkaError.invalidProducerIdMapping;
    return transaction.epoch === producerEpoch ? transaction : KafkaError.producerFenced;
  }

  #forWriting(producer: ProducerIdentity): Transaction | number {
    const found = this.#identify(producer);
    if (typeof found === 'number') return found;
    return preparedOutcome(found) === undefined ? found : KafkaError.concurrentTransactions;
  }

  #create(id: string): Transaction | undefined {
    if (this.#transactions.size >= this.#options.maxTransactionalIds && !this.#forgetOne()) return undefined;
    const transaction: Transaction = {
      id,
      producerId: this.#producerIds.take(),
      epoch: -1,
      timeoutMs: 0,
      state: 'Empty',
      startedAtMs: 0,
      partitions: new Map(),
      groups: new Set(),
    };
    this.#transactions.set(id, transaction);
    return transaction;
  }

  #forgetOne(): boolean {
    for (const { id, state } of this.#transactions.values()) {
      if (state !== 'Empty' && state !== 'CompleteCommit' && state !== 'CompleteAbort') continue;
      this.#transactions.delete(id);
      this.#timers.delete(id);
      this.#options.metadata.put(['transaction', id], undefined);
      return true;
    }
    return false;
  }

  #raiseEpoch(transaction: Transaction): void {
    if (transaction.epoch < maxEpoch || transaction.state === 'Ongoing') {
      transaction.epoch++;
      return;
    }
    transaction.producerId = this.#producerIds.take();
    transaction.epoch = 0;
  }

  #begin(transaction: Transaction): void {
    if (transaction.state !== 'Ongoing') {
      transaction.state = 'Ongoing';
      transaction.startedAtMs = this.#options.clock.now();
      this.#watch(transaction);
    }
    this.#save(transaction);
  }

  #watch(transaction: Transaction): void {
    const leftMs = transaction.startedAtMs + transaction.timeoutMs - this.#options.clock.now();
    this.#timerOf(transaction).set(Math.max(0, leftMs), () => {
      this.#raiseEpoch(transaction);
      this.#tryUntilDone(transaction, () => {
        this.#end(transaction, 'abort');
      });
    });
  }

  /** What no request waits for has to succeed some time: a full disk may get room again. */
  #tryUntilDone(transaction: Transaction, work: () => void): void {
    try {
      work();
    } catch {
      this.#timerOf(transaction).set(retryMs, () => {
        this.#tryUntilDone(transaction, work);
      });
    }
  }

  #end(transaction: Transaction, outcome: TransactionOutcome): void {
    const before = transaction.state;
    transaction.state = outcome === 'commit' ? 'PrepareCommit' : 'PrepareAbort';
    try {
      this.#save(transaction);
    } catch (error) {
      // Undecided after all: the producer may ask again.
      transaction.state = before;
      throw error;
    }
    this.#complete(transaction);
  }

  /** Writes the markers of a decided transaction. Where a log cannot be written now it is tried again. */
  #complete(transaction: Transaction): void {
    const outcome = preparedOutcome(transaction) ?? 'abort';
    this.#timerOf(transaction).cancel();
    for (const [key, { topic, partition }] of transaction.partitions) {
      const log = this.#options.topics.log(topic, partition);
      const isWritten = log?.appendMarker(transaction.producerId, transaction.epoch, outcome) ?? true;
      if (isWritten) transaction.partitions.delete(key);
    }
    if (transaction.partitions.size > 0) {
      this.#timerOf(transaction).set(retryMs, () => {
        this.#tryUntilDone(transaction, () => {
          this.#complete(transaction);
        });
      });
      return;
    }
    for (const group of transaction.groups) {
      this.#options.offsets.endTransaction(group, transaction.producerId, outcome === 'commit');
    }
    transaction.groups.clear();
    transaction.state = outcome === 'commit' ? 'CompleteCommit' : 'CompleteAbort';
    this.#save(transaction);
  }

  #timerOf({ id }: Transaction): Timer {
    let timer = this.#timers.get(id);
    if (timer === undefined) this.#timers.set(id, (timer = new Timer(this.#options.clock)));
    return timer;
  }

  #save(transaction: Transaction): void {
    this.#options.metadata.put(['transaction', transaction.id], transactionToJson(transaction));
  }
}

function noProducerId(error: number): ProducerIdAnswer {
  return { error, producerId: -1, producerEpoch: -1 };
}
