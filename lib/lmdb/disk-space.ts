import { statfsSync } from 'node:fs';
import { raise } from '../kernel/errors.ts';

/** Bytes that this user may still write in a directory; undefined where the system does not say. */
export function freeBytes(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** A program that has hardly any room left had better not begin. */
export function assertFreeSpace(directory: string, neededBytes: number): void {
  const free = freeBytes(directory);
  if (free === undefined || free >= neededBytes) return;
  raise('CHECKPOINT_DISK_FULL', {
    directory,
    freeMb: megabytes(free),
    what: `starting (${megabytes(neededBytes)} MB are kept in reserve)`,
  });
}

export function megabytes(sizeBytes: number): string {
  return (sizeBytes / 2 ** 20).toFixed(1);
}
