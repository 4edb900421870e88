import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Environment } from '../../lib/lmdb/environment.ts';
import { rowsOf } from '../../lib/lmdb/keys.ts';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import type { StateStore } from '../../lib/store/state-store.ts';
import { contents, record } from '../contracts/state-store.contract.ts';

let directory: string;
let store: StateStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-rows-'));
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Changes go to the file after `changedKeys` of them, long before the commit. */
async function open(changedKeys: number): Promise<StateStore> {
  return await openCheckpoint(directory, {
    appName: 'rows',
    stateStore: 'lmdb-rows',
    rowLimits: { cacheBytes: changedKeys * 200, changedKeys, step: 1 },
  });
}

function filled(keys: number): ReturnType<typeof store.table<number, number>> {
  const table = store.table<number, number>('op', 't');
  for (let key = 0; key < keys; key++) table.put(key, key);
  return table;
}

describe('a visit while the state is written early', () => {
  it('comes by every key once, and not by those that it adds', async () => {
    store = await open(7);
    const table = filled(100);
    const visited: number[] = [];
    table.updateEach((key, value) => {
      visited.push(key);
      table.put(key + 1000, value);
      // Ahead of the visit, or behind it.
      if (key % 10 === 3) table.put((key * 7) % 100, -1);
      return key % 2 === 0 ? null : value + 1;
    });
    expect(visited.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(table.size).toBe(150);
    expect([table.get(4), table.get(1005), table.has(1004)]).toEqual([undefined, 5, true]);
  });

  it('shows what the batch has made of keys, those that were added included, whatever goes to the file meanwhile', async () => {
    store = await open(5);
    const table = filled(60);
    const other = store.table<number, number>('other', 't');
    store.commit(record(1));
    for (let key = 50; key < 80; key++) table.put(key, -key);
    for (let key = 0; key < 5; key++) table.remove(key);
    const seen: [number, number][] = [];
    table.forEach((key, value) => {
      seen.push([key, value]);
      // Each of these may send the changes of both tables to the file.
      other.put(key, value);
    });
    const expected = Array.from({ length: 75 }, (_, i) => [i + 5, i + 5 < 50 ? i + 5 : -(i + 5)]);
    expect(seen.toSorted(([a], [b]) => a - b)).toEqual(expected);
    expect(other.size).toBe(75);
  });

  it('gives a batch up as a whole: values, sizes and numbers of keys are those of before', async () => {
    store = await open(6);
    const table = filled(50);
    store.commit(record(1));
    const before = contents(table);
    table.updateEach((_, value) => (value % 3 === 0 ? null : value * 2));
    for (let key = 100; key < 130; key++) table.put(key, key);
    store.table<number, number>('new', 't').put(1, 1);
    for (let key = 0; key < 20; key++) store.table<number, number>('new', 't').put(key, key);
    store.discard();
    expect([table.size, contents(table), store.operators]).toEqual([50, before, ['op']]);
    table.put(1, 5);
    store.commit(record(2));
    expect([table.size, table.get(1), table.get(3), table.get(100)]).toEqual([50, 5, 3, undefined]);
    expect(store.tableAt<number, number>(1, 'op', 't').get(1)).toBe(1);
    expect(store.table('new', 't').size).toBe(0);
  });
});

describe('dropped state', () => {
  it('leaves the file little by little, also when the program ends meanwhile', async () => {
    store = await open(10_000);
    filled(20_000);
    store.commit(record(1));
    store.dropOperator('op');
    store.commit(record(2));
    expect([store.operators, store.table('op', 't').size]).toEqual([[], 0]);
    const rowsLeft = async (): Promise<number> => {
      await store.close();
      const environment = new Environment(directory, { readOnly: true });
      const left = environment.keys(...rowsOf(1)).length;
      await environment.close();
      store = await open(10_000);
      return left;
    };
    store.maintain();
    const first = await rowsLeft();
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(20_000);
    for (let i = 0; i < 20; i++) store.maintain();
    expect(await rowsLeft()).toBe(0);
  });
});

describe('keys that are too long for the file', () => {
  it('are kept, changed, removed and found again like others', async () => {
    store = await open(2);
    const table = store.table<string, number>('op', 't');
    const keys = Array.from({ length: 8 }, (_, i) => String(i).repeat(1890 + i * 5));
    for (const key of keys) table.put(key, key.length);
    store.commit(record(1));
    table.remove(keys[7] ?? '');
    table.put(keys[6] ?? '', 0);
    store.commit(record(2));
    await store.close();
    store = await open(2);
    const again = store.table<string, number>('op', 't');
    expect(keys.map((key) => again.get(key))).toEqual([1890, 1895, 1900, 1905, 1910, 1915, 0, undefined]);
    expect([again.size, contents(again).length]).toEqual([7, 7]);
  });
});
