import { failure, MillraceError, raise } from '../../kernel/errors.ts';
import { nextTurn } from '../../kernel/turns.ts';
import { toPlain } from '../../kernel/plain-error.ts';
import type { BrokerLink } from './broker-link.ts';
import { decodeBlocks, nextPosition } from './block-decoder.ts';
import { KafkaCluster } from './cluster.ts';
import { FrameMemory } from './frame-memory.ts';
import { answerHeadBytes, type FetchAnswer, type FetchPlace, requestFetch } from './fetch-request.ts';
import { earliest, latest } from './list-offsets-request.ts';
import { buffersOf, type PackedBlock, sizeOfBlock } from './packed-block.ts';
import { partitionKey, type TopicPartition } from './partition-key.ts';
import { kafkaCode, protocolFailure } from './protocol-errors.ts';
import type { FromReader, ReaderOptions, ReadOrder, ToReader } from './read-protocol.ts';

/** Hands a message over; the buffers change their owner. */
export type Post = (message: FromReader, buffers: ArrayBuffer[]) => void;

/** Requests under way at once: one is on the wire while the answer of another is decoded. */
const maxInFlight = 2;
/** Partitions that share a request with the one whose turn it is. */
const maxCompanions = 63;
const largestFetchBytes = 4 << 20;
const smallestFetchBytes = 64 << 10;
/** How long a partition that nobody knows any more is waited for: topics are slow to appear on all brokers. */
const goneAfterMs = 5000;
/** The error code for records that a new leader does not show yet; an empty answer for records that exist says the same. */
const offsetNotAvailable = 78;

/** One partition being read. */
interface Lane extends TopicPartition {
  readonly key: string;
  generation: number;
  /** Where the next fetch begins. */
  position: number;
  /** End of what the engine has planned to read. */
  plannedUntil: number;
  /** Bytes of a record, as they were in the last answer. */
  recordBytes: number;
  /** As far as records are known to be there. */
  knownEnd: number;
  isFetching: boolean;
  /** The consumer waits: one block may come even when the budget is used up. */
  isWanted: boolean;
  hasFailed: boolean;
  /** Decoding in order: the end of the last piece of work. */
  decoding: Promise<void>;
}

/**
 * Reads partitions ahead of their consumer, within a budget of bytes: planned ranges first, in the order of the plan, then what is
 * known to be in the log behind them.
 *
 * - Bytes count from the request until the engine gives them back, so memory stays bounded however slow the consumer is.
 * - Partitions whose turn has not come may take half of the budget: the one being consumed is never starved by them.
 * - A consumer that waits gets one block in any case, also when that block alone is larger than the budget.
 * - A broker that goes away is asked again until `unreachableTimeoutMs`; nothing is skipped and nothing comes twice.
 *
 * It is the whole of the reading thread; without a thread (specs, settings that cannot be cloned) it runs beside the engine.
 */
export class ReadAhead {
  readonly #options: ReaderOptions;
  readonly #post: Post;
  readonly #memory = new FrameMemory();
  readonly #cluster: KafkaCluster;
  /** In the order of the plan. */
  readonly #lanes = new Map<string, Lane>();
  readonly #fetchBytes: number;
  #heldBytes = 0;
  #inFlight = 0;
  #closed = false;
  readonly #creditWaiters = new Set<() => void>();

  constructor(options: ReaderOptions, post: Post) {
    this.#options = options;
    this.#post = post;
    this.#cluster = new KafkaCluster(options, this.#memory);
    const share = options.maxBufferedBytes >> 4;
    this.#fetchBytes = Math.min(largestFetchBytes, Math.max(smallestFetchBytes, share));
  }

  /** Connects before the first order comes. Whoever needs the connection tries again, and tells why there is none. */
  connect(): void {
    this.#cluster.anyLink().catch(() => undefined);
  }

