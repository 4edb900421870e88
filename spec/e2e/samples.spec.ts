import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { samples, sampleSource } from '../../lib/cli/samples/catalogue.ts';
import { millrace, withoutClock } from './millrace.ts';

const folders = ['samples/streaming', 'samples/structured'];

/** How large a batch may be depends on how busy the machine is. */
function withoutLoad(output: string): string {
  return output.replaceAll(/about \d+ records #*/gu, 'about so many records');
}

describe('the samples', () => {
  it('are all in the catalogue', () => {
    const files = folders.flatMap((folder): string[] => readdirSync(folder));
    expect(files.toSorted()).toEqual(samples.map(({ name }) => `${name}.ts`).toSorted());
  });

  it.each(samples)('$name is short and begins with what one will see', (sample) => {
    const lines = readFileSync(sampleSource(sample), 'utf8').split('\n');
    expect(lines.length).toBeLessThan(60);
    expect(lines[0]).toMatch(/^\/\/ [A-Z]/u);
  });

  // All at once: most of their time is waiting for the next batch.
  it.concurrent.each(samples.map(({ name }) => name))(
    '%s prints what is stored in samples/expected',
    async (name) => {
      const path = join('samples/expected', `${name}.txt`);
      const { status, stdout, stderr } = await millrace(['samples', 'run', name, '--quiet']);
      // What a sample is warned about is a part of what it shows.
      const warnings = join('samples/expected', `${name}.warnings.txt`);
      expect(stderr.replaceAll(/^The last program that used .*\n/gmu, '')).toBe(
        existsSync(warnings) ? readFileSync(warnings, 'utf8') : '',
      );
      expect(withoutLoad(withoutClock(stdout))).toBe(
        existsSync(path) ? readFileSync(path, 'utf8') : 'no expected output is stored',
      );
      expect(status).toBe(0);
    },
    60_000,
  );
});
