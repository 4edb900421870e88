import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Boot and start time of the process, where the system tells them (Linux). */
  readonly startToken?: string;
}

/** `ending`: killed or exiting, and still there for some milliseconds. `elsewhere`: on another host, so nobody knows. */
export type ProcessStatus = 'running' | 'ending' | 'gone' | 'elsewhere';

const exitingFlag = 0x4;
const killPending = 0x100n;

export function ownIdentity(): ProcessIdentity {
  const startToken = startTokenOf(statOf(process.pid));
  return { pid: process.pid, host: hostname(), ...(startToken === undefined ? {} : { startToken }) };
}

/** What has become of that very process. */
export function statusOf(identity: ProcessIdentity): ProcessStatus {
  if (identity.host !== hostname()) return 'elsewhere';
  if (!hasProcess(identity.pid)) return 'gone';
  const stat = statOf(identity.pid);
  const token = startTokenOf(stat);
  if (token !== undefined && identity.startToken !== undefined && token !== identity.startToken) return 'gone';
  return stat === undefined ? 'running' : phaseOf(stat, identity.pid);
}

/** A process whose parent has not asked for its end stays listed for ever, without holding anything. */
function phaseOf(stat: readonly string[], pid: number): ProcessStatus {
  const [state = '', threads = ''] = [stat[0], stat[17]];
  if (state === 'Z' || state === 'X') return Number(threads) > 1 ? 'ending' : 'gone';
  if ((Number(stat[6]) & exitingFlag) !== 0) return 'ending';
  return isKilled(pid) ? 'ending' : 'running';
}

function isKilled(pid: number): boolean {
  const pending = /^S(?:ig|hd)Pnd:\s*([0-9a-f]+)$/gmu;
  const status = readText(`/proc/${pid}/status`) ?? '';
  return [...status.matchAll(pending)].some(([, bits]) => (BigInt(`0x${bits ?? '0'}`) & killPending) !== 0n);
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

/** The fields of Linux' `/proc/<pid>/stat` from the third on: the name before may contain anything, but no later parenthesis. */
function statOf(pid: number): readonly string[] | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function startTokenOf(stat: readonly string[] | undefined): string | undefined {
  const boot = readText('/proc/sys/kernel/random/boot_id')?.trim();
  const started = stat?.[19];
  return boot === undefined || started === undefined ? undefined : `${boot}:${started}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
