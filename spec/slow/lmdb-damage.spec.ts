import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { openCheckpoint } from '../../lib/lmdb/open-checkpoint.ts';
import { openReadOnly } from '../../lib/lmdb/open-read-only.ts';
import { cleanUp, newDirectory, runStore } from '../lmdb/store-process.ts';

// Processes take long to start where many others run.
jest.setTimeout(120_000);

afterEach(cleanUp);

const options = { appName: 'spec', minFreeBytes: 1 };

const templates = new Map<string, string>();

afterAll(() => {
  for (const template of templates.values()) rmSync(template, { recursive: true, force: true });
});

/** A copy of a checkpoint with some batches. */
async function madeStore(batches = 12, kind = 'memory-table'): Promise<string> {
  const name = `${kind} ${batches}`;
  const template = templates.get(name) ?? mkdtempSync(join(tmpdir(), 'millrace-template-'));
  if (!templates.has(name)) {
    await runStore(['run', template, String(batches)], { STATE_STORE: kind });
    templates.set(name, template);
  }
  const directory = join(newDirectory(), 'checkpoint');
  cpSync(template, directory, { recursive: true });
  return directory;
}

/** What happens to a checkpoint, and what it is refused with. */
const damages: readonly (readonly [title: string, damage: (directory: string) => void, code: string, text: string])[] =
  [
    [
      'an empty data file',
      (d) => truncateSync(join(d, 'data.mdb'), 0),
      'CHECKPOINT_DAMAGED',
      'data.mdb is damaged: it is empty',
    ],
    [
      'a data file cut in the middle',
      (d) => truncateSync(join(d, 'data.mdb'), 8192 * 2),
      'CHECKPOINT_DAMAGED',
      'it was cut',
    ],
    ['a data file of 100 bytes', (d) => truncateSync(join(d, 'data.mdb'), 100), 'CHECKPOINT_DAMAGED', 'first page'],
    [
      'zeroed header pages',
      (d) => {
        const bytes = readFileSync(join(d, 'data.mdb'));
        writeFileSync(join(d, 'data.mdb'), bytes.fill(0, 0, 8192));
      },
      'CHECKPOINT_DAMAGED',
      'first page',
    ],
    [
      'a text in place of the data file',
      (d) => writeFileSync(join(d, 'data.mdb'), 'no database '.repeat(3000)),
      'CHECKPOINT_DAMAGED',
      'first page',
    ],
    [
      'a missing data file',
      (d) => rmSync(join(d, 'data.mdb')),
      'CHECKPOINT_DAMAGED',
      'data.mdb is damaged: it is missing',
    ],
    [
      'a cut manifest',
      (d) => truncateSync(join(d, 'manifest.json'), 20),
      'CHECKPOINT_DAMAGED',
      'manifest.json is damaged',
    ],
    [
      'a manifest that is no object',
      (d) => writeFileSync(join(d, 'manifest.json'), 'null'),
      'CHECKPOINT_DAMAGED',
      'it is no manifest',
    ],
    [
      'another format',
      (d) => editManifest(d, { format: 77 }),
      'CHECKPOINT_FORMAT',
      'has format 77, this version of Millrace reads format 1 or 2',
    ],
    [
      'the manifest of another directory',
      (d) => editManifest(d, { storeId: 'x' }),
      'CHECKPOINT_DAMAGED',
      'belongs to another directory',
    ],
    [
      'another application',
      (d) => editManifest(d, { appName: 'shop' }),
      'CHECKPOINT_OTHER_PROGRAM',
      'belongs to the application shop',
    ],
  ];

function editManifest(directory: string, change: object): void {
  const file = join(directory, 'manifest.json');
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...change }));
}

describe('a damaged checkpoint', () => {
  it.each(damages)('is refused with exit status 4 and left as it is: %s', async (_, damage, code, text) => {
    const directory = await madeStore();
    damage(directory);
    const before = existsSync(join(directory, 'data.mdb')) ? readFileSync(join(directory, 'data.mdb')) : undefined;
    const refused = expect.objectContaining({ code, exitCode: 4, message: expect.stringContaining(text) });
    await expect(openCheckpoint(directory, options)).rejects.toThrow(refused);
    expect(existsSync(join(directory, 'process.lock'))).toBe(false);
    const after = existsSync(join(directory, 'data.mdb')) ? readFileSync(join(directory, 'data.mdb')) : undefined;
    expect(after).toEqual(before);
  });

  it.each(['memory-table', 'lmdb-rows'])(
    'never gives wrong state and never ends the process with a signal, whichever page is damaged: %s',
    async (kind) => {
      const directory = await madeStore(40, kind);
      const { messages, signal, stderr } = await runStore(['damage', directory], { STATE_STORE: kind });
      expect([signal, stderr]).toEqual([null, '']);
      const outcomes = messages.at(-1)?.['outcomes'] as Readonly<Record<string, number>>;
      expect(Object.keys(outcomes).toSorted()).toEqual(
        ['flipped', 'garbage', 'zeroed'].flatMap((how) => [`${how}: CHECKPOINT_DAMAGED`, `${how}: right`]),
      );
      // Pages that are free may hold anything; a good part is in use.
      expect(outcomes['zeroed: CHECKPOINT_DAMAGED']).toBeGreaterThan(8);
    },
    60_000,
  );

  it('is made again from the data file where only the manifest is missing', async () => {
    const directory = await madeStore();
    const file = join(directory, 'manifest.json');
    const before = JSON.parse(readFileSync(file, 'utf8')) as object;
    rmSync(file);
    const store = await openCheckpoint(directory, options);
    await store.close();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ...before, created: expect.any(String) });
  });
});

describe('the kind of store', () => {
  it.each([
    ['memory-table', 'lmdb-rows'],
    ['lmdb-rows', 'memory-table'],
  ] as const)(
    'of a checkpoint made with %s cannot be changed to %s, also where the manifest is lost',
    async (kind, other) => {
      const directory = await madeStore(12, kind);
      const refused = expect.objectContaining({
        code: 'CHECKPOINT_STATE_STORE',
        exitCode: 4,
        message: expect.stringContaining(`Set millrace.state.store to '${kind}'`),
      });
      await expect(openCheckpoint(directory, { ...options, stateStore: other })).rejects.toThrow(refused);
      rmSync(join(directory, 'manifest.json'));
      await expect(openCheckpoint(directory, { ...options, stateStore: other })).rejects.toThrow(refused);
      const store = await openCheckpoint(directory, { ...options, stateStore: kind });
      expect(store.lastCommitted?.version).toBe(12);
      await store.close();
    },
  );
});

describe('a read-only view', () => {
  it('refuses what is no checkpoint', async () => {
    const directory = newDirectory();
    const refused = expect.objectContaining({ code: 'CHECKPOINT_NOT_FOUND', exitCode: 4 });
    expect(() => openReadOnly(join(directory, 'nowhere'))).toThrow(refused);
    expect(() => openReadOnly(directory)).toThrow(refused);
    await Promise.resolve();
  });

  it.each(damages.slice(0, 9))('refuses a damaged checkpoint: %s', async (_, damage, code) => {
    const directory = await madeStore();
    damage(directory);
    expect(() => openReadOnly(directory)).toThrow(expect.objectContaining({ code }));
  });
});
