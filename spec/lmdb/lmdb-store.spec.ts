import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import type { StateStore } from '../../lib/store/state-store.ts';
import { record, stateStoreContract } from '../contracts/state-store.contract.ts';
import { firstDifference, steps } from '../store/table-oracle.ts';
import { durableStore } from './durable-store.ts';

/** Compacts all the time and in many steps, as a large table would. */
const eager = { dueBytes: 200, dueDeltas: 2, segmentBytes: 200, stepBytes: 800 };

describe.each(['memory-table', 'lmdb-rows'] as const)('%s', (stateStore) => {
  stateStoreContract('the durable store', () => durableStore({ stateStore }));
});

/** Writes early and forgets all the time, as a state far larger than memory would. */
const cramped = { cacheBytes: 1, changedKeys: 1, step: 1 };

it.each([
  ['memory-table', 'restarts, rollbacks and compactions', { compaction: eager }],
  ['lmdb-rows', 'restarts and rollbacks', { stateStore: 'lmdb-rows' }],
  ['lmdb-rows', 'early writes of every change', { stateStore: 'lmdb-rows', rowLimits: cramped }],
  ['lmdb-rows', 'early writes of some changes', { stateStore: 'lmdb-rows', rowLimits: { ...cramped, step: 5 } }],
] as const)(
  '%s holds what plain maps hold, after any history with %s',
  async (_, __, options) => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const directory = mkdtempSync(join(tmpdir(), 'millrace-oracle-'));
        const open = async (): Promise<StateStore> =>
          await openCheckpoint(directory, { appName: 'oracle', retainVersions: 4, ...options });
        let last = await open();
        try {
          const difference = await firstDifference(last, history, async (store) => {
            await store.close();
            last = await open();
            return last;
          });
          expect(difference).toBeUndefined();
        } finally {
          await last.close();
          rmSync(directory, { recursive: true, force: true });
        }
      }),
      { numRuns: 15 },
    );
  },
  60_000,
);

it('reads every retained version right while bases are written across versions', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-bases-'));
  const compaction = { dueBytes: 3000, dueDeltas: 30, segmentBytes: 500, stepBytes: 1500 };
  const open = async (): Promise<StateStore> =>
    await openCheckpoint(directory, { appName: 'bases', retainVersions: 3, compaction });
  let store = await open();
  const expected = new Map<number, ReadonlyMap<string, number>>();
  const current = new Map<string, number>();
  const wrong: number[] = [];
  try {
    for (let version = 1; version <= 60; version++) {
      const table = store.table<string, number>('op', 't');
      for (let i = 0; i < 60; i++) {
        const key = `key-${(version * 37 + i * 101) % 700}`;
        if (i % 7 === 0) {
          table.remove(key);
          current.delete(key);
        } else {
          table.put(key, version * 1000 + i);
          current.set(key, version * 1000 + i);
        }
      }
      store.commit(record(version));
      store.maintain();
      expected.set(version, new Map(current));
      if (version % 13 === 0) {
        await store.close();
        store = await open();
      }
      for (const { version: past } of version % 2 === 0 ? store.versions : []) {
        const found = new Map(store.tableAt<string, number>(past, 'op', 't').entries());
        const wanted = expected.get(past) ?? new Map();
        if (found.size !== wanted.size || [...wanted].some(([key, value]) => found.get(key) !== value))
          wrong.push(past);
      }
    }
    expect(wrong).toEqual([]);
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}, 60_000);
