import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import { cleanUp, killedWhileWriting, newDirectory } from '../lmdb/store-process.ts';

// Processes take long to start where many others run.
jest.setTimeout(120_000);

afterEach(cleanUp);

it('a store that is killed 50 times at any moment loses nothing that it told, and its file stays small', async () => {
  const directory = join(newDirectory(), 'checkpoint');
  const kills = Number(process.env['MILLRACE_KILLS'] ?? 50);
  let told = 0;
  for (let kill = 0; kill < kills; kill++) {
    told = await killedWhileWriting(directory, told, told + 1 + ((kill * 37) % 90));
  }
  expect(told).toBeGreaterThan(kills);
  expect(statSync(join(directory, 'data.mdb')).size).toBeLessThan(2 << 20);
}, 600_000);
