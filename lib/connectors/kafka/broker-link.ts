import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type Broker from 'kafkajs/src/broker/index.js';
import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import { failure, messageOf, MillraceError, raise } from '../../kernel/errors.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { FrameMemory } from './frame-memory.ts';
import { type FrameEvents, FrameReader } from './frame-reader.ts';
import { loadKafkajs, silentLogger } from './kafkajs.ts';
import { within } from './within.ts';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** One request in Kafka's classic encoding, without its header. */
export interface WireRequest {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  readonly body: Buffer;
}

/**
 * One broker: connected, logged in, its API versions known. kafkajs' broker object carries socket, TLS, SASL and correlation; what
 * goes over it is ours.
 *
 * Every call ends within its timeout with an answer or a coded error, and after any failure of the connection the link is dead:
 * whoever holds it opens another. Fetch requests travel on a second connection, so that they never delay the others.
 */
export class BrokerLink {
  readonly address: string;
  readonly #broker: Broker;
  readonly #pool: ConnectionPool;
  readonly #options: ConnectionOptions;
  readonly #sockets: Set<Socket>;
  /** The largest answer that is accepted. Raised and lowered by the reader for what it is about to ask. */
  maxAnswerBytes = 64 << 20;
  /** The handshake is over. */
  #isOpen = false;
  #dead: MillraceError | undefined;

  private constructor(
    address: string,
    broker: Broker,
    pool: ConnectionPool,
    options: ConnectionOptions,
    sockets: Set<Socket>,
  ) {
    this.address = address;
    this.#broker = broker;
    this.#pool = pool;
    this.#options = options;
    this.#sockets = sockets;
  }

