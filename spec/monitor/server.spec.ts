import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreStateReader } from '../../lib/cli/monitor/store-state-reader.ts';
import type { StateStore } from '../../lib/store/state-store.ts';
import { type Monitor, type MonitorSetup, startMonitor } from '../../lib/monitor/server.ts';
import { markup, type QueryProgram, queryProgram, type StreamProgram, streamProgram } from './program.ts';

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

let assetsFolder = '';
let program: StreamProgram;
let monitor: Monitor;
let stopped = 0;

function setup(watched: StreamProgram['watched']): MonitorSetup {
  return {
    history: watched.history,
    stateOf: watched.stateOf,
    address: '127.0.0.1',
    port: 0,
    assetsFolder,
    token: 'secret',
    actions: {
      stop: () => {
        stopped += 1;
        return Promise.resolve();
      },
    },
  };
}

async function ask(path: string, { method = 'GET', headers = {}, port = monitor.port } = {}): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function json(path: string): Promise<unknown> {
  const { status, body } = await ask(path);
  if (status !== 200) throw new RangeError(body);
  return JSON.parse(body);
}

/** The first messages of the live feed, until there are so many. */
async function feed(
  port: number,
  count: number,
  then: () => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  return await new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/api/v1/events', agent: false }, (response) => {
      let text = '';
      let isFirst = true;
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        const messages = text.split('\n\n').slice(0, -1);
        if (isFirst && messages.length > 0) {
          isFirst = false;
          then().catch(reject);
        }
        if (messages.length >= count) {
          response.destroy();
          resolve(messages);
        }
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

beforeAll(async () => {
  assetsFolder = mkdtempSync(join(tmpdir(), 'millrace-monitor-spec-'));
  writeFileSync(join(assetsFolder, 'live.js'), '// the page');
  program = await streamProgram(undefined, markup);
  monitor = await startMonitor(setup(program.watched));
  await program.batch('a', 'b', 'a');
  await program.batch(markup);
});

afterAll(async () => {
  await monitor.close();
  await program.close();
  rmSync(assetsFolder, { recursive: true, force: true });
});

describe('what the live page refuses', () => {
  it('answers to its own names only', async () => {
    for (const host of ['evil.example', `evil.example:${monitor.port}`, 'localhost:1']) {
      const { status, body } = await ask('/api/v1/program', { headers: { host } });
      expect(status).toBe(421);
      expect(body).toContain('MONITOR_HOST');
      expect(body).not.toContain('streams');
    }
    expect((await ask('/', { headers: { host: `localhost:${monitor.port}` } })).status).toBe(200);
  });

  it('lets nothing run in the page but its own script, and nobody frame it', async () => {
    const { headers } = await ask('/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    for (const path of ['/metrics', '/api/v1', '/nothing', '/assets/live.js']) {
      expect((await ask(path)).headers['content-security-policy']).toBe(headers['content-security-policy']);
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('is read only: %s', async (method) => {
    const { status, body } = await ask('/api/v1/program', { method });
    expect(status).toBe(405);
    expect(body).toContain('MONITOR_METHOD');
  });

  it.each([
    ['no token', {}],
    ['a wrong one', { authorization: 'Bearer secreT' }],
    ['one of another length', { authorization: 'Bearer s' }],
    ['another scheme', { authorization: 'Basic secret' }],
  ])('does not act with %s', async (_, headers) => {
    const { status, body } = await ask('/api/v1/actions/stop', { method: 'POST', headers });
    expect(status).toBe(403);
    expect(body).toContain('MONITOR_TOKEN');
    expect(stopped).toBe(0);
  });

  it('acts for whoever knows the token', async () => {
    const headers = { authorization: 'Bearer secret' };
    expect(await ask('/api/v1/actions/stop', { method: 'POST', headers })).toMatchObject({
      status: 200,
      body: '{"done":"stop"}',
    });
    expect(stopped).toBe(1);
    expect((await ask('/api/v1/actions/dance', { method: 'POST', headers })).body).toContain('MONITOR_NOT_FOUND');
  });

  it.each([
    ['/nothing', 404, 'MONITOR_NOT_FOUND'],
    ['/assets/..%2fserver.js', 404, 'MONITOR_NOT_FOUND'],
    ['/assets/../../package.json', 404, 'MONITOR_NOT_FOUND'],
    ['/api/v1/nothing', 404, 'MONITOR_NOT_FOUND'],
    ['/api/v1/streams/7', 404, 'MONITOR_NOT_FOUND'],
    ['/api/v1/streams/%E0%A4%A', 404, 'MONITOR_NOT_FOUND'],
    ['/api/v1/streams/0/batches/5', 404, 'MONITOR_NOT_FOUND'],
    ['/api/v1/queries/x', 404, 'MONITOR_NOT_FOUND'],
    ['/api/v1/state/x/versions', 404, 'MONITOR_NOT_FOUND'],
    ['/api/v1/state/0/versions/77/tables', 404, 'STATE_VERSION_NOT_RETAINED'],
    ['/api/v1/state/0/versions/1/entries?operator=nobody', 404, 'MONITOR_NOT_FOUND'],
    ['/api/v1/streams/0/batches?last=many', 400, 'MONITOR_PARAMETER'],
    ['/api/v1/streams/0/batches?last=1001', 400, 'MONITOR_PARAMETER'],
  ])('says what is wrong with %s', async (path, status, code) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
  });

  it('refuses a port that is taken, with the mend', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => {
        resolve((taken.address() as { port: number }).port);
      });
    });
    await expect(startMonitor({ ...setup(program.watched), port })).rejects.toMatchObject({
      code: 'MONITOR_PORT',
      exitCode: 2,
    });
    taken.close();
  });
});

