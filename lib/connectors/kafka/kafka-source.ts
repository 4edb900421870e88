import type { Offset, OffsetRange } from '../../io/offsets.ts';
import type { ReadLimit } from '../../io/read-limit.ts';
import type { ConnectorContext } from '../../io/registry.ts';
import type { PartitionRead, RecordBlock, Source, SourceEnd } from '../../io/source.ts';
import { failure, type MillraceError, messageOf, raise } from '../../kernel/errors.ts';
import { fromPlain } from '../../kernel/plain-error.ts';
import { KafkaCluster } from './cluster.ts';
import { readingOf } from './deserialize.ts';
import { commitGroupOffsets } from './group-offsets.ts';
import { KafkaRecordBlock } from './kafka-record-block.ts';
import type { KafkaRecord } from './kafka-record.ts';
import { earliest, latest } from './list-offsets-request.ts';
import { limitRange } from './limit-range.ts';
import { PartitionCursor } from './partition-cursor.ts';
import { BlockBuilder } from './packed-block.ts';
import { parsePartitionKey, partitionKey, type TopicPartition } from './partition-key.ts';
import type { FromReader, ReaderOptions, ReadOrder } from './read-protocol.ts';
import { openReader, type ReaderPort } from './reader-port.ts';
import type { Readings } from './record-maker.ts';
import type { SourceSettings } from './source-options.ts';
import { startingOffsets } from './starting-offsets.ts';
import { subscribedPartitions } from './subscription.ts';

type AnyRecord = KafkaRecord<unknown, unknown>;

/** A partition that was added is noticed by the first plan that is made this long after the last look. */
const metadataMaxAgeMs = 1000;
/** An end before the position may be a leader that has just changed: it gets this long to show the rest. */
const shrinkToleranceMs = 3000;

/**
 * Kafka as a replayable source, without a consumer group: offsets fix what a batch reads, the checkpoint keeps them, and the
 * same offsets give the same records again.
 *
 * Offsets are asked for here; records are read ahead by a thread of its own (`ReadAhead`) and arrive as packed blocks.
 */
