import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../kernel/clock.ts';
import { failure, messageOf } from '../kernel/errors.ts';
import type { Endpoint } from './apis/api.ts';
import type { BrokerLimits } from './broker-limits.ts';
import { Connection } from './connection.ts';
import type { Reply, RequestSource } from './dispatch.ts';
import { ByteBudget } from './log/byte-budget.ts';
import { Timer } from './timer.ts';

const checkTimeoutsMs = 5000;
const anyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);

export interface BrokerServerOptions {
  readonly clock: Clock;
  readonly limits: BrokerLimits;
  readonly answer: (frame: Buffer, source: RequestSource) => Reply | Promise<Reply>;
  readonly log: (line: string) => void;
}

/** Listens, and keeps the connections within their limits. */
export class BrokerServer {
  readonly #options: BrokerServerOptions;
  readonly #connections = new Set<Connection>();
  readonly #received: ByteBudget;
  readonly #timer: Timer;
  readonly #servers: Server[] = [];
  #host = '';
  #port = 0;

  constructor(options: BrokerServerOptions) {
    this.#options = options;
    this.#received = new ByteBudget(options.limits.receivedBytes);
    this.#timer = new Timer(options.clock);
  }

  get port(): number {
    return this.#port;
  }

  /** Binds the address; `localhost` is both 127.0.0.1 and, where there is one, ::1. */
  async listen(host: string, port: number): Promise<void> {
    this.#host = host;
    this.#port = await this.#bind(host === 'localhost' ? '127.0.0.1' : host, port);
    if (host === 'localhost') {
      await this.#bind('::1', this.#port).catch(() => {
        this.#options.log('localhost is 127.0.0.1 only: ::1 cannot be bound');
      });
    }
    this.#checkLater();
  }

  dropConnections(): void {
    for (const connection of this.#connections) connection.close();
  }

  async close(): Promise<void> {
    this.#timer.cancel();
    const closed = this.#servers.map(
      async (server) =>
        await new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
        }),
    );
    this.#servers.length = 0;
    this.dropConnections();
    await Promise.all(closed);
  }

  async #bind(host: string, port: number): Promise<number> {
    const server = createServer({ pauseOnConnect: false }, (socket) => {
      this.#accept(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const isUsed = error.code === 'EADDRINUSE';
        reject(
          isUsed
            ? failure('BROKER_PORT_IN_USE', { host, port }, { cause: error })
            : failure('BROKER_LISTEN', { host, port, reason: messageOf(error) }, { cause: error }),
        );
      });
      server.listen(port, host, () => {
        resolve();
      });
    });
    server.on('error', (error) => {
      this.#options.log(`a connection was not accepted: ${messageOf(error)}`);
    });
    this.#servers.push(server);
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  #accept(socket: Socket): void {
    const { clock, limits, answer, log } = this.#options;
    const from = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
    if (this.#connections.size >= limits.connections) {
      socket.destroy();
      log(`connection from ${from} refused: there are ${limits.connections} already`);
      return;
    }
    const connection: Connection = new Connection({
      socket,
      clock,
      limits,
      received: this.#received,
      advertised: this.#advertised(socket),
      answer,
      onClosed: (reason) => {
        this.#connections.delete(connection);
        if (reason !== undefined) log(`connection from ${from} closed: ${reason}`);
      },
    });
    this.#connections.add(connection);
  }

  /** Clients are told the address under which they came in: it is the one that they can reach. */
  #advertised(socket: Socket): Endpoint {
    return { host: anyAddress.has(this.#host) ? (socket.localAddress ?? '127.0.0.1') : this.#host, port: this.#port };
  }

  #checkLater(): void {
    this.#timer.set(checkTimeoutsMs, () => {
      const now = this.#options.clock.monotonicMs();
      for (const connection of this.#connections) connection.checkTimeouts(now);
      this.#checkLater();
    });
  }
}
