import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
// A context tells people things through the host that this installs.
// oxlint-disable-next-line import/no-unassigned-import
import '../../lib/index.ts';
import { runGoldenFile } from '../../lib/testing/golden/run-golden.ts';
import { MemoryCheckpoints } from '../../lib/testing/memory-checkpoints.ts';

// Cases in the format of the recorded ones, which nobody recorded: what they expect follows from Spark's rules as they are written down.
const folder = 'spec/streaming/variants';

describe("what follows from Spark's rules", () => {
  it.each(readdirSync(folder))('%s comes out of the engine', async (file) => {
    const { open } = new MemoryCheckpoints();
    let directories = 0;
    const checkpoints = { open, directory: () => `memory:${(directories += 1)}` };
    const failed: unknown[] = [];
    for await (const result of runGoldenFile(file, JSON.parse(readFileSync(join(folder, file), 'utf8')), checkpoints)) {
      if (result.kind !== 'passed') failed.push(result);
    }
    expect(failed).toEqual([]);
  });
});
