import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { raise } from '../kernel/errors.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts';

export const lockFileName = 'process.lock';

interface LockContent extends ProcessIdentity {
  /** For people. */
  readonly since: string;
}

/** Directories that this process has locked: the lock file alone would look like our own left-over. */
const lockedHere = new Set<string>();

/**
 * One program writes to a checkpoint at a time. LMDB itself lets several writers in.
 *
 * The lock is a file that says who holds it. It appears complete or not at all (a hard link to a finished file). A holder that is
 * no more (killed, or its number now belongs to another process) is replaced; two that find it at the same time settle it by a
 * second lock file, so that neither can remove the other's new lock.
 */
export class ProcessLock {
  private readonly directory: string;
  private readonly file: string;
  private readonly content: string;
  private held = true;

  private constructor(directory: string, content: string) {
    this.directory = directory;
    this.file = join(directory, lockFileName);
    this.content = content;
  }

  /** Raises `CHECKPOINT_LOCKED` with the holder; `warn` is told of a lock that was taken over. */
  static acquire(directory: string, nowMs: number, warn: (text: string) => void): ProcessLock {
    const path = realpathSync(directory);
    const own: LockContent = { ...ownIdentity(), since: new Date(nowMs).toISOString() };
    if (lockedHere.has(path)) raiseLocked(path, own);
    const lock = new ProcessLock(path, JSON.stringify(own));
    for (let attempts = 0; !lock.tryCreate(); attempts++) {
      // Each attempt met another holder that went away in between.
      if (attempts > 20) raiseLocked(path, readLock(lock.file) ?? own);
      lock.takeOver(warn);
    }
    lockedHere.add(path);
    return lock;
  }

  /** May be called twice. A lock that is no longer ours is left alone. */
  release(): void {
    if (!this.held) return;
    this.held = false;
    lockedHere.delete(this.directory);
    if (readText(this.file) === this.content) rmSync(this.file, { force: true });
  }

  private tryCreate(): boolean {
    return createFrom(this.file, this.content);
  }

  /** Returns when the lock is worth another try, raises when it is held. */
  private takeOver(warn: (text: string) => void): void {
    const found = readText(this.file);
    if (found === undefined) return;
    assertStale(this.directory, this.file, found);
    const guard = `${this.file}.takeover`;
    if (!createFrom(guard, this.content)) {
      const guardText = readText(guard);
      if (guardText !== undefined && holderIsGone(guardText)) rmSync(guard, { force: true });
      return;
    }
    try {
      // Between the look above and the guard another process may have been here.
      if (readText(this.file) !== found) return;
      rmSync(this.file, { force: true });
      warn(
        `The last program that used ${this.directory} ended without closing it (process ${parse(found)?.pid ?? '?'}).`,
      );
    } finally {
      rmSync(guard, { force: true });
    }
  }
}

function assertStale(directory: string, file: string, text: string): void {
  const holder = parse(text);
  // Nobody writes such a file: it was made by hand or cut by a crash of the disk.
  if (holder === undefined) return;
  const running = isRunning(holder);
  if (running === true) raiseLocked(directory, holder);
  if (running === 'unknown') {
    raise('CHECKPOINT_LOCKED_ELSEWHERE', { directory, pid: holder.pid, host: holder.host, file });
  }
}

function holderIsGone(text: string): boolean {
  const holder = parse(text);
  return holder === undefined || isRunning(holder) !== true;
}

function raiseLocked(directory: string, holder: LockContent): never {
  raise('CHECKPOINT_LOCKED', { directory, pid: holder.pid, host: holder.host, since: holder.since });
}

function readLock(file: string): LockContent | undefined {
  const text = readText(file);
  return text === undefined ? undefined : parse(text);
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

function parse(text: string): LockContent | undefined {
  try {
    const content = JSON.parse(text) as Partial<LockContent> | null;
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
