import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failure, messageOf, MillraceError, raise } from '../kernel/errors.ts';
import { type Asset, loadAssets } from './assets.ts';
import { isOurHost } from './host-check.ts';
import { LiveFeed } from './live-feed.ts';
import { livePage } from './pages/live.ts';
import { prometheusText, prometheusType } from './prometheus.ts';
import { answer, type RestSetup } from './rest.ts';

/** Something the page may ask the program to do. `argument` is what the request gave as `to`. */
export type Action = (argument: string | null) => Promise<void>;

export interface MonitorSetup extends RestSetup {
  readonly address: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The folder that the build puts the page's script and styles in. */
  readonly assetsFolder: string;
  /** Whoever acts must know it. */
  readonly token: string;
  readonly actions: Readonly<Record<string, Action>>;
}

export interface Monitor {
  readonly url: string;
  readonly port: number;
  /** Tells open pages that the program has ended. May be called twice. */
  close(): Promise<void>;
}

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

const statuses: Readonly<Record<string, number>> = {
  MONITOR_HOST: 421,
  MONITOR_METHOD: 405,
  MONITOR_TOKEN: 403,
  MONITOR_PARAMETER: 400,
  MONITOR_NOT_FOUND: 404,
  MONITOR_PAGES: 503,
  MONITOR_STATE_SIZE: 413,
  STATE_VERSION_NOT_RETAINED: 404,
};

/** Serves the live page, `/api/v1` and `/metrics` until it is closed. A port that is taken is a coded error. */
export async function startMonitor(setup: MonitorSetup): Promise<Monitor> {
  const feed = new LiveFeed(setup.history);
  const assets = await loadAssets(setup.assetsFolder);
  let port = setup.port;
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    void respond({ ...setup, port }, feed, assets, request, response);
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 100;
  port = await listen(server, setup);
  let closing: Promise<void> | undefined;
  return {
    url: `http://${setup.address.includes(':') ? `[${setup.address}]` : setup.address}:${port}/`,
    port,
    close: async () => {
      closing ??= (async () => {
        feed.close();
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
      })();
      await closing;
    },
  };
}

async function listen(server: Server, { address, port }: MonitorSetup): Promise<number> {
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

async function respond(
  setup: MonitorSetup,
  feed: LiveFeed,
  assets: ReadonlyMap<string, Asset>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { host = '' } = request.headers;
    if (!isOurHost(host, setup)) raise('MONITOR_HOST', { host: host.slice(0, 200) });
    const url = new URL(request.url ?? '/', 'http://live.invalid');
    const path = url.pathname;
    const action = /^\/api\/v1\/actions\/([a-z]+)$/u.exec(path)?.[1];
    if (action !== undefined && request.method === 'POST') {
      await act(setup, action, url.searchParams.get('to'), request);
      send(response, 200, 'application/json', JSON.stringify({ done: action }));
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      raise('MONITOR_METHOD', { method: request.method ?? '' });
    if (path === '/') send(response, 200, 'text/html', livePage());
    else if (path === '/metrics') send(response, 200, prometheusType, prometheusText(setup.history.facts));
    else if (path === '/api/v1/events') openFeed(feed, response);
    else if (path === '/api/v1' || path.startsWith('/api/v1/')) {
      const body = JSON.stringify(answer(setup, path.slice('/api/v1/'.length), url.searchParams), withoutBigints);
      send(response, 200, 'application/json', body);
    } else sendAsset(assets, path, response);
  } catch (error) {
    sendError(response, error);
  }
}

function openFeed(feed: LiveFeed, response: ServerResponse): void {
  if (!feed.add(response)) raise('MONITOR_PAGES', { pages: feed.pages });
}

/** Only a page of our own, or a program that knows the token, acts: a form of another site can send neither. */
async function act(
  setup: MonitorSetup,
  name: string,
  argument: string | null,
  request: IncomingMessage,
): Promise<void> {
  const given = /^Bearer (.+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const [a, b] = [Buffer.from(given), Buffer.from(setup.token)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) raise('MONITOR_TOKEN', { action: name });
  const action = setup.actions[name];
  if (action === undefined) {
    raise('MONITOR_NOT_FOUND', {
      what: `action ${name}`,
      hint: `There are: ${Object.keys(setup.actions).join(', ')}.`,
    });
  }
  await action(argument);
}

function sendAsset(assets: ReadonlyMap<string, Asset>, path: string, response: ServerResponse): void {
  const asset = assets.get(path);
  if (asset === undefined) raise('MONITOR_NOT_FOUND', { what: `page ${path}`, hint: 'The live page is at /.' });
  send(response, 200, asset.type, asset.bytes);
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  const hasCharset = type.includes('charset') || type.startsWith('image/');
  response.writeHead(status, { 'content-type': hasCharset ? type : `${type}; charset=utf-8` });
  response.end(body);
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof MillraceError ? error : failure('INTERNAL_INVARIANT', { what: messageOf(error) });
  const { code, message } = known;
  send(response, statuses[code] ?? 500, 'application/json', JSON.stringify({ error: { code, message } }));
}

function withoutBigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
