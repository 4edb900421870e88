import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BatchSummary, type CheckpointSummary, summarize } from '../../../lib/cli/checkpoint/summary.ts';
import { summaryText } from '../../../lib/cli/checkpoint/summary-text.ts';
import { textWidth } from '../../../lib/cli/output/text-width.ts';
import { openCheckpoint } from '../../../lib/lmdb/open-checkpoint.ts';
import { openReadOnly } from '../../../lib/lmdb/open-read-only.ts';
import { type StateStoreKind, stateStoreKinds } from '../../../lib/store/state-store-kind.ts';
import type { BatchPlan, ProgramRecord } from '../../../lib/store/state-store.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-inspect-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const program: ProgramRecord = {
  appName: 'shop',
  batchIntervalMs: 1000,
  zeroTime: 0,
  operators: [
    { id: 'orders-by-user', partitions: 2, kind: 'update-state-by-key' },
    { id: 'kafka/window', partitions: 1, kind: 'window' },
  ],
  inputs: [{ id: 'kafka', kind: 'kafka' }],
};

/** Both partitions of a topic are read at once, the second only in the second batch. */
function planOf(batchTime: number, more: Partial<BatchPlan> = {}): BatchPlan {
  const from = { 'orders-0': batchTime - 1000, 'orders-1': 7 };
  const until = { 'orders-0': batchTime, 'orders-1': batchTime === 2000 ? 9 : 7 };
  return { batchTime, ranges: { kafka: [{ time: batchTime, from, until }] }, ...more };
}

async function makeCheckpoint(stateStore: StateStoreKind = 'memory-table'): Promise<void> {
  const store = await openCheckpoint(directory, { appName: 'shop', stateStore, minFreeBytes: 0, retainVersions: 2 });
  store.describe(program);
  for (const version of [1, 2, 3]) {
    store.plan([planOf(version * 1000)]);
    for (const user of ['a', 'b'].slice(0, version)) {
      store.table<string, number>('orders-by-user', 'state', user === 'a' ? 0 : 1).put(user, version);
    }
    store.table<string, boolean>('orders-by-user', 'progress').put('begun', true);
    store.table<readonly number[], number[]>('kafka/window', 'slices', version).put([version * 1000, 0], [version]);
    const offsets = { kafka: { 'orders-0': version * 1000, 'orders-1': version > 1 ? 9 : 7 } };
    store.commit({ version, batchTime: version * 1000, offsets, meta: {}, records: version === 2 ? 1002 : 1000 });
  }
  store.plan([planOf(4000, { attempt: 2 }), { batchTime: 5000, ranges: {} }]);
  await store.close();
}

async function summaryOf(path: string): Promise<CheckpointSummary> {
  const view = openReadOnly(path);
  try {
    return summarize(view);
  } finally {
    await view.close();
  }
}

/** Folders that views have made elsewhere. */
function temporary(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('millrace-read-'));
}

function heading(text: string): string {
  return `# ${text}`;
}

function many(state: BatchSummary['state']): BatchSummary[] {
  return Array.from({ length: 25 }, (_, i) => ({ state, batchTime: i, attempt: 1, ranges: [] }));
}

describe('the summary of a checkpoint', () => {
  it.each(stateStoreKinds.map((kind) => [kind]))(
    'names batches, ranges, steps and sizes of a %s store',
    async (kind) => {
      await makeCheckpoint(kind);
      const summary = await summaryOf(directory);
      const range = { source: 'kafka', partition: 'orders-0' };
      expect(summary).toMatchObject({
        directory,
        appName: 'shop',
        store: kind,
        lock: null,
        batchIntervalMs: 1000,
        lastBatchTime: 3000,
        versions: { oldest: 2, newest: 3, count: 2 },
        inputs: [{ id: 'kafka', kind: 'kafka', offsets: { 'orders-0': 3000, 'orders-1': 9 } }],
        operators: [
          {
            id: 'orders-by-user',
            kind: 'update-state-by-key',
            partitions: 2,
            rows: 3,
            tables: [
              { name: 'state', partitions: 2, rows: 2 },
              { name: 'progress', partitions: 1, rows: 1 },
            ],
          },
          {
            id: 'kafka/window',
            kind: 'window',
            partitions: 3,
            rows: 3,
            tables: [{ name: 'slices', partitions: 3, rows: 3 }],
          },
        ],
        batches: [
          {
            state: 'committed',
            batchTime: 2000,
            version: 2,
            records: 1002,
            attempt: 1,
            ranges: [
              { ...range, from: 1000, until: 2000 },
              { source: 'kafka', partition: 'orders-1', from: 7, until: 9 },
            ],
          },
          { state: 'committed', batchTime: 3000, version: 3, ranges: [{ ...range, from: 2000, until: 3000 }] },
          { state: 'pending', batchTime: 4000, attempt: 2, ranges: [{ ...range, from: 3000, until: 4000 }] },
          { state: 'pending', batchTime: 5000, attempt: 1, ranges: [] },
        ],
      });
      expect(summary.operators[0]?.sizeBytes).toBeGreaterThan(0);
      expect(summary.files[0]).toMatchObject({ name: 'data.mdb' });
    },
  );

  it('leaves no file behind, also where nobody has used the directory since it was copied', async () => {
    await makeCheckpoint();
    rmSync(join(directory, 'lock.mdb'));
    const before = [readdirSync(directory), temporary()];
    expect((await summaryOf(directory)).appName).toBe('shop');
    expect([readdirSync(directory), temporary()]).toEqual(before);
  });

  it('names who uses it, and whom a crash has left in the lock', async () => {
    await makeCheckpoint();
    const holder = { pid: 2 ** 22 + 7, host: hostname(), since: 'today' };
    writeFileSync(join(directory, 'process.lock'), JSON.stringify(holder));
    expect((await summaryOf(directory)).lock).toEqual({ ...holder, status: 'gone' });
  });

  it('is refused for what is no directory', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(directory, 'nowhere'), directory]) {
      expect(() => openReadOnly(path)).toThrow(expect.objectContaining({ code: 'CHECKPOINT_NOT_FOUND', exitCode: 4 }));
    }
  });
});

