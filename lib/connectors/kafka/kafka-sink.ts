import type { ConnectorContext } from '../../io/registry.ts';
import type { Sink, WriteId } from '../../io/sink.ts';
import { systemClock } from '../../kernel/clock.ts';
import { failure, messageOf, MillraceError, raise } from '../../kernel/errors.ts';
import type { BrokerLink } from './broker-link.ts';
import { KafkaCluster } from './cluster.ts';
import { partitionOfKey } from './murmur2.ts';
import { requestProduce } from './produce-request.ts';
import { codeName, kafkaCode, protocolFailure } from './protocol-errors.ts';
import { encodeRecordBatch, type OutgoingRecord, sizeOfRecord } from './record-batch-encoder.ts';
import type { SinkSettings } from './sink-options.ts';
import { recordOfRow, type RoutedRecord } from './sink-row.ts';
import { unknownTopic } from './subscription.ts';

/** A topic that was just created takes a moment to be known everywhere. */
const lookUpTimeoutMs = 5000;
/** Bytes gathered over all partitions before they are sent. */
const sendBytes = 4 << 20;

/**
 * Kafka as a sink, at least once: `write` resolves when every record is on all replicas in sync, and a batch that runs again writes
 * its records again.
 *
 * Records are gathered into one batch for each partition; while one request is under way the next is gathered. What a broker answers
 * is checked partition by partition, and a partition it does not answer for is a failure.
 */
export class KafkaSink implements Sink {
  readonly name: string;
  readonly idempotent = false;
  readonly #settings: SinkSettings;
  readonly #context: ConnectorContext;
  readonly #cluster: KafkaCluster;
  /** Where records without a key go now; it moves on with every request. */
  #keyless = 0;

  constructor(settings: SinkSettings, context: ConnectorContext) {
    this.#settings = settings;
    this.#context = context;
    this.#cluster = new KafkaCluster(settings);
    this.name = `kafka:${settings.topic}`;
  }

