import type { ConnectionOptions } from '../connectors/kafka/connection-options.ts';

/** How the command's own tools reach a cluster: without TLS or a login, soon tired of waiting. */
export function connection(brokers: readonly string[]): ConnectionOptions {
  return {
    brokers,
    clientId: 'millrace',
    ssl: false,
    sasl: undefined,
    connectionTimeoutMs: 5000,
    requestTimeoutMs: 10_000,
    unreachableTimeoutMs: 10_000,
  };
}
