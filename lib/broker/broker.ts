import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { messageOf, raise } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { BrokerState } from './apis/api.ts';
import { type BrokerLimits, defaultLimits } from './broker-limits.ts';
import { dispatch } from './dispatch.ts';
import { type Fault, Faults } from './faults.ts';
import { CommittedOffsets } from './groups/committed-offsets.ts';
import { GroupCoordinator } from './groups/group-coordinator.ts';
import { ByteBudget } from './log/byte-budget.ts';
import { BrokerServer } from './server.ts';
import { directoryStorage } from './storage/directory-storage.ts';
import { memoryStorage, type Storage } from './storage/storage.ts';
import { Timer } from './timer.ts';
import { parseTopicSpecs, type TopicSpecs } from './topic-specs.ts';
import { TopicRegistry } from './topics/topic-registry.ts';
import { TransactionCoordinator } from './transactions/transaction-coordinator.ts';

const applyRetentionMs = 10_000;

export interface BrokerOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** The address to listen on, 127.0.0.1 by default: only this machine. */
  readonly host?: string;
  /** Topics to create where they do not exist. */
  readonly topics?: TopicSpecs;
  /** Keeps records and offsets in this directory; without it they end with the broker. */
  readonly dir?: string;
  /** Bytes kept per partition unless a topic says otherwise; all by default. */
  readonly retentionBytes?: number;
  /** Creates a topic when a client asks for its metadata; on by default, as in Kafka. */
  readonly autoCreateTopics?: boolean;
  /** Partitions of topics that do not say, 1 by default. */
  readonly defaultPartitions?: number;
  readonly limits?: Partial<BrokerLimits>;
  /** Misbehaviour for tests. */
  readonly faults?: readonly Fault[];
  /** Takes a line for each connection that is closed for a reason. */
  readonly log?: (line: string) => void;
  readonly clock?: Clock;
}

/** Typed as a table of every option, so that a new one is not forgotten. */
const optionNames = Object.keys({
  port: true,
  host: true,
  topics: true,
  dir: true,
  retentionBytes: true,
  autoCreateTopics: true,
  defaultPartitions: true,
  limits: true,
  faults: true,
  log: true,
  clock: true,
} satisfies Record<keyof BrokerOptions, true>);

