import type { BrokerLink, WireRequest } from './broker-link.ts';
import { KafkaCluster } from './cluster.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { earliest, latest } from './list-offsets-request.ts';
import { partitionKey } from './partition-key.ts';
import { codeName } from './protocol-errors.ts';
import { WireReader, WireWriter } from './wire.ts';

/** A partition as people ask for it. */
interface PartitionDescription {
  readonly partition: number;
  /** Id of the broker that leads it, -1 when none does. */
  readonly leader: number;
  /** First offset that is there, and the one the next record gets. */
  readonly from: number;
  readonly until: number;
}

export interface TopicDescription {
  readonly name: string;
  readonly partitions: readonly PartitionDescription[];
}

/** What the broker said to a change: no reason means that it was done. */
export interface TopicAnswer {
  readonly topic: string;
  readonly reason: string | undefined;
}

const patienceMs = 10_000;
/** Somebody waits at a terminal: a broker that is not there is said soon. */
const lookUpMs = 4000;
/** NOT_CONTROLLER: clusters before KRaft want changes at one of their brokers. */
const notController = 41;

/** Topics of a cluster: list, describe, create, delete. Every call ends within ten seconds with an answer or a coded error. */
export class TopicAdmin {
  readonly #cluster: KafkaCluster;

  constructor(options: ConnectionOptions) {
    this.#cluster = new KafkaCluster(options);
  }

  /** Names with their number of partitions, in order of name; internal topics are left out. */
  async list(): Promise<readonly { readonly name: string; readonly partitions: number }[]> {
    const { topics } = await this.#retrying(async () => await this.#cluster.metadata(undefined));
    return [...topics.values()]
      .filter(({ isInternal }) => !isInternal)
      .map(({ name, leaders }) => ({ name, partitions: leaders.size }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Undefined when there is no such topic. */
  async describe(topic: string): Promise<TopicDescription | undefined> {
    const { topics } = await this.#retrying(async () => await this.#cluster.metadata([topic]));
    const leaders = topics.get(topic)?.leaders ?? new Map<number, number>();
    if (leaders.size === 0) return undefined;
    const ends = async (timestamp: number): Promise<ReadonlyMap<string, number>> => {
      const queries = [...leaders.keys()].map((partition) => ({ topic, partition, timestamp }));
      return await this.#retrying(async () => await this.#cluster.offsets(queries, false));
    };
    const [from, until] = [await ends(earliest), await ends(latest)];
    const partitions = [...leaders].map(([partition, leader]) => {
      const key = partitionKey(topic, partition);
      return { partition, leader, from: from.get(key) ?? 0, until: until.get(key) ?? 0 };
    });
    return { name: topic, partitions };
  }

  /** CreateTopics v2, the replication factor left to 1: these are topics for development. */
  async create(topic: string, partitions: number): Promise<TopicAnswer> {
    const body = new WireWriter();
    body.list([topic], (name) => {
      body.text(name).int32(partitions).int16(1).int32(0).int32(0);
    });
    body.int32(patienceMs).int8(0);
    return await this.#change(
      topic,
      { apiKey: 19, apiName: 'CreateTopics', apiVersion: 2, body: body.bytes },
      (reader) => {
        reader.text();
        const code = reader.int16();
        return { code, message: reader.text() };
      },
    );
  }

  /** DeleteTopics v1. */
  async delete(topic: string): Promise<TopicAnswer> {
    const body = new WireWriter();
    body.list([topic], (name) => {
      body.text(name);
    });
    body.int32(patienceMs);
    return await this.#change(
      topic,
      { apiKey: 20, apiName: 'DeleteTopics', apiVersion: 1, body: body.bytes },
      (reader) => {
        reader.text();
        return { code: reader.int16(), message: null };
      },
    );
  }

  /** The brokers that are there, `host:port` each. */
  async brokers(): Promise<readonly string[]> {
    const { brokers } = await this.#retrying(async () => await this.#cluster.metadata([]));
    return [...brokers.values()].map(({ host, port }) => `${host}:${port}`);
  }

  close(): void {
    this.#cluster.close();
  }

  async #change(
    topic: string,
    request: WireRequest,
    read: (reader: WireReader) => { readonly code: number; readonly message: string | null },
  ): Promise<TopicAnswer> {
    let answer: TopicAnswer | undefined;
    for (const link of await this.#links()) {
      link.version(request.apiKey, request.apiName, request.apiVersion, request.apiVersion);
      // Both begin with the throttle time.
      const result = await link.send(
        request,
        (bytes) => {
          const reader = new WireReader(bytes, 4);
          return reader.list(() => read(reader))[0];
        },
        patienceMs,
      );
      const { code, message } = result ?? { code: -1, message: null };
      answer = { topic, reason: code === 0 ? undefined : (message ?? codeName(code)) };
      if (code !== notController) return answer;
    }
    return answer ?? { topic, reason: 'no broker answered' };
  }

  async #links(): Promise<readonly BrokerLink[]> {
    const { brokers } = await this.#retrying(async () => await this.#cluster.metadata([]));
    const links: BrokerLink[] = [];
    for (const address of brokers.values()) links.push(await this.#cluster.linkTo(address));
    return links;
  }

  async #retrying<T>(work: () => Promise<T>): Promise<T> {
    return await this.#cluster.retrying(work, { timeoutMs: lookUpMs });
  }
}
