import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Boot and start time of the process, where the system tells them (Linux). */
  readonly startToken?: string;
}

export function ownIdentity(): ProcessIdentity {
  const startToken = startTokenOf(process.pid);
  return { pid: process.pid, host: hostname(), ...(startToken === undefined ? {} : { startToken }) };
}

/** Whether that very process is running; `unknown` for one on another host. */
export function isRunning(identity: ProcessIdentity): boolean | 'unknown' {
  if (identity.host !== hostname()) return 'unknown';
  if (!hasProcess(identity.pid)) return false;
  const token = startTokenOf(identity.pid);
  if (token !== undefined && identity.startToken !== undefined) return token === identity.startToken;
  return true;
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process answers EPERM: it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startTokenOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the command stands in parentheses and may contain anything; the start time is the 20th field after it.
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return started === undefined ? undefined : `${boot}:${started}`;
  } catch {
    return undefined;
  }
}
