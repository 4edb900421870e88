import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failure, messageOf, MillraceError, raise } from '../kernel/errors.ts';
import type { Asset } from './assets.ts';
import { isOurHost } from './host-check.ts';

export interface LocalServerSetup {
  readonly address: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The HTTP status of an error, by its code; 500 for others. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface LocalServer {
  readonly url: string;
  readonly port: number;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Answers a request that came under a name of ours. What it throws is answered as JSON, with the code and the text of the error. */
export type Responder = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

/** Nothing from elsewhere, nothing inline: a key or a topic name that is markup stays text even if a page forgot to treat it so. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** Serves pages to browsers of this machine, and to no page of a stranger. A port that is taken is a coded error. */
export async function startLocalServer(setup: LocalServerSetup, respond: Responder): Promise<LocalServer> {
  const { address } = setup;
  let port = setup.port;
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    void answer({ ...setup, port }, respond, request, response);
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 100;
  port = await listen(server, setup);
  let closing: Promise<void> | undefined;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}/`,
    port,
    close: async () => {
      closing ??= closed(server);
      await closing;
    },
  };
}

/** Refuses whatever is not asked for only to be read. */
export function onlyReads({ method = '' }: IncomingMessage): void {
  if (method !== 'GET' && method !== 'HEAD') raise('MONITOR_METHOD', { method });
}

/** A part of a path, as it is meant. One that is no valid text is looked up as it stands, and not found. */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A text type goes out as UTF-8. */
export function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  const hasCharset = type.includes('charset') || type.startsWith('image/');
  response.writeHead(status, { 'content-type': hasCharset ? type : `${type}; charset=utf-8` });
  response.end(body);
}

/** A file of the page, where the path is one of its own. */
export function sendAsset(assets: ReadonlyMap<string, Asset>, path: string, response: ServerResponse): void {
  const asset = assets.get(path);
  if (asset === undefined) raise('MONITOR_NOT_FOUND', { what: `page ${path}`, hint: 'The page is at /.' });
  send(response, 200, asset.type, asset.bytes);
}

async function listen(server: Server, { address, port }: LocalServerSetup): Promise<number> {
  return await new Promise<number>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'another program uses it' : messageOf(error);
      reject(failure('MONITOR_PORT', { address, port, reason }, { cause: error }));
    });
    server.listen(port, address, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function answer(
  setup: LocalServerSetup,
  respond: Responder,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { host = '' } = request.headers;
    if (!isOurHost(host, setup)) raise('MONITOR_HOST', { host: host.slice(0, 200) });
    await respond(request, response, new URL(request.url ?? '/', 'http://live.invalid'));
  } catch (error) {
    sendError(setup.statuses, response, error);
  }
}

const ownStatuses: Readonly<Record<string, number>> = {
  MONITOR_HOST: 421,
  MONITOR_METHOD: 405,
  MONITOR_NOT_FOUND: 404,
};

function sendError(statuses: LocalServerSetup['statuses'], response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof MillraceError ? error : failure('INTERNAL_INVARIANT', { what: messageOf(error) });
  const { code, message } = known;
  const status = statuses[code] ?? ownStatuses[code] ?? 500;
  send(response, status, 'application/json', JSON.stringify({ error: { code, message } }));
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
    // Whoever keeps a connection open must not keep the program from ending.
    setTimeout(() => {
      server.closeAllConnections();
    }, 200).unref();
  });
}
