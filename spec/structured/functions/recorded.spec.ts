import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { installHost } from '../../../lib/io/host.ts';
import { nodeHost } from '../../../lib/node/host.ts';
import { parseGolden } from '../../../lib/testing/golden/parse-golden.ts';
import { runGoldenFile } from '../../../lib/testing/golden/run-golden.ts';

installHost(nodeHost);

const folder = 'spec/recorded/static';
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

describe('Spark 4.1.2 gives the same columns, types, values and errors', () => {
  it.each(files)('%s', async (file) => {
    const failed: string[] = [];
    const content = parseGolden(readFileSync(`${folder}/${file}`, 'utf8'));
    for await (const result of runGoldenFile(file, content, { directory: () => '' })) {
      if (result.kind === 'failed') failed.push(`${result.name}\n  ${result.reason}`);
    }
    expect(failed.join('\n')).toBe('');
  });
});