  handle(message: ToReader): void {
    switch (message.kind) {
      case 'read':
        this.#plan(message.orders);
        break;
      case 'want':
        this.#want(message.key);
        break;
      case 'credit':
        this.#heldBytes -= message.sizeBytes;
        for (const buffer of message.memory) this.#memory.giveBack(buffer);
        for (const wake of this.#creditWaiters) wake();
        break;
      case 'close':
        this.#closed = true;
        for (const wake of this.#creditWaiters) wake();
        this.#cluster.close();
        return;
    }
    this.#pump();
  }

  #plan(orders: readonly ReadOrder[]): void {
    for (const { topic, partition, from, until, generation } of orders) {
      const key = partitionKey(topic, partition);
      const lane = this.#lanes.get(key) ?? newLane(key, topic, partition);
      if (lane.generation !== generation) {
        lane.generation = generation;
        lane.position = from;
        lane.isWanted = false;
        lane.hasFailed = false;
      }
      lane.plannedUntil = until;
      lane.knownEnd = Math.max(lane.knownEnd, until);
      this.#lanes.set(key, lane);
    }
  }

  #want(key: string): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined) return;
    lane.isWanted = true;
    for (const wake of this.#creditWaiters) wake();
  }

  #pump(): void {
    while (!this.#closed && this.#inFlight < maxInFlight) {
      const lane = this.#next();
      if (lane === undefined) return;
      void this.#fetch(lane, this.#companions(lane));
    }
  }

