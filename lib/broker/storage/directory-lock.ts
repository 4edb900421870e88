import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { raise } from '../../kernel/errors.ts';

interface Owner {
  readonly pid: number;
  /** Tells a process from a later one with the same number, where the system shows it. */
  readonly startedAt: string;
}

const attempts = 10;

/**
 * Makes this process the only broker on a directory; the result gives it free again.
 *
 * The lock of a process that ended without giving it free is taken over. Raises BROKER_DIR_LOCKED when its owner is alive, this process too.
 */
export function lockDirectory(dir: string): () => void {
  const path = join(dir, 'lock');
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) });
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (tryCreate(path, mine))
      return () => {
        if (contentOf(path) === mine) unlinkSync(path);
      };
    const found = contentOf(path);
    if (found === undefined) continue;
    const owner = parse(found);
    if (owner !== undefined && isAlive(owner)) raise('BROKER_DIR_LOCKED', { dir, pid: owner.pid });
    removeStale(path, found);
  }
  return raise('BROKER_DIR', { dir, reason: 'its lock changes hands all the time' });
}

/** The lock appears with its content in one step, so nobody ever reads half of it. */
function tryCreate(path: string, content: string): boolean {
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(own, content);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(own);
  }
}

/** Two processes may find the same dead owner: only who moves that very lock away has removed it. */
function removeStale(path: string, stale: string): void {
  const moved = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, moved);
  } catch {
    return;
  }
  if (contentOf(moved) !== stale) {
    try {
      linkSync(moved, path);
    } catch {
      // Someone else holds it by now.
    }
  }
  unlinkSync(moved);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(content: string): Owner | undefined {
  try {
    const owner = JSON.parse(content) as Partial<Owner> | null;
    return typeof owner?.pid === 'number' && typeof owner.startedAt === 'string' ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(pid) === startedAt;
}

/** When a process started, in the system's own measure; '' where that cannot be known. */
function startOf(pid: number): string {
  const stat = process.platform === 'linux' ? contentOf(`/proc/${pid}/stat`) : undefined;
  // The name of the program, in brackets, may hold anything; the start is the 20th field after it.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