  async write(_id: WriteId, rows: Iterable<unknown>): Promise<void> {
    let partitions: number | undefined;
    let gathered = new Map<number, OutgoingRecord[]>();
    let gatheredBytes = 0;
    let fullest = 0;
    const sizes = new Map<number, number>();
    let sending: Promise<void> = Promise.resolve();
    const flush = async (): Promise<void> => {
      await sending;
      sending = this.#send(gathered);
      // Awaited before the next one and at the end; until then a failure must not count as unhandled.
      sending.catch(() => undefined);
      gathered = new Map();
      sizes.clear();
      gatheredBytes = 0;
      fullest = 0;
      this.#keyless += 1;
    };
    for (const row of rows) {
      partitions ??= await this.#partitionCount();
      const record = recordOfRow(row, this.#settings.mapping, systemClock.now());
      const partition = this.#partitionOf(record, partitions);
      const size = sizeOfRecord(record);
      if (gatheredBytes > 0 && (fullest + size > this.#settings.batchBytes || gatheredBytes + size > sendBytes)) {
        await flush();
      }
      const list = gathered.get(partition);
      if (list === undefined) gathered.set(partition, [record]);
      else list.push(record);
      const filled = (sizes.get(partition) ?? 0) + size;
      sizes.set(partition, filled);
      fullest = Math.max(fullest, filled);
      gatheredBytes += size;
    }
    if (gatheredBytes > 0) await flush();
    await sending;
  }

  async close(): Promise<void> {
    this.#cluster.close();
    await Promise.resolve();
  }

  readonly #warn = (text: string): void => {
    this.#context.warn(`Kafka: ${text}`);
  };

  async #partitionCount(): Promise<number> {
    const { topic, deliveryTimeoutMs } = this.#settings;
    return await this.#failing(async () => {
      const start = performance.now();
      let isUnknown = false;
      return await this.#cluster.retrying(
        async () => {
          const found = (await this.#cluster.metadata([topic])).topics.get(topic);
          const code = found?.error ?? kafkaCode.unknownTopicOrPartition;
          isUnknown = code === kafkaCode.unknownTopicOrPartition || code === kafkaCode.invalidTopic;
          if (isUnknown && performance.now() - start > lookUpTimeoutMs / 2) await unknownTopic(this.#cluster, topic);
          if (found === undefined || code !== 0) throw protocolFailure(code, 'Metadata', { topic });
          return found.leaders.size;
        },
        {
          timeoutMs: deliveryTimeoutMs,
          // A topic that was just made takes a moment to be known; for one that is not there the error to come says all.
          onWait: (text) => {
            if (!isUnknown) this.#warn(text);
          },
        },
      );
    });
  }

  #partitionOf({ partition, key }: RoutedRecord, count: number): number {
    if (partition === undefined) return key === null ? this.#keyless % count : partitionOfKey(key, count);
    if (partition >= count) {
      raise('KAFKA_SEND_PARTITION', { partition, topic: this.#settings.topic, count, last: count - 1 });
    }
    return partition;
  }

  /** Sends until every partition is acknowledged: what fails in passing is sent again, the rest is not. */
  async #send(gathered: ReadonlyMap<number, readonly OutgoingRecord[]>): Promise<void> {
    const { compression: codec, deliveryTimeoutMs } = this.#settings;
    let open = [...gathered].map(([partition, records]) => ({
      partition,
      records,
      batch: encodeRecordBatch(records, { codec }),
    }));
    await this.#failing(async () => {
      await this.#cluster.retrying(
        async () => {
          const results = await this.#sendOnce(open);
          const failed = new Map(results.filter(([, error]) => error !== undefined));
          open = open.filter(({ partition }) => failed.has(partition));
          for (const { partition, records } of open) {
            const error = failed.get(partition);
            if (error !== undefined && !error.retriable) await this.#sendApart(partition, records, error);
          }
          open = open.filter(({ partition }) => failed.get(partition)?.retriable === true);
          const [first] = open;
          const again = first === undefined ? undefined : failed.get(first.partition);
          if (again !== undefined) throw again;
        },
        { timeoutMs: deliveryTimeoutMs, onWait: this.#warn },
      );
    });
  }

  /** One request to each leader, and what became of every partition. */
  async #sendOnce(
    open: readonly { readonly partition: number; readonly batch: Buffer }[],
  ): Promise<[partition: number, error: MillraceError | undefined][]> {
    const { topic, requestTimeoutMs } = this.#settings;
    const byLink = new Map<BrokerLink, (typeof open)[number][]>();
    for (const item of open) {
      const link = await this.#cluster.leader({ topic, partition: item.partition });
      byLink.set(link, [...(byLink.get(link) ?? []), item]);
    }
    const answers = await Promise.all(
      [...byLink].map(async ([link, items]) => {
        try {
          const codes = await requestProduce(link, topic, items, requestTimeoutMs);
          return items.map(({ partition }): [number, MillraceError | undefined] => [
            partition,
            this.#outcome(partition, codes.get(partition)),
          ]);
        } catch (error) {
          if (!(error instanceof MillraceError)) throw error;
          return items.map(({ partition }): [number, MillraceError] => [partition, error]);
        }
      }),
    );
    const results = answers.flat();
    if (results.some(([, error]) => error !== undefined)) this.#cluster.forget(topic);
    return results;
  }

  #outcome(partition: number, code: number | undefined): MillraceError | undefined {
    if (code === kafkaCode.none) return undefined;
    const where = { topic: this.#settings.topic, partition };
    return code === undefined
      ? failure('KAFKA_SEND_FAILED', { topic: where.topic, reason: 'the broker did not answer for it' }, { where })
      : protocolFailure(code, 'Produce', where);
  }

  /** A batch that is too large for the topic is halved until it fits; a single record that does not fit is the error. */
  async #sendApart(partition: number, records: readonly OutgoingRecord[], error: MillraceError): Promise<void> {
    const isTooLarge =
      error.params['error'] === codeName(kafkaCode.messageTooLarge) ||
      error.params['error'] === codeName(kafkaCode.recordListTooLarge);
    if (!isTooLarge) throw error;
    const [first] = records;
    if (records.length === 1 && first !== undefined) {
      const { topic } = this.#settings;
      const limit = 'the topic takes (max.message.bytes)';
      raise(
        'KAFKA_SEND_TOO_LARGE',
        { sizeBytes: sizeOfRecord(first), topic, limit },
        { where: { topic, partition }, cause: error },
      );
    }
    const half = records.length >> 1;
    await this.#send(new Map([[partition, records.slice(0, half)]]));
    await this.#send(new Map([[partition, records.slice(half)]]));
  }

  /** Every failure of writing ends with the status for sinks, except what is wrong with the settings. */
  async #failing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof MillraceError && (error.exitCode === 9 || error.exitCode === 2)) throw error;
      const { topic } = this.#settings;
      const where = error instanceof MillraceError ? error.where : undefined;
      throw failure(
        'KAFKA_SEND_FAILED',
        { topic, reason: messageOf(error) },
        { cause: error, ...(where === undefined ? {} : { where }) },
      );
    }
  }
}