export interface NewTopicOptions {
  readonly partitions?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

/** A running broker. */
export interface Broker {
  /** 'host:port' for a client. */
  readonly bootstrap: string;
  readonly port: number;
  /** Puts a misbehaviour in force for tests; the result takes it back. */
  injectFault(fault: Fault): () => void;
  /** Closes all connections at once; clients connect anew. */
  dropConnections(): void;
  /** Creates a topic without a client; raises BROKER_TOPIC where Kafka would refuse it. */
  createTopic(name: string, options?: NewTopicOptions): void;
  /** Closes everything; what lies in a directory stays. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts a Kafka broker for development and tests inside this process.
 *
 * It speaks the Kafka protocol to any client: topics, produce, fetch, groups, transactions. It is one node without replication, TLS or
 * authentication, and listens on this machine only unless told otherwise.
 *
 * @example
 * const broker = await startBroker({ topics: 'orders:3' });
 * broker.bootstrap   // '127.0.0.1:49152'
 * await broker.stop();
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  refuseUnknown('startBroker', options, optionNames);
  refuseUnknown('limits', options.limits ?? {}, Object.keys(defaultLimits));
  const { port = 0, host = '127.0.0.1', clock = systemClock, log = () => undefined } = options;
  const topics = parseTopicSpecs(options.topics ?? {});
  const limits: BrokerLimits = { ...defaultLimits, ...options.limits };
  const faults = new Faults();
  for (const fault of options.faults ?? []) faults.add(fault);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    raise('CONFIG_VALUE', { name: 'port', value: port, expected: 'a port from 0 to 65535' });
  }
  const storage =
    options.dir === undefined
      ? memoryStorage(new ByteBudget(limits.logBytes))
      : await directoryStorage(options.dir, log);
  let state: BrokerState | undefined;
  try {
    const opened = (state = openState(options, clock, limits, storage));
    for (const [name, partitions] of topics) ensureTopic(opened, name, partitions);
    const server = new BrokerServer({
      clock,
      limits,
      log,
      answer: (frame, source) => dispatch(frame, source, opened, faults),
    });
    await server.listen(host, port);
    return new RunningBroker(host, opened, { server, faults, storage, log });
  } catch (error) {
    closeState(state);
    storage.close();
    throw error;
  }
}

/** A misspelt option would be as good as none. */
function refuseUnknown(where: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const suggestion = meant === undefined ? `The options are ${known.join(', ')}.` : `Did you mean ${meant}?`;
    raise('BROKER_OPTION', { where, name, suggestion });
  }
}

/** A topic that is there from an earlier run stays as it is. */
function ensureTopic({ topics }: BrokerState, name: string, partitions: number): void {
  if (topics.byName(name) === undefined) topics.create({ name, partitions });
}

function closeState(state: BrokerState | undefined): void {
  state?.groups.close();
  state?.transactions.close();
  state?.topics.close();
}

function openState(options: BrokerOptions, clock: Clock, limits: BrokerLimits, storage: Storage): BrokerState {
  const { metadata, segmentsOf } = storage;
  const topics = new TopicRegistry({
    metadata,
    segmentsOf,
    now: () => clock.now(),
    defaultConfigs: new Map(
      options.retentionBytes === undefined ? [] : [['retention.bytes', String(options.retentionBytes)]],
    ),
    maxPartitions: limits.partitions,
    maxProducerIds: limits.producerIdsPerPartition,
    log: options.log ?? (() => undefined),
  });
  const offsets = new CommittedOffsets(metadata);
  const groupLimits = {
    ...limits,
    maxGroups: limits.groups,
    maxGroupSize: limits.membersPerGroup,
    maxMemberBytes: limits.memberBytes,
  };
  const transactions = new TransactionCoordinator({
    clock,
    metadata,
    topics,
    offsets,
    maxTimeoutMs: limits.maxTransactionTimeoutMs,
    maxTransactionalIds: limits.transactionalIds,
  });
  transactions.recover();
  return {
    clock,
    clusterId: clusterIdOf(storage),
    topics,
    groups: new GroupCoordinator(clock, groupLimits, offsets),
    transactions,
    autoCreateTopics: options.autoCreateTopics ?? true,
    defaultPartitions: options.defaultPartitions ?? 1,
    maxFetchBytes: limits.fetchBytes,
  };
}

function clusterIdOf({ metadata }: Storage): string {
  for (const [, id] of metadata.entries('cluster')) if (typeof id === 'string') return id;
  const id = randomBytes(16).toString('base64url');
  metadata.put(['cluster'], id);
  return id;
}

interface BrokerParts {
  readonly server: BrokerServer;
  readonly faults: Faults;
  readonly storage: Storage;
  readonly log: (line: string) => void;
}

class RunningBroker implements Broker {
  readonly bootstrap: string;
  readonly port: number;
  readonly #state: BrokerState;
  readonly #server: BrokerServer;
  readonly #faults: Faults;
  readonly #storage: Storage;
  readonly #log: (line: string) => void;
  readonly #retentionTimer: Timer;
  #stopped: Promise<void> | undefined;

  constructor(host: string, state: BrokerState, parts: BrokerParts) {
    this.port = parts.server.port;
    this.bootstrap = `${dialledHost(host)}:${this.port}`;
    this.#state = state;
    this.#server = parts.server;
    this.#faults = parts.faults;
    this.#storage = parts.storage;
    this.#log = parts.log;
    this.#retentionTimer = new Timer(state.clock);
    this.#applyRetentionLater();
  }

  injectFault(fault: Fault): () => void {
    return this.#faults.add(fault);
  }

  dropConnections(): void {
    this.#server.dropConnections();
  }

  createTopic(name: string, { partitions, configs = {} }: NewTopicOptions = {}): void {
    this.#state.topics.create({
      name,
      partitions: partitions ?? this.#state.defaultPartitions,
      configs: new Map(Object.entries(configs)),
    });
  }

  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#retentionTimer.cancel();
    await this.#server.close();
    closeState(this.#state);
    this.#storage.close();
  }

  #applyRetentionLater(): void {
    this.#retentionTimer.set(applyRetentionMs, () => {
      try {
        this.#state.topics.applyRetention();
      } catch (error) {
        this.#log(`old segments could not be removed: ${messageOf(error)}`);
      }
      this.#applyRetentionLater();
    });
  }
}

/** The address at which this machine reaches a broker that listens on `host`. */
function dialledHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
