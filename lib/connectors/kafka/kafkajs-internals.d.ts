/**
 * The parts of kafkajs 2.2.4 that this connector stands on: its connection (sockets, TLS, SASL, API versions, correlation) and the
 * group requests. They are not public there; the version is pinned and `spec/connectors/kafka/broker-link.spec.ts` breaks when
 * their shape changes.
 */
interface KafkajsEncoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

interface KafkajsProtocol<T> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<KafkajsEncoded>;
  };
  readonly response: { decode(payload: Buffer): Promise<T>; parse(data: T): Promise<T> };
  readonly requestTimeout?: number;
  readonly logResponseError?: boolean;
}

interface KafkajsConnection {
  readonly authHandlers: unknown;
  readonly requestQueue: {
    fulfillRequest(response: { correlationId: number; size: number; payload: Buffer }): void;
    rejectAll(error: unknown): void;
    destroy(): void;
  };
  /** Called by `connect`. */
  socketFactory(address: { host: string; port: number; onConnect: () => void }): import('node:net').Socket;
  readonly socket?: import('node:net').Socket;
  connectionStatus: string;
  processData(chunk: Buffer): void;
}

declare module 'kafkajs/src/network/connectionPool.js' {
  export default class ConnectionPool {
    constructor(options: Record<string, unknown>);
    readonly pool: readonly KafkajsConnection[];
    send<T>(protocol: KafkajsProtocol<T>): Promise<T>;
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';

  export default class Broker {
    constructor(options: {
      connectionPool: ConnectionPool;
      logger: unknown;
      nodeId?: number;
      authenticationTimeout: number;
      allowAutoTopicCreation: boolean;
    });
    readonly versions: Readonly<Record<number, { minVersion: number; maxVersion: number }>> | null;
    connect(): Promise<void>;
    findGroupCoordinator(options: {
      groupId: string;
      coordinatorType: number;
    }): Promise<{ coordinator: { nodeId: number; host: string; port: number } }>;
    offsetCommit(options: {
      groupId: string;
      groupGenerationId: number;
      memberId: string;
      topics: { topic: string; partitions: { partition: number; offset: string; metadata: string | null }[] }[];
    }): Promise<unknown>;
  }
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    pending: readonly unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    scheduleCheckPendingRequests(): void;
    checkPendingRequests(): void;
  }
}

/** Node's own way from bytes to text, without the checks of `toString`: half of its time for short texts. */
interface Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

declare module 'snappyjs' {
  export function uncompress(compressed: Uint8Array, maxLength?: number): Uint8Array;
  export function compress(uncompressed: Uint8Array): Uint8Array;
}