export class KafkaSource implements Source<AnyRecord> {
  readonly name: string;
  readonly replayable = true;
  readonly readsApart = true;
  readonly #settings: SourceSettings;
  readonly #context: ConnectorContext;
  readonly #cluster: KafkaCluster;
  readonly #readings: Readings;
  readonly #cursors = new Map<string, PartitionCursor>();
  #reader: ReaderPort | undefined;
  #partitions: readonly TopicPartition[] = [];
  #partitionsAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(settings: SourceSettings, context: ConnectorContext) {
    this.#settings = settings;
    this.#context = context;
    this.#cluster = new KafkaCluster(settings);
    this.#readings = { key: readingOf(settings.key, 'key'), value: readingOf(settings.value, 'value') };
    this.name = nameOf(settings);
  }

  prepare(): void {
    if (this.#context.readsElsewhere !== true) this.#openReader();
    // Whoever needs the connection tries again, and tells why there is none.
    this.#cluster.anyLink().catch(() => undefined);
  }

  async open(from: Offset | undefined): Promise<Offset> {
    // The reading thread comes up meanwhile.
    const reader = this.#context.readsElsewhere === true ? undefined : this.#openReader();
    try {
      return await this.#cluster.retrying(
        async () => {
          await this.#lookUpPartitions();
          if (from === undefined) return await this.#firstOffsets();
          return await this.#resume(from);
        },
        { timeoutMs: this.#settings.startTimeoutMs, onWait: this.#warn },
      );
    } catch (error) {
      this.#reader = undefined;
      await reader?.close();
      throw error;
    }
  }

  /** Where a batch begins elsewhere, what was read is dropped. */
  readAhead(from: Offset): void {
    this.#ends(Object.keys(from)).then(
      (ends) => {
        // A batch that has begun knows better.
        if (!this.#isClosed && this.#cursors.size === 0) this.#order(from, ends);
      },
      // The first batch asks again.
      () => undefined,
    );
  }

  /** How many offsets lie before a position, from the first that each partition still has. After `open`. */
  async countBefore(position: Offset): Promise<number> {
    const first = await this.#cluster.retrying(
      async () =>
        await startingOffsets(this.#cluster, this.#partitions, { at: 'earliest' }, this.#settings.readCommitted),
      { timeoutMs: this.#settings.startTimeoutMs, onWait: this.#warn },
    );
    return Object.entries(position).reduce((sum, [key, at]) => sum + Math.max(0, at - (first[key] ?? at)), 0);
  }

  async latestOffset(from: Offset, limit: ReadLimit): Promise<SourceEnd> {
    const askedAt = performance.now();
    return await this.#cluster.retrying(
      async () => {
        if (performance.now() - this.#partitionsAt > metadataMaxAgeMs) await this.#lookUpPartitions();
        const start = await this.#withNewPartitions(from);
        const ends = await this.#ends(Object.keys(start));
        const isOverdue = performance.now() - askedAt > shrinkToleranceMs;
        return { ...limitRange(await this.#withinLog(start, ends, isOverdue), ends, limit), latest: ends };
      },
      { timeoutMs: this.#settings.unreachableTimeoutMs, onWait: this.#warn },
    );
  }

  read({ from, until }: OffsetRange): readonly PartitionRead<AnyRecord>[] {
    return this.#order(from, until).map(({ key, cursor, order }) => ({
      partition: key,
      from: order.from,
      until: order.until,
      blocks: () => blocksOf(cursor, order.until, this.#readings),
    }));
  }

  emptyBlock(): RecordBlock<AnyRecord> {
    const none = new BlockBuilder(Buffer.alloc(0), 0).build({ topic: '', partition: 0 }, 0, 0);
    return new KafkaRecordBlock(none, this.#readings, 0, 0, () => undefined);
  }

  /** Group offsets are for other people's tools: a failure is told, it does not fail the batch. */
  async commit(until: Offset): Promise<void> {
    const { groupId } = this.#settings;
    if (groupId === undefined || Object.keys(until).length === 0) return;
    try {
      await commitGroupOffsets(this.#cluster, groupId, until, this.#settings.requestTimeoutMs);
    } catch (error) {
      this.#context.warn(`Kafka: the offsets of group ${groupId} were not committed: ${messageOf(error)}`);
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const reason = failure('KAFKA_CLOSED', { what: 'source', work: 'a batch was reading' });
    for (const cursor of this.#cursors.values()) cursor.fail(undefined, reason);
    this.#cluster.close();
    await this.#reader?.close();
  }

  readonly #warn = (text: string): void => {
    this.#context.warn(`Kafka: ${text}`);
  };

  async #lookUpPartitions(): Promise<void> {
    this.#partitions = await subscribedPartitions(this.#cluster, this.#settings.subscription);
    this.#partitionsAt = performance.now();
  }

  async #firstOffsets(): Promise<Offset> {
    const { startAt, readCommitted } = this.#settings;
    return await startingOffsets(this.#cluster, this.#partitions, startAt, readCommitted);
  }

  /** Goes on from a checkpoint: partitions of before must still be there, with the records that come next. */
  async #resume(from: Offset): Promise<Offset> {
    const { failOnDataLoss } = this.#settings;
    const current = new Set(this.#partitions.map(({ topic, partition }) => partitionKey(topic, partition)));
    const kept: Record<string, number> = {};
    for (const [key, position] of Object.entries(from)) {
      if (current.has(key)) {
        kept[key] = position;
        continue;
      }
      if (failOnDataLoss && this.#isSubscribed(key)) raise('SOURCE_GONE', { what: `Partition ${key}` });
      this.#warn(`partition ${key} of the checkpoint is not read any more`);
    }
    const keys = Object.keys(kept);
    const [firsts, ends] = await Promise.all([this.#offsets(keys, earliest), this.#offsets(keys, latest)]);
    for (const key of keys) {
      const [position, first, end] = [kept[key] ?? 0, firsts[key] ?? 0, ends[key] ?? 0];
      const error =
        position > end ? beyondEnd(key, position, end) : position < first ? lost(key, position, first, end) : undefined;
      if (error === undefined) continue;
      if (failOnDataLoss) throw error;
      this.#warn(error.message);
      kept[key] = first;
    }
    return await this.#withNewPartitions(kept);
  }

  #isSubscribed(key: string): boolean {
    const { topic, partition } = parsePartitionKey(key);
    const { subscription } = this.#settings;
    if (subscription.by === 'topics') return subscription.topics.includes(topic);
    if (subscription.by === 'pattern') return subscription.pattern.test(topic);
    return subscription.assignment.get(topic)?.includes(partition) ?? false;
  }

  /** Partitions that appeared since are read from their beginning: nothing in them was ever seen. */
  async #withNewPartitions(from: Offset): Promise<Offset> {
    const added = this.#partitions
      .map(({ topic, partition }) => partitionKey(topic, partition))
      .filter((key) => !(key in from));
    if (added.length === 0) return from;
    const firsts = await this.#offsets(added, earliest);
    this.#context.warn(`Kafka: reading new partitions from their beginning: ${added.join(', ')}`);
    return { ...from, ...firsts };
  }

  /** A position beyond the end is waited for, then an error, or the beginning of the new log where loss is allowed. */
  async #withinLog(start: Offset, ends: Offset, isOverdue: boolean): Promise<Offset> {
    const beyond = Object.entries(start).filter(([key, position]) => (ends[key] ?? position) < position);
    const [first] = beyond;
    if (first === undefined) return start;
    const [key, position] = first;
    if (!isOverdue) throw notYetThere(key);
    const error = beyondEnd(key, position, ends[key] ?? 0);
    if (this.#settings.failOnDataLoss) throw error;
    this.#warn(error.message);
    return {
      ...start,
      ...(await this.#offsets(
        beyond.map(([name]) => name),
        earliest,
      )),
    };
  }

  async #ends(keys: readonly string[]): Promise<Offset> {
    return await this.#offsets(keys, latest);
  }

  async #offsets(keys: readonly string[], timestamp: number): Promise<Offset> {
    if (keys.length === 0) return {};
    const queries = keys.map((key) => ({ ...parsePartitionKey(key), timestamp }));
    const found = await this.#cluster.offsets(queries, this.#settings.readCommitted);
    return Object.fromEntries(keys.map((key) => [key, found.get(key) ?? 0]));
  }

  #cursor(key: string): PartitionCursor {
    const known = this.#cursors.get(key);
    if (known !== undefined) return known;
    const cursor = new PartitionCursor(parsePartitionKey(key), (message) => {
      this.#reader?.post(message);
    });
    this.#cursors.set(key, cursor);
    return cursor;
  }

  #order(
    from: Offset,
    until: Offset,
  ): readonly { readonly key: string; readonly cursor: PartitionCursor; readonly order: ReadOrder }[] {
    const reader = this.#openReader();
    const parts = Object.entries(until).map(([key, end]) => {
      const cursor = this.#cursor(key);
      return { key, cursor, order: cursor.order(from[key] ?? end, end) };
    });
    reader.post({ kind: 'read', orders: parts.map(({ order }) => order).filter((order) => order.from < order.until) });
    return parts;
  }

  #openReader(): ReaderPort {
    if (this.#isClosed) raise('KAFKA_CLOSED', { what: 'source', work: 'a range was asked for' });
    this.#reader ??= openReader(
      readerOptions(this.#settings),
      {
        message: (message) => {
          this.#receive(message);
        },
        ended: (reason) => {
          this.#reader = undefined;
          for (const cursor of this.#cursors.values()) cursor.fail(undefined, reason);
        },
      },
      this.#context.warn,
    );
    return this.#reader;
  }

  #receive(message: FromReader): void {
    switch (message.kind) {
      case 'block':
        this.#cursor(message.key).receive(message.generation, message.block);
        break;
      case 'failed':
        this.#cursor(message.key).fail(message.generation, fromPlain(message.error));
        break;
      case 'warning':
        this.#context.warn(message.text);
        break;
    }
  }
}

