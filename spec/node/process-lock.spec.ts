import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { delay, systemClock } from '../../lib/kernel/clock.ts';
import { ownIdentity, type ProcessStatus, statusOf } from '../../lib/node/process-identity.ts';
import { lockFileName, type LockHolder, lockHolder, ProcessLock } from '../../lib/node/process-lock.ts';

// Processes take long to start where many others run.
jest.setTimeout(60_000);

const made: string[] = [];
const children: ChildProcess[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-lock-'));
  made.push(directory);
  return directory;
}

/** A process that does nothing, told in the form in which a lock names it. */
async function otherProcess(): Promise<{ readonly child: ChildProcess; readonly identity: LockHolder }> {
  const script = 'process.stdout.write("x"); setInterval(() => {}, 1000);';
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return { child, identity: identityOf(child.pid ?? 0) };
}

function identityOf(pid: number): LockHolder {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return { pid, host: hostname(), startToken: `${boot}:${started}`, since: 'today' };
}

class Refused extends Error {
  readonly holder: LockHolder;
  readonly status: ProcessStatus;

  constructor(holder: LockHolder, status: ProcessStatus) {
    super(`refused: ${status}`);
    this.holder = holder;
    this.status = status;
  }
}

async function acquire(directory: string, takenOver: (holder: LockHolder | undefined) => void = () => undefined) {
  return await ProcessLock.acquire(directory, {
    refuse: (holder, status) => {
      throw new Refused(holder, status);
    },
    takenOver,
  });
}

describe('a process lock', () => {
  it('is held once, by this process too, named after its holder, and gone without a trace', async () => {
    const directory = newDirectory();
    const lock = await acquire(directory);
    await expect(acquire(directory)).rejects.toMatchObject({ holder: ownIdentity(), status: 'running' });
    expect(lockHolder(directory)).toMatchObject({ holder: ownIdentity(), status: 'running' });
    lock.release();
    lock.release();
    (await acquire(directory)).release();
    expect([readdirSync(directory), lockHolder(directory)]).toEqual([[], undefined]);
  });

  it.each([
    ['a process that is no more', JSON.stringify({ ...ownIdentity(), pid: 2 ** 22 + 7, since: 'x' }), 2 ** 22 + 7],
    [
      'an earlier process with a number that is in use again',
      JSON.stringify({ ...ownIdentity(), startToken: 'another boot:1', since: 'x' }),
      process.pid,
    ],
    ['nobody who can be read', '{"pid": 1', undefined],
  ])('is taken over from %s', async (_, content, pid) => {
    const directory = newDirectory();
    writeFileSync(join(directory, lockFileName), content);
    const takenOver: (number | undefined)[] = [];
    const lock = await acquire(directory, (holder) => takenOver.push(holder?.pid));
    expect(JSON.parse(readFileSync(join(directory, lockFileName), 'utf8'))).toMatchObject(ownIdentity());
    expect(takenOver).toEqual([pid]);
    lock.release();
    expect(existsSync(join(directory, lockFileName))).toBe(false);
  });

  it('is not given free for someone else', async () => {
    const directory = newDirectory();
    const lock = await acquire(directory);
    writeFileSync(join(directory, lockFileName), 'another');
    lock.release();
    expect(existsSync(join(directory, lockFileName))).toBe(true);
  });

  it('is refused at once where its holder is on another host', async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, lockFileName), JSON.stringify({ pid: 1, host: `not-${hostname()}`, since: 'x' }));
    await expect(acquire(directory)).rejects.toMatchObject({ status: 'elsewhere' });
  });

  it('is given back by a process that ends by itself without releasing it', async () => {
    const directory = newDirectory();
    const module = new URL('../../dist/internals.js', import.meta.url).href;
    const program = `import { ProcessLock } from '${module}';
      await ProcessLock.acquire(${JSON.stringify(directory)}, { refuse: () => { throw new Error('held'); } });
      process.exit(process.argv.length);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect([status, readdirSync(directory)]).toEqual([1, []]);
  });
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

// Other systems do not tell how far a process is.
onLinux('a lock whose holder ends', () => {
  it('is waited for, where the holder is still there when the restart comes', async () => {
    const directory = newDirectory();
    const { child, identity } = await otherProcess();
    writeFileSync(join(directory, lockFileName), JSON.stringify(identity));
    const acquired = acquire(directory);
    // By now it was met alive.
    expect(statusOf(identity)).toBe('running');
    child.kill('SIGKILL');
    (await acquired).release();
    expect(statusOf(identity)).toBe('gone');
  });

  it('is refused with the holder where that goes on', async () => {
    const directory = newDirectory();
    const { identity } = await otherProcess();
    const text = JSON.stringify(identity);
    writeFileSync(join(directory, lockFileName), text);
    await expect(acquire(directory)).rejects.toMatchObject({ holder: identity, status: 'running' });
    expect(readFileSync(join(directory, lockFileName), 'utf8')).toBe(text);
  });

  it('is taken over from a dead process that its parent has not asked for', async () => {
    const directory = newDirectory();
    // The shell becomes a program that never waits for the children it had: the child ends after that.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(parent);
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
    while (stateOf(pid) !== 'Z') await delay(systemClock, 10);
    writeFileSync(join(directory, lockFileName), JSON.stringify(identityOf(pid)));
    (await acquire(directory)).release();
    expect(stateOf(pid)).toBe('Z');
  });
});

function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
}
