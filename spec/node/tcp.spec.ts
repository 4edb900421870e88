import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { connectTcp } from '../../lib/node/tcp.ts';

let server: Server;
let sockets: Socket[];
let port: number;
let onSocket: (socket: Socket) => void;

beforeEach(async () => {
  sockets = [];
  onSocket = () => undefined;
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += new TextDecoder().decode(chunk);
  return text;
}

describe('a TCP connection', () => {
  it('gives what the server sends until it closes', async () => {
    onSocket = (socket) => socket.end('hello');
    const chunks = await connectTcp('127.0.0.1', port, new AbortController().signal);
    expect(await textOf(chunks)).toBe('hello');
  });

  it('ends quietly when it is aborted', async () => {
    const connection = new AbortController();
    onSocket = (socket) => socket.write('hello');
    const chunks = await connectTcp('127.0.0.1', port, connection.signal);
    let text = '';
    for await (const chunk of chunks) {
      text += new TextDecoder().decode(chunk);
      connection.abort();
    }
    expect(text).toBe('hello');
  });

  it('is refused with the address and the reason where nobody listens', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(connectTcp('127.0.0.1', port, new AbortController().signal)).rejects.toMatchObject({
      code: 'HOST_CONNECTION',
      exitCode: 3,
      params: { address: `127.0.0.1:${port}`, reason: expect.stringContaining('ECONNREFUSED') as unknown },
    });
    server = createServer();
  });

  it('tells of a connection that breaks', async () => {
    onSocket = (socket) => socket.write('hello');
    const chunks = (await connectTcp('127.0.0.1', port, new AbortController().signal))[Symbol.asyncIterator]();
    await chunks.next();
    sockets[0]?.resetAndDestroy();
    await expect(chunks.next()).rejects.toMatchObject({ code: 'HOST_CONNECTION', params: { action: 'read' } });
  });

  it('is not made when it was aborted before', async () => {
    const connection = new AbortController();
    connection.abort();
    await expect(connectTcp('127.0.0.1', port, connection.signal)).rejects.toMatchObject({ code: 'HOST_CONNECTION' });
  });

  it('holds the server back while nobody reads on', async () => {
    const megabyte = new Uint8Array(1 << 20);
    let sent = 0;
    onSocket = (socket) => {
      const send = (): void => {
        while (sent < 64 && socket.write(megabyte)) sent += 1;
        if (sent < 64) socket.once('drain', send);
        sent += 1;
      };
      send();
    };
    const connection = new AbortController();
    const chunks = (await connectTcp('127.0.0.1', port, connection.signal))[Symbol.asyncIterator]();
    await chunks.next();
    // As much as fits into the buffers of the system is sent, then nothing more.
    let before = -1;
    while (before !== sent) {
      before = sent;
      for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toBeLessThan(40);
    connection.abort();
    await chunks.return?.();
  });
});
