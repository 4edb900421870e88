import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
// Cases without a checkpoint directory are told so, which goes through the host that this installs.
// oxlint-disable-next-line import/no-unassigned-import
import '../../lib/index.ts';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import { runGoldenFile } from '../../lib/testing/golden/run-golden.ts';

// Each case writes to a disk that others write to as well.
jest.setTimeout(60_000);

const folder = 'spec/golden/dstream';
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
let directories = 0;

describe('what real Spark gave', () => {
  it.each(files)('%s comes out with state in rows, too', async (file) => {
    const scratch = mkdtempSync(join(tmpdir(), 'millrace-golden-'));
    const failed: unknown[] = [];
    try {
      const content: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const checkpoints = {
        open: openCheckpoint,
        config: { 'millrace.state.store': 'lmdb-rows' },
        directory: () => join(scratch, `checkpoint-${(directories += 1)}`),
      };
      for await (const result of runGoldenFile(file, content, checkpoints)) {
        if (result.kind === 'failed') failed.push(result);
      }
      expect(failed).toEqual([]);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });

  it('ran on checkpoints of its own for most cases', () => {
    expect(directories).toBeGreaterThan(100);
  });
});
