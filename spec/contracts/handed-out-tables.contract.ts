import { afterEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { armFault, disarmFault } from '../../lib/kernel/fault-point.ts';
import { failure } from '../../lib/kernel/errors.ts';
import { MemoryStore } from '../../lib/store/memory-store.ts';
import type { HandedOutTables, StateStore, TableName } from '../../lib/store/state-store.ts';
import type { StateTable } from '../../lib/store/state-table.ts';
import { placeOf } from '../../lib/streaming/threads/scattering.ts';
import { ThreadTables } from '../../lib/streaming/threads/thread-tables.ts';
import { contents, record, type StoreSetup } from './state-store.contract.ts';

/** What a batch writes: null removes the key. */
type Change = readonly [name: 'sums' | 'late', partition: number, key: unknown, value: unknown];

const partitions = 4;
const places = 3;
const operator = 'op';
/** Of another step, whose tables stay. */
const neighbour = 'here';

/** Where the tables of a step are worked on: by one store alone, or by a store and the threads that have its tables. */
interface Worker {
  readonly store: StateStore;
  /** Tables that a partition is written through. */
  tables(partition: number): Pick<StateStore, 'table'>;
  /** Who keeps how far the step is. */
  readonly keepers: readonly Pick<StateStore, 'table'>[];
}

/** A store and threads that have the tables of a step, each its partitions, in the process. */
class SharedOut implements Worker {
  store: StateStore;
  threads: readonly ThreadTables[] = [];

  constructor(store: StateStore) {
    this.store = store;
  }

  get away(): HandedOutTables {
    const { away } = this.store;
    if (away === undefined) throw new TypeError('a store whose tables cannot be handed out');
    return away;
  }

  get keepers(): readonly Pick<StateStore, 'table'>[] {
    return this.threads.length > 0 ? this.threads : [this.store];
  }

  tables(partition: number): Pick<StateStore, 'table'> {
    return this.threads[placeOf(partition, places)] ?? this.store;
  }

  /** Threads that know nothing yet get what there is. */
  handOut(): void {
    const tables = this.away.handOut(operator, isOfKeys);
    this.threads = Array.from({ length: places }, (_, place) => {
      const thread = new ThreadTables((partition) => placeOf(partition, places) === place);
      const own = tables.filter((table) => !isOfKeys(table) || placeOf(table.partition, places) === place);
      thread.load(structuredClone(own));
      return thread;
    });
  }

  /** What the batch has changed in the threads comes to the store; nothing where nobody has its tables. */
  absorb(): void {
    for (const thread of this.threads) {
      const changes = thread.changes();
      const memory = changes.flatMap(({ parts }) => parts.map((part) => part.buffer as ArrayBuffer));
      this.away.absorb(structuredClone(changes, { transfer: memory }));
    }
  }

  end(isCommitted: boolean): void {
    for (const thread of this.threads) thread.end(isCommitted);
  }

  takeBack(): void {
    this.threads = [];
    this.away.takeBack();
  }
}

function isOfKeys({ name }: TableName): boolean {
  return name !== 'progress';
}

function alone(store: StateStore): Worker {
  return { store, tables: () => store, keepers: [store] };
}

function write(worker: Worker, time: number, changes: readonly Change[]): void {
  for (const [name, partition, key, value] of changes) {
    const table: StateTable<unknown, unknown> = worker.tables(partition).table(operator, name, partition);
    if (value === null) table.remove(key);
    else table.put(key, value);
  }
  for (const keeper of worker.keepers) keeper.table<string, number>(operator, 'progress').put('until', time);
  worker.store.table<string, number>(neighbour, 'own').update('batches', (count) => (count ?? 0) + 1);
}

const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('sums' as const, 'sums' as const, 'late' as const),
  fc.nat(partitions - 1),
  fc.oneof(
    fc.nat(5),
    fc.nat(2).map((n) => `${'k'.repeat(70)} ${n}`),
  ),
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 3, arbitrary: fc.nat(3) },
    { weight: 2, arbitrary: fc.nat(300).map((length) => 'v'.repeat(length)) },
  ),
);

/**
 * What happens. A batch is committed, is done and waits for the commit of a later one, or fails: before the store has heard of its changes, or
 * afterwards, when it cannot write them.
 */
