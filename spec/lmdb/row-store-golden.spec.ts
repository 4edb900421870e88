import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
// Cases without a checkpoint directory are told so, which goes through the host that this installs.
import '../../lib/index.ts';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import { runGoldenFile } from '../../lib/testing/golden/run-golden.ts';

const folder = 'spec/golden/dstream';
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('what real Spark gave', () => {
  it.each(files)('%s comes out with state in rows, too', async (file) => {
    const scratch = mkdtempSync(join(tmpdir(), 'millrace-golden-'));
    let directories = 0;
    const failed: unknown[] = [];
    let passed = 0;
    try {
      const content: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const checkpoints = {
        open: openCheckpoint,
        config: { 'millrace.state.store': 'lmdb-rows' },
        directory: () => join(scratch, `checkpoint-${(directories += 1)}`),
      };
      for await (const result of runGoldenFile(file, content, checkpoints)) {
        if (result.kind === 'failed') failed.push(result);
        if (result.kind === 'passed') passed += 1;
      }
      expect(failed).toEqual([]);
      // Cases that ran at all ran on checkpoints; those without are skipped or need none.
      expect(passed === 0 || directories > 0 || file === 'pidRateEstimator.json').toBe(true);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
