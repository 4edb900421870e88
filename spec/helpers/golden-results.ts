import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoldenResult } from '../../lib/testing/golden/golden-result.ts';
import { runGoldenFile } from '../../lib/testing/golden/run-golden.ts';
import { MemoryCheckpoints } from '../../lib/testing/memory-checkpoints.ts';

/** Runs the cases of a recorded file on checkpoints in memory; files that a query writes go to a folder that is removed. */
export async function goldenResultsOf(
  file: string,
  content: unknown,
  config: Readonly<Record<string, string>> = {},
): Promise<GoldenResult[]> {
  const { open } = new MemoryCheckpoints();
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-golden-'));
  let directories = 0;
  const checkpoints = {
    open,
    config,
    directory: () => join(scratch, String((directories += 1))),
    makeDirectory: (path: string) => {
      mkdirSync(path, { recursive: true });
    },
  };
  try {
    const results: GoldenResult[] = [];
    for await (const result of runGoldenFile(file, content, checkpoints)) results.push(result);
    return results;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
