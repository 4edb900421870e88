import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import { record } from '../contracts/state-store.contract.ts';
import { cleanUp, killedWhileWriting, newDirectory, runStore, startStore } from '../lmdb/store-process.ts';

// Processes take long to start where many others run.
jest.setTimeout(120_000);

const mounted: string[] = [];
/** Tools of the system, not of a package. */
const [mount, umount, setpriv] = ['mount', 'umount', 'setpriv'] as const;

afterEach(() => {
  for (const directory of mounted.splice(0)) execFileSync(umount, [directory]);
  cleanUp();
});

/** A small file system of its own; undefined where this user may not mount one. */
function smallDisk(megabytes: number): string | undefined {
  const directory = newDirectory();
  try {
    execFileSync(mount, ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  mounted.push(directory);
  return directory;
}

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountWorks();

function mountWorks(): boolean {
  const directory = smallDisk(1);
  for (const made of mounted.splice(0)) execFileSync(umount, [made]);
  return directory !== undefined;
}

// Mounting a small disk and becoming another user need root on Linux.
const describeAsRoot = canMount ? describe : describe.skip;

describeAsRoot('a full disk', () => {
  it.each(['memory-table', 'lmdb-rows'])(
    'ends a commit with exit status 6 and the free space; the last version of %s is intact, and goes on once there is room',
    async (kind) => {
      const env = { STATE_STORE: kind };
      const disk = smallDisk(12) as string;
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(4 << 20));
      const { messages, status, stderr } = await runStore(['fill', join(disk, 'checkpoint')], env);
      // LMDB's own words about pages that it could not write.
      expect([stderr.replaceAll(/^mdb_page_spill .*\n/gmu, ''), status]).toEqual(['', 0]);
      const failed = messages.find((message) => message['code'] !== undefined);
      expect(failed).toMatchObject({ code: 'CHECKPOINT_DISK_FULL', exitCode: 6 });
      expect(failed?.['message']).toMatch(/\d\.\d MB are free in .*checkpoint/u);
      const version = Number(failed?.['version']);
      expect(version).toBeGreaterThan(3);
      const [full, after] = ['full', 'after'].map((name) => messages.find((message) => name in message)?.[name]);
      expect(full).toMatchObject({ version });
      expect(after).toMatchObject({ version: version + 3 });
      expect(full).not.toHaveProperty('fault');
      expect(after).not.toHaveProperty('fault');
      expect((await runStore(['check', join(disk, 'checkpoint')], env)).messages).toEqual([
        { checked: expect.objectContaining({ version: version + 3 }) },
      ]);
    },
  );

  it('is noticed before anything begins', async () => {
    const disk = smallDisk(12) as string;
    await expect(openCheckpoint(disk, { appName: 'spec' })).rejects.toThrow(
      expect.objectContaining({
        code: 'CHECKPOINT_DISK_FULL',
        exitCode: 6,
        message: expect.stringContaining('32.0 MB are kept in reserve'),
      }),
    );
  });
});

describeAsRoot('a directory without permission', () => {
  const asNobody = [setpriv, '--reuid=65534', '--regid=65534', '--clear-groups'];

  it.each([
    ['the directory may not be written', (directory: string) => chmodSync(directory, 0o555)],
    ['the data file belongs to somebody else', (directory: string) => chownSync(join(directory, 'data.mdb'), 0, 0)],
    ['the parent may not be entered', (directory: string) => chmodSync(join(directory, '..'), 0o700)],
  ])('ends with exit status 4 and the path: %s', async (_, forbid) => {
    const parent = newDirectory();
    chmodSync(parent, 0o777);
    const directory = join(parent, 'checkpoint');
    expect((await runStore(['run', directory, '1'], {}, asNobody)).status).toBe(0);
    chmodSync(join(directory, 'data.mdb'), 0o600);
    forbid(directory);
    const { messages, status } = await runStore(['check', directory], {}, asNobody);
    expect([status, messages.at(-1)]).toEqual([
      4,
      expect.objectContaining({ code: 'CHECKPOINT_NOT_ACCESSIBLE', message: expect.stringContaining(directory) }),
    ]);
  });
});

it('refuses a directory in whose place stands a file', async () => {
  const file = join(newDirectory(), 'file');
  writeFileSync(file, '');
  await expect(openCheckpoint(join(file, 'checkpoint'), { appName: 'spec' })).rejects.toThrow(
    'CHECKPOINT_NOT_ACCESSIBLE',
  );
});

describe('a directory that goes while the program runs', () => {
  it.each([
    ['deleted', (directory: string) => rmSync(directory, { recursive: true })],
    ['moved away', (directory: string) => renameSync(directory, `${directory}-old`)],
    [
      'replaced',
      (directory: string) => {
        renameSync(directory, `${directory}-old`);
        mkdirSync(directory);
        writeFileSync(join(directory, 'data.mdb'), 'x');
      },
    ],
  ])('ends the next commit with exit status 4: %s', async (_, remove) => {
    const directory = join(newDirectory(), 'checkpoint');
    const store = await openCheckpoint(directory, { appName: 'spec' });
    store.table<string, number>('op', 't').put('a', 1);
    store.commit(record(1));
    remove(directory);
    store.table<string, number>('op', 't').put('a', 2);
    expect(() => store.commit(record(2))).toThrow(expect.objectContaining({ code: 'CHECKPOINT_REMOVED', exitCode: 4 }));
    expect(() => store.plan([{ batchTime: 1, ranges: {} }])).toThrow('CHECKPOINT_REMOVED');
    await store.close();
  });
});

const kinds = ['memory-table', 'lmdb-rows'] as const;

describe('a process that dies', () => {
  it.each([
    ['memory-table', 'in-commit'],
    ['memory-table', 'in-compaction'],
    ['memory-table', 'after-compaction'],
    ['lmdb-rows', 'in-early-write'],
    ['lmdb-rows', 'before-commit'],
    ['lmdb-rows', 'in-commit'],
  ])(
    'with a store of kind %s, at %s, leaves the last version that it told, or the one after it',
    async (kind, point) => {
      const directory = join(newDirectory(), 'checkpoint');
      let told = 0;
      for (const count of [1, 4]) {
        const env = { STATE_STORE: kind, MILLRACE_FAULT: `${point}:${count}` };
        const { messages, signal } = await runStore(['run', directory, '60'], env);
        const versions = messages
          .filter((message) => 'version' in message)
          .map((message) => Number(message['version']));
        expect(signal).toBe('SIGKILL');
        told = versions.at(-1) ?? told;
        const { messages: checked } = await runStore(['check', directory], { STATE_STORE: kind });
        const found = checked.at(-1)?.['checked'] as { version: number; fault?: string };
        expect(found.fault).toBeUndefined();
        expect([told, told + 1]).toContain(found.version);
        told = found.version;
      }
    },
    60_000,
  );

  it.each(kinds)(
    'with a store of kind %s, at any moment, loses nothing that it told',
    async (kind) => {
      const directory = join(newDirectory(), 'checkpoint');
      let told = 0;
      for (let kill = 0; kill < 3; kill++) {
        told = await killedWhileWriting(directory, told, told + 3 + kill * 7, { STATE_STORE: kind });
      }
      expect(told).toBeGreaterThanOrEqual(3 + 10 + 17);
    },
    60_000,
  );
});

describe('a reader beside the program', () => {
  it.each(kinds)(
    'sees every version of a store of kind %s whole, and does not disturb it',
    async (kind) => {
      const env = { STATE_STORE: kind };
      const directory = join(newDirectory(), 'checkpoint');
      await runStore(['run', directory, '3'], env);
      const writer = startStore(['run', directory, '300'], env);
      await writer.message('version');
      const reader = await runStore(['view', directory, '15'], env);
      expect([reader.status, reader.stderr]).toEqual([0, '']);
      const seen = reader.messages.map((message) => message['checked'] as { version: number; fault?: string });
      expect(seen.filter(({ fault }) => fault !== undefined)).toEqual([]);
      expect(seen.length).toBeGreaterThan(0);
      expect((await writer.ended).status).toBe(0);
    },
    60_000,
  );
});
