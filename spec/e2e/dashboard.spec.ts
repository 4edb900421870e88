import { afterAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { millrace } from './millrace.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-dashboard-spec-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['piped', {}],
  ['piped, with NO_COLOR', { NO_COLOR: '1' }],
])(
  '--dashboard draws nothing where nobody watches: %s',
  async (_, environment) => {
    const path = join(folder, 'program.ts');
    writeFileSync(
      path,
      `import { StreamingContext } from 'millrace';
const ssc = new StreamingContext({ appName: 'piped', batchInterval: 100 });
ssc.queueStream([[1, 2]]).foreachRDD(async (rdd) => console.log(await rdd.collect()));
await ssc.start();
`,
    );
    const { status, stdout, stderr } = await millrace(['run', path, '--dashboard', '--batches', '1'], { environment });
    expect(stderr).toContain('--dashboard: not drawn, because standard error is no terminal.');
    expect(stdout).toContain('[ 1, 2 ]');
    expect(stdout + stderr).not.toContain('\u001B');
    expect(status).toBe(0);
  },
  60_000,
);
