import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { WireWriter } from '../../../lib/connectors/kafka/wire.ts';

/** What a server does with a connection. */
type Behaviour = (socket: Socket) => void;

/** A server that is not a whole broker: it does one thing, so that a client meets exactly that. */
export class ScriptedBroker {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(behave: Behaviour, tls?: TlsOptions): Promise<ScriptedBroker> {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    const broker = new ScriptedBroker(server);
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      broker.#sockets.add(socket);
      socket.on('error', () => undefined);
      behave(socket);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return broker;
  }

  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen');
    return `127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

/** Answers requests by their API key; others are not answered. The body of an answer gets its head here. */
export function answering(answers: Readonly<Record<number, (request: Buffer) => Buffer>>): Behaviour {
  return (socket) => {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const request = received.subarray(4, 4 + received.readInt32BE(0));
        received = received.subarray(4 + request.length);
        const body = answers[request.readInt16BE(0)]?.(request);
        if (body === undefined) return;
        const head = new WireWriter().int32(body.length + 4).int32(request.readInt32BE(4)).bytes;
        socket.write(Buffer.concat([head, body]));
      }
    });
  };
}

/** An answer to ApiVersions that offers these. */
export function offering(apis: readonly (readonly [key: number, min: number, max: number])[]): () => Buffer {
  return () => {
    const body = new WireWriter().int16(0);
    return body.list(apis, ([key, min, max]) => body.int16(key).int16(min).int16(max)).int32(0).bytes;
  };
}
