import { createRequire } from 'node:module';

import { logLevel } from 'kafkajs';

const load = createRequire(import.meta.url);

interface Exchange {
  readonly request: unknown;
  readonly response: { decode(payload: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> };
}
interface KafkajsBroker {
  lookupRequest(apiKey: number, definition: unknown): (args: object) => Exchange;
  readonly connectionPool: { send(exchange: Exchange): Promise<unknown> };
}
interface KafkajsCluster {
  connect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  disconnect(): Promise<void>;
  findControllerBroker(): Promise<KafkajsBroker>;
}

const Cluster = load('kafkajs/src/cluster') as new (options: object) => KafkajsCluster;
const socketFactory = (load('kafkajs/src/network/socketFactory') as () => unknown)();
const { createLogger } = load('kafkajs/src/loggers') as { createLogger(options: object): unknown };
const { requests } = load('kafkajs/src/protocol/requests') as { requests: Readonly<Record<string, unknown>> };
const apiKeys = load('kafkajs/src/protocol/requests/apiKeys') as Readonly<Record<string, number>>;

/**
 * One connection that speaks single requests of the Kafka protocol, encoded and decoded by kafkajs, and gives the decoded answer as it
 * is: an error code stays a field. Requests on one wire are answered in order, so what must overlap needs a wire each.
 */
export class Wire {
  readonly #cluster: KafkajsCluster;
  readonly #broker: KafkajsBroker;

  private constructor(cluster: KafkajsCluster, broker: KafkajsBroker) {
    this.#cluster = cluster;
    this.#broker = broker;
  }

  static async open(bootstrap: string): Promise<Wire> {
    const cluster = new Cluster({
      logger: createLogger({ level: logLevel.NOTHING, logCreator: () => () => {} }),
      socketFactory,
      brokers: [bootstrap],
      clientId: 'contract',
      connectionTimeout: 5000,
      authenticationTimeout: 5000,
      requestTimeout: 30_000,
      metadataMaxAge: 300_000,
      maxInFlightRequests: null,
      retry: { retries: 3 },
    });
    await cluster.connect();
    await cluster.refreshMetadata();
    return new Wire(cluster, await cluster.findControllerBroker());
  }

  async ask(api: string, args: object = {}): Promise<unknown> {
    const { request, response, ...rest } = this.#broker.lookupRequest(apiKeys[api] ?? -1, requests[api])(args);
    const undisturbed = { decode: async (payload: Buffer) => await response.decode(payload), parse: asItIs };
    return await this.#broker.connectionPool.send({ ...rest, request, response: undisturbed });
  }

  async close(): Promise<void> {
    await this.#cluster.disconnect();
  }
}

async function asItIs(decoded: unknown): Promise<unknown> {
  return await Promise.resolve(decoded);
}
