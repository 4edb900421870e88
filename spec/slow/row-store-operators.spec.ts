import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, jest } from '@jest/globals';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import type { CheckpointFactory } from '../../lib/batch/checkpoint.ts';
import { testOperation } from '../../lib/testing/index.ts';
import { history, operations } from '../streaming/stateful-operations.ts';

// Each case writes to a disk that others write to as well.
jest.setTimeout(60_000);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-rows-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A store with a row per key that writes every change at once and holds nothing longer than it must. */
const openRows: CheckpointFactory = async (_, options) =>
  await openCheckpoint(directory, {
    ...options,
    stateStore: 'lmdb-rows',
    rowLimits: { cacheBytes: 1, changedKeys: 1, step: 1 },
  });

describe.each(operations)('%s with its state in rows', (_, stream, output) => {
  it('goes on as if nothing had happened when the process dies in every batch', async () => {
    const input = history.map((batch) => `${batch} !`).join(' | ');
    await testOperation({ input, stream, output, openCheckpoint: openRows });
  });
});