  /** What to fetch now. */
  #next(): Lane | undefined {
    const budget = this.#options.maxBufferedBytes;
    const after = this.#heldBytes + this.#fetchBytes;
    let isTurn = true;
    let ahead: Lane | undefined;
    for (const lane of this.#lanes.values()) {
      if (lane.isFetching || lane.hasFailed) {
        if (lane.position < lane.plannedUntil) isTurn = false;
        continue;
      }
      if (lane.position < lane.plannedUntil) {
        if (lane.isWanted || after <= (isTurn ? budget : budget / 2)) return lane;
        isTurn = false;
      } else if (lane.position < lane.knownEnd) {
        ahead ??= lane;
      }
    }
    return after <= budget / 2 ? ahead : undefined;
  }

  /**
   * Partitions of the plan with so little left that one answer holds them too. One with much left goes alone: then its answer needs
   * no copying, and the other request that may be under way is that of the next partition.
   */
  #companions(first: Lane): Lane[] {
    const companions: Lane[] = [];
    let room = this.#fetchBytes - bytesLeft(first);
    for (const lane of this.#lanes.values()) {
      if (room <= 0 || companions.length === maxCompanions) break;
      if (lane === first || lane.isFetching || lane.hasFailed || lane.position >= lane.plannedUntil) continue;
      room -= bytesLeft(lane);
      if (room >= 0) companions.push(lane);
    }
    return companions;
  }

  /** Fetches, moves the positions, and decodes while the next request is already on its way. */
  async #fetch(lane: Lane, companions: readonly Lane[]): Promise<void> {
    const { generation } = lane;
    const expected = new Map([lane, ...companions].map((each) => [each.key, each.generation]));
    for (const each of [lane, ...companions]) each.isFetching = true;
    this.#inFlight += 1;
    this.#heldBytes += this.#fetchBytes;
    let reserved = this.#fetchBytes;
    try {
      const answers = await this.#ask(lane, generation, companions);
      this.#heldBytes -= reserved;
      reserved = 0;
      for (const answer of answers) this.#take(answer, expected, lane);
    } catch (error) {
      this.#fail(lane, generation, error);
    } finally {
      this.#heldBytes -= reserved;
      for (const each of [lane, ...companions]) each.isFetching = false;
      this.#inFlight -= 1;
      this.#pump();
    }
  }

  /** Accepts one partition's part of an answer. Parts of companions may be empty or faulty: they are asked for again as first. */
  #take(answer: FetchAnswer, expected: ReadonlyMap<string, number>, first: Lane): void {
    const key = partitionKey(answer.topic, answer.partition);
    const lane = this.#lanes.get(key);
    if (lane === undefined || lane.generation !== expected.get(key) || answer.error !== 0) return;
    const from = lane.position;
    const next = nextPosition(answer) ?? from;
    lane.knownEnd = Math.max(
      lane.plannedUntil,
      this.#options.readCommitted ? answer.lastStableOffset : answer.highWatermark,
    );
    if (next <= from) {
      if (lane !== first) return;
      const { topic, partition } = lane;
      const reason = `no complete batch in ${answer.end - answer.start} bytes`;
      raise('KAFKA_CORRUPT_BATCH', { reason }, { where: { topic, partition, offset: from } });
    }
    lane.position = next;
    lane.recordBytes = (answer.end - answer.start) / (next - from);
    const { generation } = lane;
    const received = answer.bytes.length;
    this.#heldBytes += received;
    lane.decoding = lane.decoding.then(async () => {
      await this.#decode(lane, generation, answer, from, received);
    });
  }

  /** An answer with records for the lane's position. Data loss and leaders that move are dealt with here. */
  async #ask(lane: Lane, generation: number, companions: readonly Lane[]): Promise<readonly FetchAnswer[]> {
    const { topic, partition } = lane;
    const askedAt = performance.now();
    return await this.#cluster.retrying(
      async () => {
        if (this.#closed || lane.generation !== generation) return [];
        const link = await this.#cluster.leader(lane);
        link.maxAnswerBytes = this.#fetchBytes + this.#options.maxRecordBytes + answerHeadBytes;
        const where = { topic, partition, offset: lane.position };
        const places = [lane, ...(await this.#ledBy(link, companions))].map(placeOf);
        const { readCommitted } = this.#options;
        const answers = await located(
          where,
          async () => await requestFetch(link, { places, maxBytes: this.#fetchBytes, readCommitted }),
        );
        const answer = answers.find((part) => part.topic === topic && part.partition === partition);
        const error = answer?.error ?? kafkaCode.unknownTopicOrPartition;
        if (answer !== undefined && error === 0 && answer.end > answer.start) return answers;
        this.#cluster.forget(topic);
        const isOverdue = performance.now() - askedAt > goneAfterMs;
        if (error === kafkaCode.offsetOutOfRange || (error === 0 && isOverdue)) {
          await this.#passGap(lane, generation);
          return await this.#ask(lane, generation, []);
        }
        if (error === kafkaCode.unknownTopicOrPartition && isOverdue) {
          return raise('SOURCE_GONE', { what: `Partition ${lane.key}` }, { where });
        }
        throw protocolFailure(error === 0 ? offsetNotAvailable : error, 'Fetch', where);
      },
      {
        timeoutMs: this.#options.unreachableTimeoutMs,
        onWait: (text) => {
          this.#post({ kind: 'warning', text: `Kafka: ${text}` }, []);
        },
      },
    );
  }

  /** Those that this broker leads. A partition without a leader waits for its own turn to say so. */
  async #ledBy(link: BrokerLink, lanes: readonly Lane[]): Promise<Lane[]> {
    const led: Lane[] = [];
    for (const lane of lanes) {
      try {
        if ((await this.#cluster.leader(lane)) === link) led.push(lane);
      } catch (error) {
        if (!(error instanceof MillraceError)) throw error;
      }
    }
    return led;
  }

  /** The position is not in the log. What is missing is named exactly; with `failOnDataLoss: false` it is counted and skipped. */
  async #passGap(lane: Lane, generation: number): Promise<void> {
    const { topic, partition, key, position } = lane;
    const { readCommitted, failOnDataLoss } = this.#options;
    const find = async (timestamp: number): Promise<number> =>
      (await this.#cluster.offsets([{ topic, partition, timestamp }], readCommitted)).get(key) ?? 0;
    const first = await find(earliest);
    const end = await find(latest);
    if (position >= first && position < end) return;
    const where = { topic, partition, offset: position };
    if (position >= end) raise('SOURCE_BEYOND_END', { partition: key, offset: position, latest: end }, { where });
    const loss = failure(
      'SOURCE_DATA_LOST',
      { partition: key, from: position, until: first, earliest: first, latest: end },
      { where },
    );
    if (failOnDataLoss) throw loss;
    if (lane.generation !== generation) return;
    const lost = first - position;
    this.#post({ kind: 'warning', text: `Kafka: ${lost} records lost. ${loss.message}` }, []);
    lane.position = first;
    this.#hand(lane, generation, emptyBlock(lane, position, first), 0);
  }

  async #decode(lane: Lane, generation: number, answer: FetchAnswer, from: number, received: number): Promise<void> {
    // Lets the next request reach the wire before the thread is busy decoding.
    await nextTurn();
    let pending = received;
    try {
      const blocks = decodeBlocks(answer, from, {
        readCommitted: this.#options.readCommitted,
        maxRecordBytes: this.#options.maxRecordBytes,
        maxBatchBytes: Math.max(this.#options.maxBufferedBytes, this.#options.maxRecordBytes),
        blockBytes: this.#fetchBytes,
        columns: (sizeBytes) => this.#memory.take(sizeBytes).buffer as ArrayBuffer,
      });
      for (const block of blocks) {
        // Behind a failure nothing may follow: the consumer would not see the hole.
        if (lane.generation !== generation || lane.hasFailed || this.#closed) return;
        // The answer itself is the block's memory when nothing was packed.
        if (block.bytes.buffer === answer.bytes.buffer) {
          this.#hand(lane, generation, block, sizeOfBlock(block) - pending);
          pending = 0;
        } else {
          this.#hand(lane, generation, block, sizeOfBlock(block));
          await this.#room(lane);
        }
      }
    } catch (error) {
      this.#fail(lane, generation, error);
    } finally {
      this.#heldBytes -= pending;
      this.#pump();
    }
  }

  #hand(lane: Lane, generation: number, block: PackedBlock, moreBytes: number): void {
    this.#heldBytes += moreBytes;
    lane.isWanted = false;
    this.#post({ kind: 'block', key: lane.key, generation, block }, buffersOf(block));
  }

  /** Packed data grows when it is unpacked: waits until the engine has taken enough. */
  async #room(lane: Lane): Promise<void> {
    while (!this.#closed && !lane.isWanted && this.#heldBytes > this.#options.maxBufferedBytes) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#creditWaiters.delete(wake);
          resolve();
        };
        this.#creditWaiters.add(wake);
      });
    }
  }

  #fail(lane: Lane, generation: number, error: unknown): void {
    if (this.#closed || lane.generation !== generation) return;
    lane.hasFailed = true;
    this.#post({ kind: 'failed', key: lane.key, generation, error: toPlain(error) }, []);
  }
}

