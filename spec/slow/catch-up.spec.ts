import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const day = 86_400;

it.each([
  ['counts', 'memory-table'],
  ['state', 'memory-table'],
  ['window', 'memory-table'],
  ['inverse', 'memory-table'],
  ['state', 'lmdb-rows'],
])(
  'a day of missed batches of 1 s: %s with %s is caught up, every boundary told',
  async (program, store) => {
    const script = ['scripts/bench/catch-up.mjs', '--program', program, '--store', store, '--listener'];
    const { stdout } = await promisify(execFile)(process.execPath, script);
    const [, batches, told = ''] = /: (\d+) batches in [\d.]+ s, .*; (\{.*\})/u.exec(stdout) ?? [];
    expect(Number(batches)).toBe(day);
    expect(JSON.parse(told)).toMatchObject({ outputs: day, events: day });
    // How long it takes is for `node scripts/bench/catch-up.mjs` on a quiet machine; here it is in the log.
    process.stderr.write(stdout);
  },
  300_000,
);