const steps = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        changes: fc.array(change, { maxLength: 8 }),
        ends: fc.constantFrom('committed', 'committed', 'committed', 'shared', 'failed', 'failed late', 'died'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'hand out' as const,
        'take back' as const,
        'reopen' as const,
        'fail to compact' as const,
      ),
    },
  ),
  { minLength: 1, maxLength: 24, size: 'max' },
);

type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

/** What a store and one that has all its tables hold differently, after each step of a history. */
class History {
  readonly shared: SharedOut;
  /** The one that nothing leaves. */
  readonly one = new MemoryStore({ retainVersions: 4 });
  #version = 0;
  #time = 0;
  /** Batches are done and not committed. */
  #hasWaiting = false;

  constructor(store: StateStore) {
    this.shared = new SharedOut(store);
  }

  async take(step: Step, reopen: StoreSetup['reopen']): Promise<void> {
    if (typeof step === 'object') this.#run(step.changes, step.ends);
    else if (step === 'hand out') this.shared.handOut();
    else if (step === 'take back') this.shared.takeBack();
    else if (step === 'fail to compact') armFault('in-compaction', 1, fail);
    else await this.#reopen(reopen);
  }

  #run(changes: readonly Change[], ends: string): void {
    const { shared, one } = this;
    this.#time += 1000;
    write(shared, this.#time, changes);
    write(alone(one), this.#time, changes);
    if (ends !== 'failed' && ends !== 'died') shared.absorb();
    if (ends === 'committed') this.#commit();
    else if (ends === 'shared') this.#hasWaiting = true;
    else this.#discard(ends === 'died');
    if (ends === 'committed' || ends === 'shared') shared.end(true);
  }

  #discard(hasDied: boolean): void {
    const { shared, one } = this;
    for (const store of [shared.store, one]) store.discard();
    shared.end(false);
    // What threads have of batches that wait for their commit they have for good.
    if ((hasDied || this.#hasWaiting) && shared.threads.length > 0) shared.handOut();
    this.#hasWaiting = false;
  }

  #commit(): void {
    const { shared, one } = this;
    this.#version += 1;
    for (const store of [shared.store, one]) store.commit(record(this.#version));
    this.#hasWaiting = false;
    try {
      shared.store.maintain();
    } catch (error) {
      // It may be tried again, by this process or the next.
      if (error !== killed) throw error;
    }
  }

  async #reopen(reopen: StoreSetup['reopen']): Promise<void> {
    if (reopen === undefined) return;
    const { shared, one } = this;
    one.discard();
    this.#hasWaiting = false;
    shared.threads = [];
    shared.store = await reopen(shared.store);
  }

  /** Each table as it is here and as it should be. */
  *tables(): Generator<readonly [found: string, expected: string]> {
    const { shared, one } = this;
    for (const { id, name, partition } of named) {
      const worker =
        isOfKeys({ operator: id, name, partition }) && id === operator ? shared.tables(partition) : shared.store;
      const expected = one.table(id, name, partition);
      yield [listed(name, partition, worker.table(id, name, partition)), listed(name, partition, expected)];
      yield [`${shared.store.table(id, name, partition).size} keys`, `${expected.size} keys`];
    }
  }

  /** The versions that are retained. */
  *versions(): Generator<readonly [found: string, expected: string]> {
    const { store } = this.shared;
    yield [`${store.versions.length} versions`, `${this.one.versions.length} versions`];
    for (const { version } of this.one.versions)
      for (const { id, name, partition } of named)
        yield [store, this.one].map((each) => listed(name, version, each.tableAt(version, id, name, partition))) as [
          string,
          string,
        ];
  }
}

const named = [
  ...['sums', 'late'].flatMap((name) =>
    Array.from({ length: partitions }, (_, partition) => ({ id: operator, name, partition })),
  ),
  { id: operator, name: 'progress', partition: 0 },
  { id: neighbour, name: 'own', partition: 0 },
];

function different(compared: Iterable<readonly [found: string, expected: string]>): readonly string[] {
  const wrong: string[] = [];
  for (const [found, expected] of compared) if (found !== expected) wrong.push(`${found} in place of ${expected}`);
  return wrong;
}

const killed = failure('INTERNAL_INVARIANT', { what: 'the process is killed' });

function fail(): never {
  throw killed;
}

function listed(name: string, at: number, table: { entries(): Iterable<readonly [unknown, unknown]> }): string {
  return `${name} ${at}: ${contents(table)
    .map((entry) => JSON.stringify(entry))
    .join(' ')}`;
}

/** What every store keeps to whose tables other threads can work on. Set up so that it retains four versions, as the store that it is compared with. */
export function handedOutTablesContract(name: string, setUp: () => StoreSetup, numRuns = 20): void {
  describe(`${name} keeps the contract of HandedOutTables:`, () => {
    const ends: (() => Promise<void>)[] = [];
    afterEach(async () => {
      disarmFault();
      for (const end of ends.splice(0)) await end();
    });

    async function opened(): Promise<SharedOut> {
      const setup = setUp();
      const shared = new SharedOut(await setup.open());
      ends.push(async () => {
        await shared.store.close();
        await setup.cleanUp();
      });
      return shared;
    }

    it('gives out what a step has, what is not committed included, and commits what comes back', async () => {
      const shared = await opened();
      const { store } = shared;
      write(alone(store), 1000, [
        ['sums', 0, 'a', 1],
        ['sums', 1, 'b', 1],
      ]);
      store.commit(record(1));
      write(alone(store), 2000, [
        ['sums', 0, 'a', 2],
        ['sums', 1, 'c', 2],
      ]);
      shared.handOut();
      expect(held(shared)).toEqual([
        [['a', 2]],
        [
          ['b', 1],
          ['c', 2],
        ],
        [],
        [],
      ]);
      write(shared, 3000, [
        ['sums', 0, 'a', null],
        ['sums', 1, 'c', 3],
        ['sums', 2, 'd', 3],
      ]);
      expect(contents(store.table(operator, 'progress'))).toEqual([['until', 2000]]);
      shared.absorb();
      store.commit(record(2));
      shared.end(true);
      expect(committed(store, 1)).toEqual([[['a', 1]], [['b', 1]], [], []]);
      expect(committed(store, 2)).toEqual([
        [],
        [
          ['b', 1],
          ['c', 3],
        ],
        [['d', 3]],
        [],
      ]);
      expect([contents(store.table(operator, 'progress')), contents(store.table(neighbour, 'own'))]).toEqual([
        [['until', 3000]],
        [['batches', 3]],
      ]);
      expect(sizes(shared)).toEqual([0, 2, 1, 0]);
    });

    it('says how large a table is that others work on, and how many keys a batch has changed in it', async () => {
      const shared = await opened();
      const { store } = shared;
      shared.handOut();
      write(shared, 1000, [
        ['sums', 0, 'a', 'a'.repeat(500)],
        ['sums', 0, 'b', 1],
        ['sums', 3, 'c', 1],
      ]);
      shared.absorb();
      // Besides the keys, how far the step and its neighbour are.
      expect(store.commit(record(1)).changedKeys).toBe(3 + 2);
      shared.end(true);
      const large = store.table(operator, 'sums', 0).sizeBytes;
      expect(large).toBeGreaterThan(500);
      write(shared, 2000, [
        ['sums', 0, 'a', null],
        ['sums', 0, 'd', 'd'.repeat(500)],
      ]);
      shared.absorb();
      expect(store.table(operator, 'sums', 0).size).toBe(2);
      expect(store.table(operator, 'sums', 0).sizeBytes).toBeGreaterThan(large);
      store.discard();
      shared.end(false);
      expect([store.table(operator, 'sums', 0).size, store.table(operator, 'sums', 0).sizeBytes]).toEqual([2, large]);
      write(shared, 3000, [
        ['sums', 1, 'e', 1],
        ['sums', 0, 'b', 2],
      ]);
      shared.absorb();
      store.commit(record(2));
      shared.end(true);
      expect(committed(store, 2)[0]?.map(([key]) => key)).toEqual(['a', 'b']);
    });

    it('gives out again what a thread that is gone has had, without what it had not told', async () => {
      const shared = await opened();
      const { store } = shared;
      shared.handOut();
      for (const version of [1, 2]) {
        write(shared, version * 1000, [
          ['sums', 0, 'a', version],
          ['late', 2, `k${version}`, version],
        ]);
        shared.absorb();
        store.commit(record(version));
        shared.end(true);
      }
      write(shared, 3000, [
        ['sums', 0, 'a', 3],
        ['sums', 1, 'lost', 3],
      ]);
      store.discard();
      shared.handOut();
      expect(held(shared)).toEqual([[['a', 2]], [], [], []]);
      write(shared, 3000, [
        ['sums', 0, 'a', null],
        ['sums', 1, 'waits', 3],
      ]);
      shared.absorb();
      shared.handOut();
      expect(held(shared)).toEqual([[], [['waits', 3]], [], []]);
      expect(contents(shared.tables(2).table(operator, 'late', 2))).toEqual([
        ['k1', 1],
        ['k2', 2],
      ]);
      // Each of them knows how far the step is.
      expect(shared.threads.map((thread) => contents(thread.table(operator, 'progress')))).toEqual(
        Array.from({ length: places }, () => [['until', 3000]]),
      );
    });

    it('has every table here again when it takes them back, what waits for a commit included', async () => {
      const shared = await opened();
      const { store } = shared;
      write(alone(store), 1000, [
        ['sums', 0, 'a', 1],
        ['sums', 1, 'b', 1],
      ]);
      store.commit(record(1));
      shared.handOut();
      write(shared, 2000, [
        ['sums', 0, 'a', null],
        ['sums', 2, 'c', 2],
      ]);
      shared.absorb();
      shared.end(true);
      write(shared, 3000, [
        ['sums', 1, 'b', 'not told'],
        ['sums', 2, 'c', 'not told'],
      ]);
      shared.takeBack();
      expect(held(shared)).toEqual([[], [['b', 1]], [['c', 2]], []]);
      write(shared, 4000, [
        ['sums', 2, 'd', 4],
        ['sums', 3, 'e', 4],
      ]);
      store.commit(record(2));
      expect(committed(store, 2)).toEqual([
        [],
        [['b', 1]],
        [
          ['c', 2],
          ['d', 4],
        ],
        [['e', 4]],
      ]);
      write(shared, 5000, [['sums', 1, 'b', 5]]);
      store.discard();
      expect(held(shared)).toEqual(committed(store, 2));
    });

    it('has every table here again when it goes back to an earlier version', async () => {
      const shared = await opened();
      const { store } = shared;
      shared.handOut();
      for (const version of [1, 2]) {
        write(shared, version * 1000, [['sums', version, 'a', version]]);
        shared.absorb();
        store.commit(record(version));
        shared.end(true);
      }
      store.rollbackTo(1);
      shared.threads = [];
      expect(held(shared)).toEqual([[], [['a', 1]], [], []]);
      const elsewhere = new ThreadTables(() => true);
      elsewhere.table<string, number>(operator, 'sums', 3).put('b', 2);
      shared.away.absorb(elsewhere.changes());
      store.commit(record(2));
      expect(held(shared)).toEqual([[], [['a', 1]], [], [['b', 2]]]);
    });

    it('commits what one store commits that has all its tables, whatever happens', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (given) => {
          const setup = setUp();
          const history = new History(await setup.open());
          try {
            for (const [at, step] of given.entries()) {
              await history.take(step, setup.reopen);
              const areVersionsDue = at % 6 === 5 || at === given.length - 1;
              const wrong = [different(history.tables()), areVersionsDue ? different(history.versions()) : []];
              expect(wrong).toEqual([[], []]);
            }
          } finally {
            disarmFault();
            await history.shared.store.close();
            await setup.cleanUp();
          }
        }),
        { numRuns },
      );
    });
  });
}

/** What the tables have that the partitions are written through. */
function held(shared: SharedOut): readonly [unknown, unknown][][] {
  return Array.from({ length: partitions }, (_, partition) =>
    contents(shared.tables(partition).table(operator, 'sums', partition)),
  );
}

function committed(store: StateStore, version: number): readonly [unknown, unknown][][] {
  return Array.from({ length: partitions }, (_, partition) =>
    contents(store.tableAt(version, operator, 'sums', partition)),
  );
}

function sizes({ store }: SharedOut): readonly number[] {
  return Array.from({ length: partitions }, (_, partition) => store.table(operator, 'sums', partition).size);
}