describe('what /api/v1 answers', () => {
  it('lists what there is to ask for, and answers all of it', async () => {
    const { paths } = (await json('/api/v1')) as { paths: readonly string[] };
    expect(paths).toContain('/metrics');
    expect(await json('/api/v1/program')).toMatchObject({ v: 1, program: 'words.ts', streams: [{ appName: markup }] });
    expect(await json('/api/v1/streams/0')).toMatchObject({ records: 4 });
    expect(await json('/api/v1/streams/0/batches?last=1')).toMatchObject([{ records: 1 }]);
    expect(await json('/api/v1/streams/0/batches/1700000001000')).toMatchObject({ records: 3 });
    expect(program.watched.history.areStepsLookedAt).toBe(false);
    expect(await json('/api/v1/streams/0/operators')).toEqual({ operators: [] });
    expect(program.watched.history.areStepsLookedAt).toBe(true);
    expect(await json('/api/v1/queries')).toEqual([]);
  });

  it('shows state by version, table and key', async () => {
    expect(await json('/api/v1/state/0/versions')).toMatchObject({ versions: [{ version: 1 }, { version: 2 }] });
    expect(await json('/api/v1/state/0/versions/1/tables')).toContainEqual({
      operator: 'counts',
      table: 'state',
      partitions: 2,
      rows: 3,
    });
    expect(await json('/api/v1/state/0/versions/1/entries?operator=counts')).toEqual({
      keyColumns: [],
      valueColumns: [],
      entries: [
        { key: '"b"', value: '1' },
        { key: '"a"', value: '2' },
      ],
      total: 2,
      hasMore: false,
    });
    expect(await json('/api/v1/state/0/versions/2/entries?operator=counts&find=script')).toMatchObject({
      entries: [{ key: JSON.stringify(markup) }],
    });
    expect(await json('/api/v1/state/0/versions/2/entries?operator=counts&limit=1')).toMatchObject({ hasMore: true });
  });

  it('sends the facts as they are to a page that opens, then what is new', async () => {
    const messages = await feed(monitor.port, 2, async () => {
      await program.batch('c');
    });
    const [first, second] = messages.map(
      (text) => JSON.parse(/^data: (.*)$/mu.exec(text)?.[1] ?? '') as { batches: Record<string, unknown[]> },
    );
    expect(first?.batches['0']).toHaveLength(2);
    expect(second?.batches['0']).toMatchObject([{ records: 1 }]);
  });
});

describe('a query', () => {
  let query: QueryProgram;
  let page: Monitor;

  beforeAll(async () => {
    query = await queryProgram();
    page = await startMonitor(setup(query.watched));
  });
  afterAll(async () => {
    await page.close();
    await query.close();
  });

  it('shows the windows that are open and what would close each', async () => {
    await query.batch(['a', 1], ['b', 2], ['a', 12]);
    const path = `/api/v1/state/${query.runId}/versions`;
    const { versions } = JSON.parse((await ask(path, { port: page.port })).body) as { versions: { version: number }[] };
    const { body } = await ask(`${path}/${versions.at(-1)?.version}/windows`, { port: page.port });
    const begin = 1_700_000_000_000;
    expect(JSON.parse(body)).toEqual([
      { operator: 'aggregate', startMs: begin, endMs: begin + 10_000, rows: 2, closesAtEventMs: begin + 15_000 },
      {
        operator: 'aggregate',
        startMs: begin + 10_000,
        endMs: begin + 20_000,
        rows: 1,
        closesAtEventMs: begin + 25_000,
      },
    ]);
    const entries = JSON.parse(
      (
        await ask(`${path}/${versions.at(-1)?.version}/entries?operator=aggregate&table=rows&limit=1`, {
          port: page.port,
        })
      ).body,
    ) as object;
    expect(entries).toMatchObject({
      keyColumns: ['window', 'k'],
      valueColumns: ['count'],
      entries: [{ key: expect.stringContaining('"k":"a"'), value: '[1]' }],
      total: 3,
    });
  });
});

describe('what would cost the program too much', () => {
  it('shows twenty pages at a time', async () => {
    const page = await startMonitor(setup(program.watched));
    const open = Array.from({ length: 20 }, () =>
      request({ host: '127.0.0.1', port: page.port, path: '/api/v1/events', agent: false }),
    );
    await Promise.all(
      open.map(
        async (one) =>
          await new Promise((resolve) => {
            one
              .on('response', resolve)
              .on('error', () => undefined)
              .end();
          }),
      ),
    );
    const refused = await ask('/api/v1/events', { port: page.port });
    expect(refused.status).toBe(503);
    expect(refused.body).toContain('[MONITOR_PAGES] There are 20 live pages open already.');
    for (const one of open) one.destroy();
    await page.close();
  });

  it('reads no table of more than 200,000 rows', () => {
    const store = {
      program: undefined,
      tablesAt: () => [{ operator: 'counts', name: 'state', partition: 0 }],
      table: () => ({ size: 200_001 }),
    } as unknown as StateStore;
    const reader = new StoreStateReader(store, undefined, undefined);
    const read = (): unknown => reader.entries(1, { operator: 'counts', table: 'state' }, { limit: 1, find: '' });
    expect(read).toThrow('[MONITOR_STATE_SIZE] The table state of counts has 200001 rows');
  });
});
