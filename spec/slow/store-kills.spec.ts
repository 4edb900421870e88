import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import { cleanUp, killedWhileWriting, newDirectory } from '../lmdb/store-process.ts';

// Processes take long to start where many others run.
jest.setTimeout(120_000);

afterEach(cleanUp);

it.each([
  ['memory-table', 2],
  // What undoes the last versions takes as much room as they changed.
  ['lmdb-rows', 4],
])(
  'a store of kind %s that is killed 50 times at any moment loses nothing that it told, and its file stays small',
  async (kind, megabytes) => {
    const directory = join(newDirectory(), 'checkpoint');
    const kills = Number(process.env['MILLRACE_KILLS'] ?? 50);
    let told = 0;
    for (let kill = 0; kill < kills; kill++) {
      told = await killedWhileWriting(directory, told, told + 1 + ((kill * 37) % 90), { STATE_STORE: kind });
    }
    expect(told).toBeGreaterThan(kills);
    expect(statSync(join(directory, 'data.mdb')).size).toBeLessThan(megabytes << 20);
  },
  600_000,
);
