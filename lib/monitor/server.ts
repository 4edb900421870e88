import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { raise } from '../kernel/errors.ts';
import { loadAssets } from './assets.ts';
import { jsonBody, type ValueText } from './json-body.ts';
import { LiveFeed } from './live-feed.ts';
import { type LocalServer, onlyReads, send, sendAsset, startLocalServer } from './local-server.ts';
import { livePage } from './pages/live.ts';
import { prometheusText, prometheusType } from './prometheus.ts';
import { answer, type RestSetup } from './rest.ts';

/** Something the page may ask the program to do. `argument` is what the request gave as `to`; what it returns is told to who asked. */
export type Action = (argument: string | null) => Promise<string | void>;

export interface MonitorSetup extends RestSetup {
  readonly address: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The folder that the build puts the page's script and styles in. */
  readonly assetsFolder: string;
  /** Whoever acts must know it. */
  readonly token: string;
  readonly actions: Readonly<Record<string, Action>>;
  /** How values of the program are shown. */
  readonly valueText?: ValueText;
}

/** Closing it tells open pages that the program has ended. */
export type Monitor = LocalServer;

const statuses: Readonly<Record<string, number>> = {
  MONITOR_TOKEN: 403,
  MONITOR_PARAMETER: 400,
  MONITOR_PAGES: 503,
  MONITOR_STATE_SIZE: 413,
  STATE_VERSION_NOT_RETAINED: 404,
  STREAM_QUEUE_NOT_RECOVERABLE: 409,
};

/** Serves the live page, `/api/v1` and `/metrics` until it is closed. A port that is taken is a coded error. */
export async function startMonitor(setup: MonitorSetup): Promise<Monitor> {
  const text = setup.valueText ?? String;
  const feed = new LiveFeed(setup.history, text);
  const assets = await loadAssets(setup.assetsFolder);
  const { address, port } = setup;
  const server = await startLocalServer({ address, port, statuses }, async (request, response, url) => {
    const path = url.pathname;
    const action = /^\/api\/v1\/actions\/([a-z]+)$/u.exec(path)?.[1];
    if (action !== undefined && request.method === 'POST') {
      const said = await act(setup, action, url.searchParams.get('to'), request);
      const done = typeof said === 'string' ? { done: action, said } : { done: action };
      send(response, 200, 'application/json', JSON.stringify(done));
      return;
    }
    onlyReads(request);
    if (path === '/') send(response, 200, 'text/html', livePage());
    else if (path === '/metrics') send(response, 200, prometheusType, prometheusText(setup.history.facts));
    else if (path === '/api/v1/events') openFeed(feed, response);
    else if (path === '/api/v1' || path.startsWith('/api/v1/')) {
      const body = jsonBody(answer(setup, path.slice('/api/v1/'.length), url.searchParams), text);
      send(response, 200, 'application/json', body);
    } else sendAsset(assets, path, response);
  });
  let closing: Promise<void> | undefined;
  return {
    ...server,
    close: async () => {
      if (closing === undefined) feed.close();
      closing ??= server.close();
      await closing;
    },
  };
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
): Promise<string | void> {
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
  return await action(argument);
}
