import type { Clock } from '../../kernel/clock.ts';
import type { GroupCoordinator } from '../groups/group-coordinator.ts';
import { type Decoded, type Encodable, type Shape, Struct } from '../protocol/schema.ts';
import type { TopicRegistry } from '../topics/topic-registry.ts';
import type { TransactionCoordinator } from '../transactions/transaction-coordinator.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What handlers of requests work on. */
export interface BrokerState {
  readonly clock: Clock;
  readonly clusterId: string;
  readonly topics: TopicRegistry;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly autoCreateTopics: boolean;
  readonly defaultPartitions: number;
  readonly maxFetchBytes: number;
}

/** One request as its handler sees it, beside the message. */
export interface RequestContext {
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly broker: BrokerState;
  /** The address at which this client reaches the broker. */
  readonly advertised: Endpoint;
  /** Calls `listener` when the client is gone; the result ends that. */
  readonly onClosed: (listener: () => void) => () => void;
}

/** A handler's answer; undefined where the protocol has none (acks 0). */
type Answer<A> = A | undefined | Promise<A | undefined>;

/** One API of the protocol as this broker offers it: number, versions, messages and what it does. */
export interface Api<Q extends Shape = Shape, A extends Shape = Shape> {
  readonly key: number;
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** From this version on messages are flexible: compact lengths and tagged fields. */
  readonly flexibleSince: number;
  readonly request: Struct<Q>;
  readonly response: Struct<A>;
  handle(request: Decoded<Q>, context: RequestContext): Answer<Encodable<A>>;
}

/** Describes one API; the types of the handler follow from the messages. */
export function defineApi<Q extends Shape, A extends Shape>(description: {
  readonly key: number;
  readonly name: string;
  readonly versions: readonly [number, number];
  readonly flexibleSince: number;
  readonly request: Q;
  readonly response: A;
  handle(request: Decoded<Q>, context: RequestContext): Answer<Encodable<A>>;
}): Api<Q, A> {
  const { key, name, versions, flexibleSince, handle } = description;
  return {
    key,
    name,
    minVersion: versions[0],
    maxVersion: versions[1],
    flexibleSince,
    request: new Struct(description.request),
    response: new Struct(description.response),
    handle,
  };
}

/** The only node of the cluster. */
export const nodeId = 1;
/** "Not asked for" where a response tells the allowed operations. */
export const noAuthorizedOperations = -2147483648;