/** About what the plan still wants of a partition. */
function bytesLeft({ plannedUntil, position, recordBytes }: Lane): number {
  return Math.max(0, plannedUntil - position) * recordBytes;
}

function placeOf({ topic, partition, position }: Lane): FetchPlace {
  return { topic, partition, offset: position };
}

function newLane(key: string, topic: string, partition: number): Lane {
  return {
    key,
    topic,
    partition,
    generation: -1,
    position: 0,
    plannedUntil: 0,
    recordBytes: 256,
    knownEnd: 0,
    isFetching: false,
    isWanted: false,
    hasFailed: false,
    decoding: Promise.resolve(),
  };
}

function emptyBlock({ topic, partition }: TopicPartition, from: number, next: number): PackedBlock {
  const none = new ArrayBuffer(0);
  const column = new Int32Array(none);
  return {
    topic,
    partition,
    from,
    next,
    count: 0,
    bytes: Buffer.from(new ArrayBuffer(0)),
    keyStart: column,
    keySize: column,
    valueStart: column,
    valueSize: column,
    timestamps: new Float64Array(none),
    offsets: undefined,
    firstOffset: from,
    isAscii: true,
    hasHeaders: false,
  };
}

/** Adds the position to an error of the connection that a record caused by its size. */
async function located<T>(
  where: { topic: string; partition: number; offset: number },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MillraceError) || error.where !== undefined) throw error;
    throw new MillraceError(error.code, error.params, { where, cause: error.cause });
  }
}
