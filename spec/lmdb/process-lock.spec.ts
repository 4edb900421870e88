import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import { ownIdentity } from '../../lib/node/process-identity.ts';
import { cleanUp, newDirectory, startStore } from './store-process.ts';

// Processes take long to start where many others run.
jest.setTimeout(120_000);

afterEach(cleanUp);

const options = { appName: 'spec' };

it('refuses a second store on a directory in the same process, and frees it at close', async () => {
  const directory = newDirectory();
  const store = await openCheckpoint(directory, options);
  const locked = expect.objectContaining({ code: 'CHECKPOINT_LOCKED', exitCode: 4 });
  await expect(openCheckpoint(directory, options)).rejects.toThrow(locked);
  await expect(openCheckpoint(join(directory, '..', directory.split('/').at(-1) ?? ''), options)).rejects.toThrow(
    locked,
  );
  await store.close();
  expect(existsSync(join(directory, 'process.lock'))).toBe(false);
  await (await openCheckpoint(directory, options)).close();
});

it('refuses a directory that another process uses, naming it, and takes over when that one was killed', async () => {
  const directory = newDirectory();
  const holder = startStore(['hold', directory]);
  const { ready } = await holder.message('ready');
  await expect(openCheckpoint(directory, options)).rejects.toThrow(
    expect.objectContaining({
      code: 'CHECKPOINT_LOCKED',
      exitCode: 4,
      message: expect.stringContaining(`process ${String(ready)} on`),
    }),
  );
  holder.child.kill('SIGKILL');
  await holder.ended;
  const warnings: string[] = [];
  const store = await openCheckpoint(directory, { ...options, warn: (text) => warnings.push(text) });
  await store.close();
  expect(warnings).toEqual([expect.stringContaining(`(process ${String(ready)})`)]);
});

it('is opened in the very moment in which its holder is killed', async () => {
  const directory = newDirectory();
  for (let i = 0; i < 3; i++) {
    const holder = startStore(['hold', directory]);
    await holder.message('ready');
    holder.child.kill('SIGKILL');
    // The holder is still ending, and nobody has asked for its end yet.
    await (await openCheckpoint(directory, options)).close();
    await holder.ended;
  }
  expect(existsSync(join(directory, 'process.lock'))).toBe(false);
});

it.each([
  ['a process of this number that started at another time', { ...ownIdentity(), startToken: 'another boot:1' }],
  ['a process that is no more', { ...ownIdentity(), pid: 2 ** 22 + 7 }],
  ['nobody, the file is cut', undefined],
])('takes over the lock of %s', async (_, holder) => {
  const directory = newDirectory();
  await (await openCheckpoint(directory, options)).close();
  writeFileSync(
    join(directory, 'process.lock'),
    holder === undefined ? '{"pid": 1' : JSON.stringify({ ...holder, since: 'x' }),
  );
  const store = await openCheckpoint(directory, options);
  expect(JSON.parse(readFileSync(join(directory, 'process.lock'), 'utf8'))).toMatchObject(ownIdentity());
  await store.close();
});

it('refuses the lock of a running process, and does not touch it', async () => {
  const directory = newDirectory();
  const text = JSON.stringify({ ...ownIdentity(), since: 'today' });
  writeFileSync(join(directory, 'process.lock'), text);
  await expect(openCheckpoint(directory, options)).rejects.toThrow('CHECKPOINT_LOCKED');
  expect(readFileSync(join(directory, 'process.lock'), 'utf8')).toBe(text);
});

it('refuses the lock of another host, and says which file to delete', async () => {
  const directory = newDirectory();
  const file = join(directory, 'process.lock');
  writeFileSync(file, JSON.stringify({ pid: 1, host: `not-${hostname()}`, since: 'today' }));
  await expect(openCheckpoint(directory, options)).rejects.toThrow(
    expect.objectContaining({
      code: 'CHECKPOINT_LOCKED_ELSEWHERE',
      exitCode: 4,
      message: expect.stringContaining(`delete ${file}`),
    }),
  );
});

it('lets exactly one of several processes take over a stale lock', async () => {
  const directory = newDirectory();
  writeFileSync(join(directory, 'process.lock'), JSON.stringify({ ...ownIdentity(), pid: 2 ** 22 + 7, since: 'x' }));
  const processes = Array.from({ length: 4 }, () => startStore(['hold', directory]));
  const first = await Promise.any(processes.map(async (process) => await process.message('ready')));
  // The others end by themselves.
  const refused = await Promise.all(
    processes.filter((process) => process.child.pid !== first['ready']).map(async (process) => await process.ended),
  );
  expect(refused.map(({ status, messages }) => [status, messages.at(-1)?.['code']])).toEqual(
    Array.from({ length: 3 }, () => [4, 'CHECKPOINT_LOCKED']),
  );
  for (const { child, ended } of processes) {
    child.stdin?.end();
    await ended;
  }
});