async function* blocksOf(
  cursor: PartitionCursor,
  until: number,
  readings: Readings,
): AsyncGenerator<RecordBlock<AnyRecord>, void, undefined> {
  for await (const { block, first, end, release } of cursor.slices(until)) {
    yield new KafkaRecordBlock(block, readings, first, end, release);
  }
}

function readerOptions(settings: SourceSettings): ReaderOptions {
  const { brokers, clientId, ssl, sasl, connectionTimeoutMs, requestTimeoutMs, unreachableTimeoutMs } = settings;
  const { readCommitted, failOnDataLoss, maxBufferedBytes, maxRecordBytes } = settings;
  return {
    brokers,
    clientId,
    ssl,
    sasl,
    connectionTimeoutMs,
    requestTimeoutMs,
    unreachableTimeoutMs,
    readCommitted,
    failOnDataLoss,
    maxBufferedBytes,
    maxRecordBytes,
  };
}

function nameOf({ subscription }: SourceSettings): string {
  if (subscription.by === 'topics') return `kafka:${subscription.topics.join(',')}`;
  if (subscription.by === 'pattern') return `kafka:${subscription.pattern.source}`;
  return `kafka:${[...subscription.assignment].map(([topic, list]) => `${topic}[${list.join(',')}]`).join(',')}`;
}

function beyondEnd(key: string, offset: number, end: number): MillraceError {
  const where = { ...parsePartitionKey(key), offset };
  return failure('SOURCE_BEYOND_END', { partition: key, offset, latest: end }, { where });
}

function lost(key: string, from: number, first: number, end: number): MillraceError {
  const where = { ...parsePartitionKey(key), offset: from };
  return failure('SOURCE_DATA_LOST', { partition: key, from, until: first, earliest: first, latest: end }, { where });
}

function notYetThere(key: string): MillraceError {
  return failure(
    'KAFKA_BROKER_BUSY',
    { request: 'ListOffsets', error: 'an end before the position' },
    { where: parsePartitionKey(key) },
  );
}
