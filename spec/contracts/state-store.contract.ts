import { afterEach, describe, expect, it } from '@jest/globals';
import type { BatchPlan, CommitRecord, ReadonlyMapLike, StateStore } from '../../lib/store/state-store.ts';

/** One store under test. `reopen` closes it and opens the same data again; undefined where a store does not outlive its process. */
export interface StoreSetup {
  open(): Promise<StateStore>;
  reopen?: (store: StateStore) => Promise<StateStore>;
  cleanUp(): Promise<void>;
}

export function record(version: number, more: Partial<CommitRecord> = {}): CommitRecord {
  return { version, batchTime: version * 1000, offsets: {}, meta: {}, records: 0, ...more };
}

export function planOf(batchTime: number, until = batchTime): BatchPlan {
  return { batchTime, ranges: { input: [{ time: batchTime, from: { p0: 0 }, until: { p0: until } }] } };
}

export function contents<K, V>(table: ReadonlyMapLike<K, V> | { entries(): Iterable<readonly [K, V]> }): [K, V][] {
  return [...table.entries()]
    .map(([key, value]) => [key, value] as [K, V])
    .toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

/** What every `StateStore` keeps to. */
export function stateStoreContract(name: string, setUp: () => StoreSetup): void {
  describe(`${name} keeps the contract of StateStore:`, () => {
    const setups: { setup: StoreSetup; stores: StateStore[] }[] = [];

    afterEach(async () => {
      for (const { setup, stores } of setups.splice(0)) {
        for (const store of stores) await store.close();
        await setup.cleanUp();
      }
    });

    async function opened(): Promise<{
      store: StateStore;
      reopen: ((store: StateStore) => Promise<StateStore>) | undefined;
    }> {
      const setup = setUp();
      const store = await setup.open();
      const stores = [store];
      setups.push({ setup, stores });
      const { reopen } = setup;
      return {
        store,
        reopen:
          reopen &&
          (async (old) => {
            const next = await reopen(old);
            stores.push(next);
            return next;
          }),
      };
    }

    it('is empty at first', async () => {
      const { store } = await opened();
      expect([store.lastCommitted, store.pendingPlans, store.operators, store.versions, store.program]).toEqual([
        undefined,
        [],
        [],
        [],
        undefined,
      ]);
    });

    it('gives the same table for the same arguments, and different ones for others', async () => {
      const { store } = await opened();
      const table = store.table<string, number>('a', 'x', 1);
      expect(store.table('a', 'x', 1)).toBe(table);
      for (const other of [
        store.table('b', 'x', 1),
        store.table('a', 'y', 1),
        store.table('a', 'x', 2),
        store.table('a', 'x'),
      ]) {
        expect(other).not.toBe(table);
      }
      expect(store.table('a', 'x')).toBe(store.table('a', 'x', 0));
    });

    it('reads the writes of the batch, and forgets them at discard', async () => {
      const { store } = await opened();
      const table = store.table<string, unknown>('op', 't');
      table.put('kept', { n: 1 });
      table.put('removed', 'old');
      store.commit(record(1));
      table.put('kept', { n: 2 });
      table.put('new', 5n);
      expect(table.remove('removed')).toBe(true);
      expect(table.remove('removed')).toBe(false);
      expect([table.get('kept'), table.get('new'), table.get('removed'), table.has('removed'), table.size]).toEqual([
        { n: 2 },
        5n,
        undefined,
        false,
        2,
      ]);
      store.discard();
      expect([contents(table), table.size]).toEqual([
        [
          ['kept', { n: 1 }],
          ['removed', 'old'],
        ],
        2,
      ]);
    });

    it('updates and visits', async () => {
      const { store } = await opened();
      const table = store.table<string, number>('op', 't');
      for (const word of ['a', 'b', 'a', 'c', 'a']) table.update(word, (n) => (n ?? 0) + 1);
      expect(contents(table)).toEqual([
        ['a', 3],
        ['b', 1],
        ['c', 1],
      ]);
      expect([table.update('b', () => null), table.update('d', () => undefined)]).toEqual([null, undefined]);
      table.updateEach((key, n) => (key === 'c' ? undefined : n * 100_000));
      const seen: unknown[] = [];
      table.forEach((key, value) => seen.push([key, value]));
      expect(seen).toEqual([['a', 300_000]]);
    });

    it('does not visit keys that a visit adds', async () => {
      const { store } = await opened();
      const table = store.table<number, number>('op', 't');
      for (let i = 0; i < 10; i++) table.put(i, i);
      let visits = 0;
      table.updateEach((key, value) => {
        visits++;
        table.put(key + 100, value);
        return value + 1;
      });
      expect([visits, table.size, table.get(3), table.get(103)]).toEqual([10, 20, 4, 3]);
    });

    it("gives values that are nobody else's", async () => {
      const { store } = await opened();
      const table = store.table<string, number[]>('op', 't');
      const value = [1];
      table.put('k', value);
      value.push(2);
      table.get('k')?.push(3);
      expect(table.get('k')).toEqual([1]);
    });

    it.each([
      [[0, -0], 1],
      [[NaN, NaN], 1],
      [
        [
          ['a', 1],
          ['a', 1],
        ],
        1,
      ],
      [
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        1,
      ],
      [[1, '1', 1n, true, null], 5],
      [[['a'], 'a', ['a', ['b']], ['a', 'b']], 4],
      [['__proto__', 'constructor', 'toString', ''], 4],
    ])('compares keys by value: %p are %d', async (keys, count) => {
      const { store } = await opened();
      const table = store.table<unknown, string>('op', 't');
      for (const key of keys) table.put(key, 'x');
      expect([table.size, keys.every((key) => table.has(key))]).toEqual([count, true]);
    });

    it('refuses undefined by name, and stays as it was', async () => {
      const { store } = await opened();
      const table = store.table<unknown, unknown>('count-words', 't');
      table.put('k', 1);
      const refused = expect.objectContaining({ code: 'STATE_VALUE_UNDEFINED', where: { operator: 'count-words' } });
      expect(() => table.put('k', undefined)).toThrow(refused);
      expect(() => table.put('k', { a: [undefined] })).toThrow('value.a[0]');
      expect(() => table.put(undefined, 1)).toThrow(refused);
      expect(() => table.update('k', () => [() => 1])).toThrow('STATE_VALUE_UNSUPPORTED');
      expect(contents(table)).toEqual([['k', 1]]);
    });

    it('counts as changed only keys whose value differs from before the batch', async () => {
      const { store } = await opened();
      const table = store.table<string, number>('op', 't');
      for (const key of ['a', 'b', 'c', 'd']) table.put(key, 1);
      expect(store.commit(record(1)).changedKeys).toBe(4);
      table.put('a', 1);
      table.put('b', 2);
      table.put('b', 1);
      table.put('c', 2);
      table.remove('d');
      table.put('d', 1);
      table.put('e', 1);
      table.remove('e');
      expect(store.commit(record(2)).changedKeys).toBe(1);
      expect(contents(table)).toEqual([
        ['a', 1],
        ['b', 1],
        ['c', 2],
        ['d', 1],
      ]);
    });

    it('keeps plans until they are committed, in order, the later one of a batch time', async () => {
      const { store } = await opened();
      store.plan([planOf(3000), planOf(1000)]);
      store.plan([planOf(2000, 5), planOf(2000, 9)]);
      expect(store.pendingPlans).toEqual([planOf(1000), planOf(2000, 9), planOf(3000)]);
      store.discard();
      store.commit(record(1, { batchTime: 2000, offsets: { input: { p0: 9 } } }));
      expect(store.pendingPlans).toEqual([planOf(3000)]);
      expect(store.donePlans).toEqual([planOf(1000), planOf(2000, 9)]);
      expect(store.lastCommitted).toEqual(record(1, { batchTime: 2000, offsets: { input: { p0: 9 } } }));
    });

    it('makes the plan of the batch that follows durable with a commit', async () => {
      const { store, reopen } = await opened();
      store.plan([planOf(1000)]);
      store.commit(record(1), planOf(2000, 7));
      expect([store.pendingPlans, store.donePlans]).toEqual([[planOf(2000, 7)], [planOf(1000)]]);
      const again = reopen === undefined ? store : await reopen(store);
      expect([again.pendingPlans, again.donePlans]).toEqual([[planOf(2000, 7)], [planOf(1000)]]);
      again.plan([{ ...planOf(2000, 7), attempt: 2 }]);
      again.commit(record(2), planOf(3000));
      expect(again.pendingPlans).toEqual([planOf(3000)]);
      again.rollbackTo(1);
      expect(again.pendingPlans).toEqual([{ ...planOf(2000, 7), attempt: 2 }, planOf(3000)]);
    });

    it('refuses a version that is not the next', async () => {
      const { store } = await opened();
      store.commit(record(1));
      expect(() => store.commit(record(3))).toThrow('INTERNAL_INVARIANT');
      expect(() => store.commit(record(1))).toThrow('INTERNAL_INVARIANT');
      expect(store.lastCommitted?.version).toBe(1);
    });

    it('reads past versions without disturbing the batch', async () => {
      const { store } = await opened();
      withVersions(store);
      store.table<string, unknown>('op', 't', 1).put('a', 'not committed');
      expect(store.versions).toEqual([record(1), record(2), record(3)]);
      const at = (version: number): unknown => contents(store.tableAt(version, 'op', 't', 1));
      expect([at(0), at(1), at(2), at(3)]).toEqual([
        [],
        [
          ['a', 1],
          ['b', 'one'],
        ],
        [['a', 2]],
        [
          ['a', 2],
          ['b', 'again'],
        ],
      ]);
      expect(store.tableAt(2, 'op', 't', 1).get('a')).toBe(2);
      expect(store.tableAt(3, 'later', 't').size).toBe(1);
      expect(store.tableAt(3, 'nobody', 't').size).toBe(0);
      expect(store.tablesAt(3)).toEqual([
        { operator: 'op', name: 't', partition: 1 },
        { operator: 'later', name: 't', partition: 0 },
      ]);
      expect(store.table('op', 't', 1).get('a')).toBe('not committed');
      expect(() => store.tableAt(4, 'op', 't')).toThrow('STATE_VERSION_NOT_RETAINED');
    });

    it.each([
      [2, [['a', 2]]],
      [
        1,
        [
          ['a', 1],
          ['b', 'one'],
        ],
      ],
      [0, []],
    ])('goes back to version %d, and on from there', async (version, expected) => {
      const { store } = await opened();
      withVersions(store);
      store.table<string, unknown>('op', 't', 1).put('a', 'not committed');
      store.rollbackTo(version);
      expect(contents(store.table<string, unknown>('op', 't', 1))).toEqual(expected);
      expect(store.table('later', 't').size).toBe(0);
      expect([store.lastCommitted?.version ?? 0, store.versions.length]).toEqual([version, version]);
      expect(store.pendingPlans.map((plan) => plan.batchTime)).toEqual([1000, 2000, 3000, 4000].slice(version));
      store.table<string, unknown>('op', 't', 1).put('c', 3);
      store.commit(record(version + 1));
      expect(store.table('op', 't', 1).get('c')).toBe(3);
    });

    it('retains the newest ten versions', async () => {
      const { store } = await opened();
      const table = store.table<string, number>('op', 't');
      for (let version = 1; version <= 25; version++) {
        table.put('n', version);
        table.put(`k${version}`, version);
        store.commit(record(version));
        store.maintain();
      }
      expect(store.versions.map(({ version }) => version)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
      expect(store.tableAt(16, 'op', 't').get('n')).toBe(16);
      expect(store.tableAt(16, 'op', 't').size).toBe(17);
      expect(() => store.rollbackTo(15)).toThrow('STATE_VERSION_NOT_RETAINED');
      expect(() => store.rollbackTo(0)).toThrow('STATE_VERSION_NOT_RETAINED');
    });

    it('drops the state of an operator with the next commit only', async () => {
      const { store } = await opened();
      store.table<string, number>('old', 't').put('a', 1);
      store.table<string, number>('new', 't').put('a', 1);
      store.commit(record(1));
      store.dropOperator('old');
      store.discard();
      expect(store.operators).toEqual(['old', 'new']);
      store.dropOperator('old');
      store.commit(record(2));
      expect(store.operators).toEqual(['new']);
      expect(store.table('old', 't').size).toBe(0);
    });

    it('may be closed twice', async () => {
      const { store } = await opened();
      await store.close();
      await store.close();
      expect(store.pendingPlans).toEqual([]);
    });

    it('finds everything again after a restart, and nothing that was not committed', async () => {
      const { store, reopen } = await opened();
      // A store that ends with its process has nothing to find again.
      if (reopen === undefined) return;
      const program = {
        appName: 'app',
        batchIntervalMs: 1000,
        zeroTime: 500,
        operators: [{ id: 'op', partitions: 2 }],
      };
      store.describe(program);
      withVersions(store);
      store.table<string, unknown>('op', 't', 1).put('lost', true);
      let again = await reopen(store);
      const table = (): [string, unknown][] => contents(again.table<string, unknown>('op', 't', 1));
      expect(table()).toEqual([
        ['a', 2],
        ['b', 'again'],
      ]);
      expect([again.program, again.lastCommitted, again.versions.length]).toEqual([program, record(3), 3]);
      expect(again.pendingPlans).toEqual([planOf(4000)]);
      expect(again.operators).toEqual(['op', 'later']);
      expect(contents(again.tableAt(1, 'op', 't', 1))).toEqual([
        ['a', 1],
        ['b', 'one'],
      ]);
      again.rollbackTo(2);
      again = await reopen(again);
      expect([table(), again.pendingPlans.length]).toEqual([[['a', 2]], 2]);
      again.rollbackTo(0);
      again = await reopen(again);
      expect([table(), again.pendingPlans.length, again.versions]).toEqual([[], 4, []]);
    });

    it('holds received blocks of each input until they are dropped, across restarts, whatever is committed or not', async () => {
      const opening = await opened();
      let { store } = opening;
      store.received.append('input', [
        { number: 0, records: 2, bytes: bytesOf('zero') },
        { number: 1, records: 1, bytes: bytesOf('one') },
      ]);
      store.received.append('input#2', [{ number: 300, records: 7, bytes: bytesOf('other') }]);
      store.received.append('input', [{ number: 2, records: 3, bytes: new Uint8Array() }]);
      store.discard();
      store.commit(record(1));
      if (opening.reopen !== undefined) store = await opening.reopen(store);
      store.received.dropBelow('input', 1);
      expect(store.received.list('input')).toEqual([
        { number: 1, records: 1 },
        { number: 2, records: 3 },
      ]);
      expect([0, 1, 2, 3].map((number) => store.received.read('input', number))).toEqual([
        undefined,
        bytesOf('one'),
        new Uint8Array(),
        undefined,
      ]);
      expect([store.received.list('input#2'), store.received.list('none')]).toEqual([
        [{ number: 300, records: 7 }],
        [],
      ]);
      store.received.dropBelow('input#2', 1000);
      expect(store.received.list('input#2')).toEqual([]);
    });
  });
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Three versions of a table with a key that changes, one that goes and comes, and a table that comes later. */
function withVersions(store: StateStore): void {
  const table = store.table<string, unknown>('op', 't', 1);
  store.plan([1, 2, 3, 4].map((n) => planOf(n * 1000)));
  table.put('a', 1);
  table.put('b', 'one');
  store.commit(record(1));
  store.maintain();
  table.put('a', 2);
  table.remove('b');
  store.commit(record(2));
  store.maintain();
  table.put('b', 'again');
  store.table<string, number>('later', 't').put('x', 1);
  store.commit(record(3));
  store.maintain();
}
