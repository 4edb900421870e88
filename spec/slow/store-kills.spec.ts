import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import { cleanUp, newDirectory, runStore, startStore } from '../lmdb/store-process.ts';

// Processes take long to start where many others run.
jest.setTimeout(120_000);

afterEach(cleanUp);

it('a store that is killed 50 times at any moment loses nothing that it told, and its file stays small', async () => {
  const directory = join(newDirectory(), 'checkpoint');
  const kills = Number(process.env['MILLRACE_KILLS'] ?? 50);
  let told = 0;
  for (let kill = 0; kill < kills; kill++) {
    const writer = startStore(['run', directory, '100000']);
    const stopAfter = told + 1 + ((kill * 37) % 90);
    writer.onMessage((message) => {
      if (Number(message['version'] ?? 0) >= stopAfter) writer.child.kill('SIGKILL');
    });
    const { messages, signal } = await writer.ended;
    expect(signal).toBe('SIGKILL');
    told = Math.max(told, ...messages.map((message) => Number(message['version'] ?? 0)));
    const { messages: checked } = await runStore(['check', directory]);
    const found = checked.at(-1)?.['checked'] as { version: number; fault?: string };
    expect(found.fault).toBeUndefined();
    expect([told, told + 1]).toContain(found.version);
    told = found.version;
  }
  expect(told).toBeGreaterThan(kills);
  expect(statSync(join(directory, 'data.mdb')).size).toBeLessThan(2 << 20);
}, 600_000);
