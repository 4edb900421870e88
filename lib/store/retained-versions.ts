import { raise } from '../kernel/errors.ts';
import type { CommitRecord } from './state-store.ts';

const defaultRetainVersions = 10;

/** Checks the option; at least the newest version is always there. */
export function retainVersionsOf(given: number | undefined): number {
  const count = given ?? defaultRetainVersions;
  if (!Number.isInteger(count) || count < 1 || count > 100_000) {
    raise('CONFIG_VALUE', { name: 'retainVersions', value: count, expected: 'a whole number from 1 to 100000' });
  }
  return count;
}

/** Versions go up by one: two engines on one store, or a commit that was left out, show here. */
export function assertNextVersion(last: CommitRecord | undefined, next: CommitRecord): void {
  const expected = (last?.version ?? 0) + 1;
  if (next.version !== expected) {
    raise('INTERNAL_INVARIANT', { what: `version ${next.version} is committed where ${expected} comes next` });
  }
}

export function raiseNoVersion(version: number, versions: readonly CommitRecord[]): never {
  raise('STATE_VERSION_NOT_RETAINED', {
    version,
    oldest: versions[0]?.version ?? 'none',
    newest: versions.at(-1)?.version ?? 'none',
  });
}
