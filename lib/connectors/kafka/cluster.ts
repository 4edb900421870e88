import { failure, messageOf, MillraceError, raise } from '../../kernel/errors.ts';
import { type BrokerAddress, BrokerLink } from './broker-link.ts';
import type { FrameMemory } from './frame-memory.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { type OffsetQuery, requestOffsets } from './list-offsets-request.ts';
import { type ClusterMetadata, requestMetadata, type TopicMetadata } from './metadata-request.ts';
import { partitionKey, type TopicPartition } from './partition-key.ts';
import { kafkaCode, protocolFailure } from './protocol-errors.ts';
import { within } from './within.ts';

export interface RetryRules {
  readonly timeoutMs: number;
  /** Told once when it begins to wait and then every few seconds. */
  readonly onWait?: (text: string) => void;
}

const warnEveryMs = 5000;
const firstPauseMs = 50;
const longestPauseMs = 1000;

/**
 * The brokers of one cluster: who leads what, and a link to each that is opened when first needed.
 *
 * Single calls fail at once with a coded error; `retrying` repeats them with fresh metadata and fresh links until its time is over.
 */
export class KafkaCluster {
  readonly #options: ConnectionOptions;
  readonly #links = new Map<string, Promise<BrokerLink>>();
  readonly #memory: FrameMemory | undefined;
  #metadata: ClusterMetadata = { brokers: new Map(), topics: new Map() };
  #closed = false;
  readonly #waiting = new Set<() => void>();

  constructor(options: ConnectionOptions, memory?: FrameMemory) {
    this.#options = options;
    this.#memory = memory;
  }

  get addresses(): string {
    return this.#options.brokers.join(', ');
  }

