/**
 * What one broker takes from its clients and holds. Whoever passes a limit gets an error or is disconnected; others are served on.
 */
export interface BrokerLimits {
  /** The largest request. */
  readonly frameBytes: number;
  readonly connections: number;
  /** Bytes of requests that have not fully arrived, and of pipelined ones, over all connections. */
  readonly receivedBytes: number;
  /** Time in which a request must have arrived from its first byte on. */
  readonly frameTimeoutMs: number;
  /** Connections on which nothing happens are closed, as Kafka does. */
  readonly idleTimeoutMs: number;
  /** Time in which a client must take a response that fills its buffers. */
  readonly writeTimeoutMs: number;
  /** The most that one Fetch answers with, beside the first batch. */
  readonly fetchBytes: number;
  /** All records of a broker without a directory. */
  readonly logBytes: number;
  readonly partitions: number;
  readonly groups: number;
  readonly membersPerGroup: number;
  /** Protocols that a member of a group names, or the assignment that it gets. */
  readonly memberBytes: number;
  readonly transactionalIds: number;
  readonly producerIdsPerPartition: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly maxTransactionTimeoutMs: number;
}

export const defaultLimits: BrokerLimits = {
  frameBytes: 104_857_600,
  connections: 1000,
  receivedBytes: 268_435_456,
  frameTimeoutMs: 60_000,
  idleTimeoutMs: 600_000,
  writeTimeoutMs: 30_000,
  fetchBytes: 57_671_680,
  logBytes: 4_294_967_296,
  partitions: 10_000,
  groups: 10_000,
  membersPerGroup: 1000,
  memberBytes: 1_048_576,
  transactionalIds: 10_000,
  producerIdsPerPartition: 10_000,
  minSessionTimeoutMs: 6000,
  maxSessionTimeoutMs: 1_800_000,
  maxTransactionTimeoutMs: 900_000,
};