  /** `memory`: what answers are read into, when it is used again. */
  static async open(
    { host, port }: BrokerAddress,
    options: ConnectionOptions,
    memory?: FrameMemory,
  ): Promise<BrokerLink> {
    const { Broker, ConnectionPool } = loadKafkajs();
    const address = `${host}:${port}`;
    const sockets = new Set<Socket>();
    const handshake = new AbortController();
    const ended = (reason: string): void => {
      handshake.abort(handshakeFailure(address, options, reason));
    };
    const earlyEnd = new Promise<never>((_, reject) => {
      handshake.signal.addEventListener('abort', () => {
        reject(handshake.signal.reason as MillraceError);
      });
    });
    earlyEnd.catch(() => undefined);
    let onClose: ((failed: boolean) => void) | undefined;
    const pool = new ConnectionPool({
      host,
      port,
      rack: null,
      ssl: options.ssl,
      sasl: options.sasl === undefined ? null : { ...options.sasl },
      clientId: options.clientId,
      connectionTimeout: options.connectionTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      enforceRequestTimeout: true,
      maxInFlightRequests: null,
      logger: silentLogger,
    });
    const broker = new Broker({
      connectionPool: pool,
      logger: silentLogger,
      authenticationTimeout: options.connectionTimeoutMs,
      allowAutoTopicCreation: false,
    });
    const link = new BrokerLink(address, broker, pool, options, sockets);
    onClose = (failed) => {
      if (link.#isOpen) link.#die(failure('KAFKA_CONNECTION_LOST', { address, reason: 'the broker closed it' }));
      else if (!failed) ended('it closed the connection during the handshake');
    };
    for (const connection of pool.pool) {
      const reading = link.#takeOverReading(connection, memory);
      connection.socketFactory = socketFactory(options, reading, sockets, (failed) => {
        onClose?.(failed);
      });
    }
    try {
      await within(Promise.race([broker.connect(), earlyEnd]), options.connectionTimeoutMs, () =>
        failure('KAFKA_NO_ANSWER', { address, request: 'the handshake', timeoutMs: options.connectionTimeoutMs }),
      );
    } catch (error) {
      link.#die(connectFailure(address, options, error));
      throw link.#dead;
    }
    link.#isOpen = true;
    return link;
  }

  get isAlive(): boolean {
    return this.#dead === undefined;
  }

  /** The version of `api` to use: the highest that both sides speak. */
  version(apiKey: number, apiName: string, min: number, max: number): number {
    const offered = this.#broker.versions?.[apiKey];
    const version = offered === undefined ? -1 : Math.min(max, offered.maxVersion);
    if (offered === undefined || version < Math.max(min, offered.minVersion)) {
      raise('KAFKA_VERSION', {
        address: this.address,
        api: apiName,
        offered: offered === undefined ? 'none' : `${offered.minVersion} to ${offered.maxVersion}`,
        spoken: `${min} to ${max}`,
      });
    }
    return version;
  }

  /** Sends a request and resolves with what `read` makes of the body of its answer. */
  async send<T>(
    { apiKey, apiName, apiVersion, body }: WireRequest,
    read: (answer: Buffer) => T,
    waitMs = 0,
  ): Promise<T> {
    const encoded = { buf: body, buffer: body };
    return await this.run(
      apiName,
      async () => {
        const answer = await this.#pool.send<Buffer>({
          request: { apiKey, apiName, apiVersion, encode: async () => await Promise.resolve(encoded) },
          response: { decode: same, parse: same },
        });
        return read(answer);
      },
      waitMs,
    );
  }

  /** Calls one of kafkajs' own requests under the same deadline and the same errors. */
  async run<T>(request: string, call: (broker: Broker) => Promise<T>, waitMs = 0): Promise<T> {
    if (this.#dead !== undefined) throw this.#dead;
    const timeoutMs = this.#options.requestTimeoutMs + waitMs;
    try {
      return await within(call(this.#broker), timeoutMs, () =>
        failure('KAFKA_NO_ANSWER', { address: this.address, request, timeoutMs }),
      );
    } catch (error) {
      if (this.#dead !== undefined) throw this.#dead;
      const coded = requestFailure(this.address, request, error);
      if (coded.retriable || coded.code === 'KAFKA_DAMAGED_ANSWER') this.#die(coded);
      throw coded;
    }
  }

  close(): void {
    this.#die(failure('KAFKA_CONNECTION_LOST', { address: this.address, reason: 'it was closed here' }));
  }

  /** kafkajs' own disconnect waits for answers that may never come: everything is rejected and the sockets are destroyed. */
  #die(reason: MillraceError): void {
    if (this.#dead !== undefined) return;
    this.#dead = reason;
    for (const connection of this.#pool.pool) {
      connection.requestQueue.rejectAll(reason);
      connection.requestQueue.destroy();
      connection.connectionStatus = 'disconnected';
    }
    for (const socket of this.#sockets) socket.destroy();
  }

  #refusal(sizeBytes: number, foreign: string | undefined): MillraceError {
    const { address } = this;
    const reason = foreign ?? (sizeBytes < 4 ? 'its answer is not Kafka' : undefined);
    if (reason === undefined) return failure('KAFKA_RECORD_TOO_LARGE', { sizeBytes, limitBytes: this.maxAnswerBytes });
    return this.#isOpen
      ? failure('KAFKA_DAMAGED_ANSWER', { address, request: 'a request', reason })
      : handshakeFailure(address, this.#options, reason);
  }

  #takeOverReading(connection: KafkajsConnection, memory: FrameMemory | undefined): DirectReading {
    const theirs = connection.processData.bind(connection);
    const events: FrameEvents = {
      frame: (frame) => {
        connection.requestQueue.fulfillRequest({
          correlationId: frame.readInt32BE(0),
          size: frame.length,
          payload: frame.subarray(4),
        });
      },
      refuse: (sizeBytes, reason) => {
        this.#die(this.#refusal(sizeBytes, reason));
      },
    };
    const reader = new FrameReader(() => this.maxAnswerBytes, events, memory);
    // During a raw SASL exchange kafkajs reads without frames.
    connection.processData = (chunk) => {
      if (connection.authHandlers === null) reader.push(chunk);
      else theirs(Buffer.from(chunk));
    };
    return {
      room: () => reader.room,
      filled: (size) => {
        if (connection.authHandlers === null) reader.filled(size);
        else theirs(Buffer.from(reader.room.subarray(0, size)));
      },
    };
  }
}

/** Where a socket puts what it reads. */
interface DirectReading {
  room(): Buffer;
  filled(sizeBytes: number): void;
}

async function same<T>(payload: T): Promise<T> {
  return await Promise.resolve(payload);
}

/** Sockets that are remembered, so that they can be destroyed, and whose early end is noticed: kafkajs then waits for ever. */
function socketFactory(
  options: ConnectionOptions,
  reading: DirectReading,
  sockets: Set<Socket>,
  onClose: (failed: boolean) => void,
) {
  return ({ host, port, onConnect }: BrokerAddress & { onConnect: () => void }): Socket => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket =
      options.ssl === false
        ? connectDirect({ host, port }, reading, onConnect)
        : connectTls({ host, port, ...servername, ...(options.ssl === true ? {} : options.ssl) }, onConnect);
    socket.setKeepAlive(true, 60_000);
    socket.setNoDelay(true);
    sockets.add(socket);
    let failed = false;
    socket.on('error', () => {
      failed = true;
    });
    socket.on('close', () => {
      sockets.delete(socket);
      onClose(failed);
    });
    return socket;
  };
}

/**
 * A plain socket that reads into the memory of the frames: at a gigabyte a second, a buffer for every read and copying it into the frame
 * cost a quarter of the reading thread. TLS hands over what it has decrypted.
 */
function connectDirect({ host, port }: BrokerAddress, reading: DirectReading, onConnect: () => void): Socket {
  return connectPlain(
    {
      host,
      port,
      onread: {
        buffer: () => reading.room(),
        callback: (size) => {
          reading.filled(size);
          return true;
        },
      },
    },
    onConnect,
  );
}

function protocolOf(options: ConnectionOptions): string {
  const transport = options.ssl === false ? 'a plain connection' : 'TLS';
  return options.sasl === undefined ? transport : `${transport} with SASL ${options.sasl.mechanism}`;
}

function handshakeFailure(address: string, options: ConnectionOptions, reason: string, cause?: unknown): MillraceError {
  return failure('KAFKA_HANDSHAKE_FAILED', { address, protocol: protocolOf(options), reason }, { cause });
}

function connectFailure(address: string, options: ConnectionOptions, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const { name, type, message, code } = detailsOf(error);
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED') {
    return failure(
      'KAFKA_AUTHENTICATION_FAILED',
      { address, mechanism: options.sasl?.mechanism ?? 'no login', reason: message },
      { cause: error },
    );
  }
  const isTls =
    options.ssl !== false && /ssl|tls|certificate|wrong version|self.signed|altname/iu.test(`${message} ${code}`);
  if (name === 'KafkaJSServerDoesNotSupportApiKey') {
    return handshakeFailure(address, options, 'this listener knows no login', error);
  }
  if (isTls || type === 'ILLEGAL_SASL_STATE' || type === 'UNSUPPORTED_SASL_MECHANISM') {
    return handshakeFailure(address, options, message, error);
  }
  return failure('KAFKA_CONNECTION_LOST', { address, reason: message }, { cause: error });
}

function requestFailure(address: string, request: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const { name, type, message, retriable } = detailsOf(error);
  // What a read past the end of an answer throws.
  if (name === 'RangeError') {
    return failure('KAFKA_DAMAGED_ANSWER', { address, request, reason: message }, { cause: error });
  }
  if (type !== '') {
    const code = retriable ? 'KAFKA_BROKER_BUSY' : 'KAFKA_BROKER_ERROR';
    return failure(code, { request, error: type }, { cause: error });
  }
  return failure('KAFKA_CONNECTION_LOST', { address, reason: message }, { cause: error });
}

interface Details {
  readonly name: string;
  readonly type: string;
  readonly message: string;
  readonly code: string;
  readonly retriable: boolean;
}

/** What kafkajs' errors carry, read without trusting that it is there. */
function detailsOf(error: unknown): Details {
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  return {
    name: textOf(fields['name']),
    type: textOf(fields['type']),
    message: messageOf(error),
    code: textOf(fields['code']),
    retriable: fields['retriable'] === true,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
