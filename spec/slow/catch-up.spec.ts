import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const day = 86_400;

it.each([
  ['counts', 'memory-table', 10],
  ['state', 'memory-table', 10],
  ['window', 'memory-table', 10],
  ['inverse', 'memory-table', 10],
  ['state', 'lmdb-rows', 20],
])(
  'a day of missed batches of 1 s: %s with %s is caught up in %i s',
  async (program, store, limit) => {
    const script = ['scripts/bench/catch-up.mjs', '--program', program, '--store', store, '--listener'];
    const { stdout } = await promisify(execFile)(process.execPath, script);
    const [, batches, seconds, told = ''] = /: (\d+) batches in ([\d.]+) s, .*; (\{.*\})/u.exec(stdout) ?? [];
    expect(Number(batches)).toBe(day);
    expect(JSON.parse(told)).toMatchObject({ outputs: day, events: day });
    // Means little beside other work: `npm run test:slow` is for a quiet machine.
    expect({ stdout, isSoon: Number(seconds) < limit }).toEqual({ stdout, isSoon: true });
  },
  300_000,
);
