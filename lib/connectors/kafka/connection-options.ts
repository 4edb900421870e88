import type { ConnectionOptions as TlsOptions } from 'node:tls';

/** How to reach the cluster: what the source, its reading thread and the sink have in common. */
export interface ConnectionOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl: TlsOptions | boolean;
  readonly sasl: SaslOptions | undefined;
  /** For one connection with its handshake. */
  readonly connectionTimeoutMs: number;
  /** For one request. */
  readonly requestTimeoutMs: number;
  /** How long a broker that went away in the middle of a run is waited for. */
  readonly unreachableTimeoutMs: number;
}

/** Passed on to kafkajs: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or AWS with the fields of each. */
export interface SaslOptions {
  readonly mechanism: string;
  readonly [field: string]: unknown;
}
