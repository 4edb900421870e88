import { createConnection, type Socket } from 'node:net';
import { failure, messageOf, type MillraceError } from '../kernel/errors.ts';

const connectMs = 10_000;

/** The bytes that a TCP server sends, until it closes or `until` is aborted. */
export async function connectTcp(
  address: string,
  port: number,
  until: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const socket = createConnection({ host: address, port });
  const where = `${address}:${port}`;
  const abort = (): void => {
    socket.destroy();
  };
  until.addEventListener('abort', abort, { once: true });
  if (until.aborted) abort();
  const refusal = await refusalOf(socket);
  if (refusal !== undefined) {
    abort();
    throw socketFailure('reached', where, refusal);
  }
  socket.setKeepAlive(true);
  return received(socket, where, until);
}

/** Why no connection came about; undefined when it did. */
async function refusalOf(socket: Socket): Promise<unknown> {
  const refusal = await new Promise<unknown>((resolve) => {
    socket.setTimeout(connectMs, () => {
      resolve(`no answer within ${connectMs / 1000} s`);
    });
    socket.once('connect', () => {
      resolve(undefined);
    });
    // Also keeps a late error from ending the process; whoever iterates is told of it.
    socket.on('error', resolve);
    socket.once('close', () => {
      resolve('it was closed');
    });
  });
  socket.setTimeout(0);
  return refusal;
}

async function* received(socket: Socket, where: string, until: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of socket) yield chunk as Uint8Array;
  } catch (error) {
    if (!until.aborted) throw socketFailure('read', where, error);
  } finally {
    socket.destroy();
  }
}

function socketFailure(action: string, address: string, error: unknown): MillraceError {
  return failure('HOST_CONNECTION', { address, action, reason: messageOf(error) }, { cause: error });
}
