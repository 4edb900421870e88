import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { failure } from '../../lib/kernel/errors.ts';
import { armFault, disarmFault } from '../../lib/kernel/fault-point.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import type { CompactionRule } from '../../lib/lmdb/compaction.ts';
import { Environment } from '../../lib/lmdb/environment.ts';
import { keysOf } from '../../lib/lmdb/keys.ts';
import { LmdbStore } from '../../lib/lmdb/lmdb-store.ts';
import { readTables } from '../../lib/lmdb/table-log.ts';
import { ThreadTables } from '../../lib/streaming/threads/thread-tables.ts';
import { contents, record } from '../contracts/state-store.contract.ts';

const keys = 60;
const eager: CompactionRule = { dueBytes: 2000, dueDeltas: 8, segmentBytes: 200, stepBytes: 400 };

/** A store with one table, which a thread has, and what each version of the table should be. */
class Away {
  readonly #directory = mkdtempSync(join(tmpdir(), 'millrace-away-'));
  readonly #expected = new Map<number, readonly (readonly [string, unknown])[]>();
  environment = new Environment(this.#directory);
  store!: LmdbStore;
  thread: ThreadTables | undefined;
  /** What was not as it should be. */
  readonly wrong: string[] = [];
  readonly warnings: string[] = [];
  #current = new Map<string, unknown>();
  #version = 0;
  #rule = eager;
  #retainVersions = 3;

  static async opened(rule: Partial<CompactionRule> = {}, retainVersions = 3): Promise<Away> {
    const away = new Away();
    away.#rule = { ...eager, ...rule };
    away.#retainVersions = retainVersions;
    await away.#load();
    return away;
  }

  /** How often the table was compacted. */
  get bases(): number {
    return (
      readTables(this.environment)
        .find(({ operator }) => operator === 'op')
        ?.bases.at(-1)?.id ?? 0
    );
  }

  /** Segments are written of a base that is not in use. */
  get isBeingWritten(): boolean {
    const named = readTables(this.environment).flatMap(({ bases }) => bases.map(({ segments }) => segments));
    return this.environment.keys(...keysOf('b')).length > named.reduce((sum, segments) => sum + segments, 0);
  }

  handOut(): void {
    const thread = new ThreadTables(() => true);
    thread.load(this.store.away.handOut('op', () => true));
    this.thread = thread;
  }

  takeBack(): void {
    this.store.away.takeBack();
    this.thread = undefined;
  }

  /** A batch, up to its commit. */
  run(): void {
    const version = this.#version + 1;
    const table = (this.thread ?? this.store).table<string, unknown>('op', 't');
    const put = (key: string, value: unknown): void => {
      table.put(key, value);
      this.#current.set(key, value);
    };
    if (version === 1) for (let i = 0; i < keys; i++) put(`k${i}`, 'begun '.repeat(5));
    for (let i = 0; i < 5; i++) put(`k${(version * 7 + i) % keys}`, `changed in ${version}`);
    const gone = `k${(version * 11) % keys}`;
    table.remove(gone);
    this.#current.delete(gone);
    for (const change of this.thread?.changes() ?? []) this.store.away.absorb([change]);
    this.thread?.end(true);
  }

  commit(): void {
    this.#version += 1;
    this.store.commit(record(this.#version));
    this.#expected.set(this.#version, contents(this.#current));
  }

  /** A whole batch, with the housekeeping behind it. */
  runOn(): void {
    this.run();
    this.commit();
    this.store.maintain();
  }

  /** One batch after the other, with housekeeping, until a base more is in use; gives how many it took. */
  untilCompacted(): number {
    const before = this.bases;
    for (let batches = 1; batches < 200; batches++) {
      this.runOn();
      const isCompacted = this.bases > before;
      if (isCompacted || batches % 4 === 0) this.check();
      if (isCompacted) return batches;
    }
    throw new RangeError('200 batches, and it was not compacted');
  }

  async reopen(): Promise<void> {
    await this.store.close();
    this.environment = new Environment(this.#directory);
    this.thread = undefined;
    await this.#load();
    this.check();
    this.#compare('here', contents(this.store.table('op', 't')), this.#version);
    if (this.isBeingWritten) this.wrong.push('segments of no base are left');
  }

  /** Whether every version that is retained is what it was. */
  check(): void {
    for (const { version } of this.store.versions)
      this.#compare('there', contents(this.store.tableAt(version, 'op', 't')), version);
  }

  #compare(where: string, found: unknown, version: number): void {
    const [text, expected] = [found, this.#expected.get(version)].map((each) => JSON.stringify(each));
    if (text !== expected) this.wrong.push(`version ${version} ${where}: ${text} in place of ${expected}`);
  }

  async end(): Promise<void> {
    await this.store.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #load(): Promise<void> {
    const options = {
      clock: systemClock,
      compaction: this.#rule,
      retainVersions: this.#retainVersions,
      warn: (text: string) => void this.warnings.push(text),
    };
    this.store = await LmdbStore.load(this.environment, options, () => undefined);
  }
}

describe('the compaction of a table that a thread has', () => {
  let away: Away;
  afterEach(async () => {
    disarmFault();
    await away.end();
  });

  it('takes some batches each time, and leaves every retained version as it is', async () => {
    away = await Away.opened();
    away.handOut();
    const took = [away.untilCompacted(), away.untilCompacted(), away.untilCompacted()];
    expect(Math.min(...took)).toBeGreaterThan(4);
    await away.reopen();
    expect(away.wrong).toEqual([]);
  });

  it('reads on while what is older than its base goes', async () => {
    // It begins to read again as soon as a base is in use, when what led to that is still there.
    away = await Away.opened({ dueDeltas: 1, stepBytes: 1 }, 4);
    away.handOut();
    away.untilCompacted();
    expect(away.untilCompacted()).toBeGreaterThan(3);
    await away.reopen();
    expect(away.wrong).toEqual([]);
  });

  it('begins again in the next process, wherever the one before ended', async () => {
    away = await Away.opened();
    for (const after of [1, 3, 5, 7, 9, 11]) {
      away.handOut();
      for (let batch = 0; batch < after; batch++) {
        away.runOn();
      }
      await away.reopen();
    }
    expect([away.wrong, away.bases > 0]).toEqual([[], true]);
  });

  it.each([1, 3])('can be taken up where its step %d has failed, by the same process or the next', async (step) => {
    away = await Away.opened();
    away.handOut();
    armFault('in-compaction', step, () => {
      throw failure('CHECKPOINT_DISK_FULL', { directory: 'it', freeMb: 0, what: 'a step' });
    });
    away.untilCompacted();
    expect(away.warnings).toEqual([expect.stringContaining('CHECKPOINT_DISK_FULL')]);
    armFault('in-compaction', step, () => {
      throw failure('INTERNAL_INVARIANT', { what: 'it was killed' });
    });
    expect(() => away.untilCompacted()).toThrow('it was killed');
    await away.reopen();
    away.handOut();
    away.untilCompacted();
    await away.reopen();
    expect(away.wrong).toEqual([]);
  });

  it('that was begun here goes on when the table leaves with changes that are not committed', async () => {
    away = await Away.opened();
    away.untilCompacted();
    while (!away.isBeingWritten) away.runOn();
    away.run();
    away.handOut();
    away.untilCompacted();
    away.untilCompacted();
    await away.reopen();
    expect(away.wrong).toEqual([]);
  });

  it.each([
    ['is taken back', (): void => away.takeBack()],
    ['is given out again', (): void => away.handOut()],
  ])('goes on when the table %s', async (_, act) => {
    away = await Away.opened();
    away.handOut();
    for (let batch = 0; batch < 12; batch++) {
      away.runOn();
      if (batch % 3 === 2) act();
    }
    away.untilCompacted();
    await away.reopen();
    expect(away.wrong).toEqual([]);
  });

  it.each([3, 6])('is given up when the step is dropped, %d batches behind the last', async (after) => {
    away = await Away.opened();
    away.handOut();
    away.untilCompacted();
    for (let batch = 0; batch < after; batch++) away.runOn();
    away.store.dropOperator('op');
    away.store.commit(record((away.store.lastCommitted?.version ?? 0) + 1));
    for (let step = 0; step < 20; step++) away.store.maintain();
    expect([readTables(away.environment), away.environment.keys(...keysOf('b'))]).toEqual([[], []]);
  });
});