describe('its text', () => {
  it('says everything, line by line', async () => {
    await makeCheckpoint();
    const { files: _, ...summary } = await summaryOf(directory);
    const shown = { ...summary, directory: '/state', created: 'today', files: [{ name: 'data.mdb', sizeBytes: 2048 }] };
    expect(summaryText(shown, { columns: Number.POSITIVE_INFINITY, heading })).toBe(`# /state
  application  shop
  in use by    nobody
  batches      every 1000 ms, the last at 1970-01-01T00:00:03.000Z (3000)
  versions     2 to 3 can be read
  format       1 (memory-table), made today
  on disk      data.mdb 2 KB

# Inputs
  kafka
    goes on at orders-0 3000, orders-1 9

# Steps with state
  orders-by-user (update-state-by-key)
    3 rows, ${shown.operators[0]?.sizeBytes} B, 2 partitions
      state     2 rows, ${shown.operators[0]?.tables[0]?.sizeBytes} B
      progress  1 row, ${shown.operators[0]?.tables[1]?.sizeBytes} B
  kafka/window
    3 rows, 48 B, 3 partitions
      slices  3 rows, 48 B

# Batches
  1970-01-01T00:00:02.000Z  version 2, 1002 records
      kafka orders-0 [1000, 2000), kafka orders-1 [7, 9)
  1970-01-01T00:00:03.000Z  version 3, 1000 records
      kafka orders-0 [2000, 3000)
  1970-01-01T00:00:04.000Z  pending, runs next, attempt 2
      kafka orders-0 [3000, 4000)
  1970-01-01T00:00:05.000Z  pending
`);
  });

  it('fits a narrow terminal without taking ranges apart', async () => {
    await makeCheckpoint();
    const summary = { ...(await summaryOf(directory)), directory: '/state' };
    const ranges = Array.from({ length: 9 }, (_, i) => ({
      source: 'kafka',
      partition: `orders-${i}`,
      from: 0,
      until: 1e9,
    }));
    const batches = [{ state: 'committed' as const, batchTime: 0, version: 1, records: 0, attempt: 1, ranges }];
    const lock = { pid: 4_194_304, host: 'a-rather-long-host-name.example', since: '2026-01-01', status: 'running' };
    const text = summaryText({ ...summary, lock, batches }, { columns: 60, heading });
    expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(60);
    expect(text.match(/kafka orders-\d \[0, 1000000000\)/gu)).toHaveLength(9);
  });

  it('keeps names on their lines and the cursor where it is, whatever a topic or a step is called', async () => {
    await makeCheckpoint();
    const name = 'a\u001B[2J\n  forged  line\u009B';
    const text = summaryText(
      {
        ...(await summaryOf(directory)),
        appName: name,
        inputs: [{ id: name, kind: name, offsets: { [name]: 1 } }],
        operators: [{ id: name, kind: name, partitions: 1, rows: 1, sizeBytes: 1, tables: [] }],
      },
      { columns: Number.POSITIVE_INFINITY, heading },
    );
    expect(text).not.toMatch(/[\u001B\u009B]|^ {2}forged/mu);
    expect(text).toContain(String.raw`  application  a\u001b[2J\n  forged  line\u009b`);
    expect(text.match(/\\u001b\[2J/gu)).toHaveLength(4);
  });

  it('numbers the batches of a query', async () => {
    await makeCheckpoint();
    const summary = { ...(await summaryOf(directory)), batchIntervalMs: 0, batches: many('committed').slice(7, 8) };
    const text = summaryText({ ...summary, lastBatchTime: 7 }, { columns: 80, heading });
    expect(text).toContain('  batches      by triggers, the last is 7\n');
    expect(text).toContain('  batch 7  version ?\n');
  });

  it('shows the newest of many batches, and where all are', async () => {
    await makeCheckpoint();
    const summary = await summaryOf(directory);
    const options = { columns: 80, heading };
    const text = summaryText({ ...summary, batches: [...many('committed'), ...many('pending')] }, options);
    expect(text).toContain('  5 earlier batches: see --json\n');
    expect(text).toContain('  and 5 more that are pending: see --json\n');
    expect(text.split('\n').filter((line) => line.startsWith('  1970'))).toHaveLength(40);
  });
});
