import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { delay, systemClock } from '../kernel/clock.ts';
import { ownIdentity, type ProcessIdentity, type ProcessStatus, statusOf } from './process-identity.ts';

/** Who holds a directory. */
export interface LockHolder extends ProcessIdentity {
  /** For people. */
  readonly since: string;
}

export interface LockOptions {
  /** Raises what its directory is refused with; `elsewhere` is a holder on another host, of whom nothing can be known. */
  readonly refuse: (holder: LockHolder, status: ProcessStatus, file: string) => never;
  /** Told of a lock that was taken over from a process that is no more. */
  readonly takenOver?: (holder: LockHolder | undefined) => void;
}

export const lockFileName = 'process.lock';

/**
 * How long is tried before the holder is refused. One that runs may just have been told to end, and a restart came at once. One that
 * is ending, as after SIGKILL, is waited for: the system takes its memory apart first. One that is gone is replaced.
 */
const patienceMs: Readonly<Record<ProcessStatus, number>> = {
  running: 500,
  ending: 10_000,
  gone: 10_000,
  elsewhere: 0,
};
const lookAgainMs = 10;

/** Directories that this process has locked: the lock file alone would look like our own left-over. */
const held = new Map<string, ProcessLock>();
let releasesAtExit = false;

/**
 * One process at a time works in a directory.
 *
 * The lock is a file that says who holds it. It appears complete or not at all (a hard link to a finished file). A holder that is
 * no more (killed, or its number now belongs to another process) is replaced; two that find it at the same time settle it by a
 * second lock file, so that neither can remove the other's new lock. A holder that is just ending is waited for.
 */
export class ProcessLock {
  private readonly directory: string;
  private readonly file: string;
  private readonly content: string;

  private constructor(directory: string, content: string) {
    this.directory = directory;
    this.file = join(directory, lockFileName);
    this.content = content;
  }

  /** Rejects with what `refuse` raises when another process holds the directory, or this one does. */
  static async acquire(directory: string, { refuse, takenOver }: LockOptions): Promise<ProcessLock> {
    const path = realpathSync(directory);
    const own: LockHolder = { ...ownIdentity(), since: new Date(systemClock.now()).toISOString() };
    const lock = new ProcessLock(path, JSON.stringify(own));
    const begun = systemClock.monotonicMs();
    for (;;) {
      if (held.has(path)) refuse(own, 'running', lock.file);
      if (createFrom(lock.file, lock.content)) break;
      const found = readText(lock.file);
      if (found === undefined) continue;
      // Nobody writes a file without a holder: it was made by hand or cut by a crash of the disk.
      const holder = parse(found);
      const status = holder === undefined ? 'gone' : statusOf(holder);
      if (systemClock.monotonicMs() - begun >= patienceMs[status]) refuse(holder ?? own, status, lock.file);
      if (status !== 'gone' || !lock.takeOver(found, takenOver)) await delay(systemClock, lookAgainMs);
    }
    held.set(path, lock);
    releaseAtExit();
    return lock;
  }

  /** May be called twice. A lock that is no longer ours is left alone. */
  release(): void {
    if (held.get(this.directory) !== this) return;
    held.delete(this.directory);
    if (readText(this.file) === this.content) rmSync(this.file, { force: true });
  }

  /** Removes the lock of a process that is no more; false where another does the same. */
  private takeOver(found: string, takenOver: LockOptions['takenOver']): boolean {
    const guard = `${this.file}.takeover`;
    if (!createFrom(guard, this.content)) {
      const guardian = readText(guard);
      const status = guardian === undefined ? undefined : statusOfText(guardian);
      if (status !== undefined && status !== 'running') rmSync(guard, { force: true });
      return false;
    }
    try {
      // Between the look at it and the guard another process may have been here.
      if (readText(this.file) !== found) return false;
      rmSync(this.file, { force: true });
      takenOver?.(parse(found));
      return true;
    } finally {
      rmSync(guard, { force: true });
    }
  }
}

/** Who holds a directory now, and whether it is still there; undefined where nobody does. */
export function lockHolder(
  directory: string,
): { readonly holder: LockHolder; readonly status: ProcessStatus } | undefined {
  const text = readText(join(directory, lockFileName));
  const holder = text === undefined ? undefined : parse(text);
  return holder === undefined ? undefined : { holder, status: statusOf(holder) };
}

/** A process that ends by itself, however it does, leaves no lock behind. */
function releaseAtExit(): void {
  if (releasesAtExit) return;
  releasesAtExit = true;
  process.on('exit', () => {
    for (const lock of held.values()) lock.release();
  });
}

function statusOfText(text: string): ProcessStatus {
  const holder = parse(text);
  return holder === undefined ? 'gone' : statusOf(holder);
}

/** Makes a file with its content at once; false when it is there already. */
function createFrom(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    writeFileSync(draft, content, { flush: true });
    linkSync(draft, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') return createExclusive(draft, file, content);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** File systems without hard links: the rename below cannot be told from an overwrite, so the file is made exclusively first. */
function createExclusive(draft: string, file: string, content: string): boolean {
  try {
    writeFileSync(file, '', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(draft, content, { flush: true });
  renameSync(draft, file);
  return true;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): LockHolder | undefined {
  try {
    const content = JSON.parse(text) as Partial<LockHolder> | null;
    if (content === null || typeof content.pid !== 'number' || typeof content.host !== 'string') return undefined;
    return {
      pid: content.pid,
      host: content.host,
      since: String(content.since),
      ...(typeof content.startToken === 'string' ? { startToken: content.startToken } : {}),
    };
  } catch {
    return undefined;
  }
}