  /**
   * Runs `work` again while it fails with a retriable error, and ends in time whatever it does. What cannot pass (a wrong password, an unknown API) leaves at once.
   */
  async retrying<T>(work: () => Promise<T>, { timeoutMs, onWait }: RetryRules): Promise<T> {
    const start = performance.now();
    let pauseMs = firstPauseMs;
    let warnAtMs = 0;
    let last: MillraceError | undefined;
    for (;;) {
      try {
        const leftMs = Math.max(1, timeoutMs - (performance.now() - start));
        return await within(
          work(),
          leftMs,
          () => last ?? failure('KAFKA_NO_ANSWER', { address: this.addresses, request: 'the requests', timeoutMs }),
        );
      } catch (error) {
        last = error instanceof MillraceError ? error : undefined;
        const waitedMs = performance.now() - start;
        if (!(error instanceof MillraceError) || !error.retriable || this.#closed) throw error;
        if (waitedMs >= timeoutMs) throw this.#givingUp(error);
        // The first seconds pass in silence: a leader that moves is no news.
        if (waitedMs >= Math.max(warnAtMs, 500)) {
          onWait?.(`${retryText(error)}, retrying (${Math.round(waitedMs / 1000)} s): ${messageOf(error)}`);
          warnAtMs = waitedMs + warnEveryMs;
        }
        await this.#pause(Math.min(pauseMs, timeoutMs - waitedMs));
        if (this.#closed) raise('KAFKA_CLOSED', { what: 'connection', work: 'waiting for a broker' });
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  /** Fresh metadata of these topics (`undefined`: of all). What it says of others stays known. */
  async metadata(topics: readonly string[] | undefined): Promise<ClusterMetadata> {
    const fresh = await requestMetadata(await this.#anyLink(), topics);
    this.#metadata = { brokers: fresh.brokers, topics: new Map([...this.#metadata.topics, ...fresh.topics]) };
    return fresh;
  }

  topic(name: string): TopicMetadata | undefined {
    return this.#metadata.topics.get(name);
  }

  /** The link to the leader of a partition by the metadata at hand, which is asked for when it is missing. */
  async leader({ topic, partition }: TopicPartition): Promise<BrokerLink> {
    const known = this.#metadata.topics.get(topic)?.leaders.get(partition);
    if (known === undefined || known < 0 || !this.#metadata.brokers.has(known)) await this.metadata([topic]);
    const entry = this.#metadata.topics.get(topic);
    const node = entry?.leaders.get(partition) ?? -1;
    const address = this.#metadata.brokers.get(node);
    if (address === undefined) {
      const code = entry === undefined || entry.error === 0 ? kafkaCode.leaderNotAvailable : entry.error;
      throw protocolFailure(code, 'Metadata', { topic, partition });
    }
    return await this.#link(address);
  }

  /** Forgets who leads this topic: the next call asks. */
  forget(topic: string): void {
    const topics = new Map(this.#metadata.topics);
    topics.delete(topic);
    this.#metadata = { brokers: this.#metadata.brokers, topics };
  }

  /** Offsets by partition key. Fails as a whole, retriably where a leader moved. */
  async offsets(queries: readonly OffsetQuery[], readCommitted: boolean): Promise<ReadonlyMap<string, number>> {
    const byLink = new Map<BrokerLink, OffsetQuery[]>();
    for (const query of queries) {
      const link = await this.leader(query);
      byLink.set(link, [...(byLink.get(link) ?? []), query]);
    }
    const answers = await Promise.all(
      [...byLink].map(async ([link, asked]) => await requestOffsets(link, asked, readCommitted)),
    );
    const found = new Map<string, number>();
    for (const { topic, partition, error, offset } of answers.flat()) {
      if (error !== 0) {
        this.forget(topic);
        throw protocolFailure(error, 'ListOffsets', { topic, partition });
      }
      found.set(partitionKey(topic, partition), offset);
    }
    return found;
  }

  /** A link to the broker at an address that some answer named. */
  async linkTo(address: BrokerAddress): Promise<BrokerLink> {
    return await this.#link(address);
  }

  /** Any broker that is up: those that are connected first, then all that are known, then the ones given as `brokers`. */
  async anyLink(): Promise<BrokerLink> {
    return await this.#anyLink();
  }

  close(): void {
    this.#closed = true;
    for (const wake of this.#waiting) wake();
    for (const opening of this.#links.values()) {
      opening.then(
        (link) => {
          link.close();
        },
        () => undefined,
      );
    }
    this.#links.clear();
  }

  async #anyLink(): Promise<BrokerLink> {
    const seeds = this.#options.brokers.map(parseAddress);
    const known = [...this.#metadata.brokers.values()];
    const open = known.filter((address) => this.#links.has(addressKey(address)));
    const reasons: string[] = [];
    const tried = new Set<string>();
    let definite: MillraceError | undefined;
    for (const address of [...open, ...seeds, ...known]) {
      if (tried.has(addressKey(address))) continue;
      tried.add(addressKey(address));
      try {
        return await this.#link(address);
      } catch (error) {
        if (this.#closed || !(error instanceof MillraceError)) throw error;
        if (!error.retriable) definite ??= error;
        reasons.push(`${addressKey(address)}: ${reasonOf(error)}`);
      }
    }
    if (definite !== undefined) throw definite;
    return raise('KAFKA_UNREACHABLE', { addresses: this.addresses, reason: reasons.join('; ') });
  }

  async #link(address: BrokerAddress): Promise<BrokerLink> {
    if (this.#closed) raise('KAFKA_CLOSED', { what: 'connection', work: 'a request was made' });
    const key = addressKey(address);
    const existing = this.#links.get(key);
    if (existing !== undefined) {
      const link = await existing;
      if (link.isAlive) return link;
      if (this.#links.get(key) === existing) this.#links.delete(key);
      return await this.#link(address);
    }
    const opening = BrokerLink.open(address, this.#options, this.#memory);
    this.#links.set(key, opening);
    try {
      const link = await opening;
      if (this.#closed) link.close();
      return link;
    } catch (error) {
      if (this.#links.get(key) === opening) this.#links.delete(key);
      throw error;
    }
  }

  #givingUp(error: MillraceError): MillraceError {
    if (error.code !== 'KAFKA_CONNECTION_LOST') return error;
    return failure(
      'KAFKA_UNREACHABLE',
      { addresses: this.addresses, reason: reasonOf(error) },
      { cause: error, ...(error.where === undefined ? {} : { where: error.where }) },
    );
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
    });
  }
}

/** `host:port`, `[::1]:9092`; the port may be left out. */
export function parseAddress(text: string): BrokerAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/u.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? 9092);
  if (host === undefined || port < 1 || port > 65_535) {
    return raise('CONFIG_VALUE', { name: 'brokers', value: text, expected: 'addresses of the form host:port' });
  }
  return { host, port };
}

function addressKey({ host, port }: BrokerAddress): string {
  return `${host}:${port}`;
}

function reasonOf(error: MillraceError): string {
  const { reason } = error.params;
  if (error.code === 'KAFKA_CONNECTION_LOST' && typeof reason === 'string') return reason;
  return error.code === 'KAFKA_NO_ANSWER' ? 'it accepts connections but does not answer' : error.message;
}

function retryText(error: MillraceError): string {
  return error.code === 'KAFKA_BROKER_BUSY' ? 'broker not ready' : 'broker unreachable';
}
