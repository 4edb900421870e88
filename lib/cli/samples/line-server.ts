import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A TCP server on this machine that sends the same lines to whoever connects, and keeps the connection. */
export interface LineServer extends Disposable {
  readonly port: number;
}

export async function startLineServer(lines: readonly string[]): Promise<LineServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // Whoever has gone needs no lines.
    socket.on('error', () => undefined);
    socket.write(lines.map((line) => `${line}\n`).join(''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
