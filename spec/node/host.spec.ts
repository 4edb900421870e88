import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { nodeHost } from '../../lib/node/host.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-host-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function* parts(
  ...files: readonly (readonly [string, readonly string[]])[]
): AsyncGenerator<readonly [string, readonly string[]]> {
  for (const file of files) {
    await Promise.resolve();
    yield file;
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

describe('files of the machine', () => {
  const { files } = nodeHost;

  it('a folder appears with all its files', async () => {
    const path = join(folder, 'out-1000');
    await files.writeFolder(path, parts(['part-00000', ['a', 'b']], ['_SUCCESS', []]));
    expect(readdirSync(path).toSorted()).toEqual(['_SUCCESS', 'part-00000']);
    expect(readFileSync(join(path, 'part-00000'), 'utf8')).toBe('a\nb\n');
    expect(await files.exists(path)).toBe(true);
    expect(await files.exists(join(path, 'part-00000', 'deeper'))).toBe(false);
  });

  it('nothing appears when a part cannot be made', async () => {
    const path = join(folder, 'out-2000');
    const failing = files.writeFolder(
      path,
      (async function* () {
        yield* parts(['part-00000', ['a']]);
        throw new RangeError('no more');
      })(),
    );
    await expect(failing).rejects.toMatchObject({ code: 'HOST_FILE' });
    expect(readdirSync(folder).filter((name) => name.includes('2000'))).toEqual([]);
  });

  it('a folder that is there is never overwritten', async () => {
    const path = join(folder, 'out-3000');
    await files.writeFolder(path, parts(['part-00000', ['old']]));
    await expect(files.writeFolder(path, parts(['part-00000', ['new']]))).rejects.toMatchObject({
      code: 'HOST_FOLDER_EXISTS',
    });
    expect(readFileSync(join(path, 'part-00000'), 'utf8')).toBe('old\n');
  });

  it('tells files from folders', async () => {
    const path = join(folder, 'tree');
    await files.writeFolder(join(path, 'below'), parts(['a.txt', []]));
    writeFileSync(join(path, 'b.txt'), 'b');
    expect(await files.folders(path)).toEqual(['below']);
    expect((await files.list(path)).map(({ name }) => name)).toEqual(['b.txt']);
    await expect(files.folders(join(path, 'b.txt'))).rejects.toMatchObject({ code: 'HOST_FILE' });
  });

  it('takes a symbolic link for what it leads to, and leaves out one that leads nowhere', async () => {
    const path = join(folder, 'links');
    await files.writeFolder(join(path, 'below'), parts(['a.txt', ['a']]));
    symlinkSync(join(path, 'below', 'a.txt'), join(path, 'file'));
    symlinkSync(join(path, 'below'), join(path, 'folder'));
    symlinkSync(join(path, 'nowhere'), join(path, 'broken'));
    expect((await files.folders(path)).toSorted()).toEqual(['below', 'folder']);
    expect((await files.list(path)).map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([['file', 2]]);
  });

  it.each<[name: string, bytes: Uint8Array, text: string]>([
    ['plain.txt', Buffer.from('to be'), 'to be'],
    ['packed.gz', gzipSync('to be'), 'to be'],
    ['twice.gz', Buffer.concat([gzipSync('to '), gzipSync('be')]), 'to be'],
    ['packed.deflate', deflateSync('to be'), 'to be'],
  ])('unpacks %s', async (name, bytes, text) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    expect(await textOf(files.unpackedChunks(path))).toBe(text);
    expect(await textOf(files.chunks(path))).toBe(Buffer.from(bytes).toString());
  });

  it.each([
    ['a damaged one', 'damaged.gz', 'HOST_FILE'],
    ['one that is not there', 'missing.gz', 'HOST_FILE'],
    ['a kind that it cannot unpack', 'packed.bz2', 'SOURCE_FILE_COMPRESSION'],
  ])('refuses %s', async (_, name, code) => {
    writeFileSync(join(folder, 'damaged.gz'), 'this is no gzip');
    await expect((async () => await textOf(files.unpackedChunks(join(folder, name))))()).rejects.toMatchObject({
      code,
    });
  });

  it('lists files with their sizes, and reads them', async () => {
    const path = join(folder, 'text');
    await files.writeFolder(path, parts(['a.txt', ['grün']]));
    writeFileSync(join(path, 'b.bin'), Uint8Array.of(0, 255));
    expect((await files.list(path)).map(({ name, sizeBytes }) => `${name} ${sizeBytes}`).toSorted()).toEqual([
      'a.txt 6',
      'b.bin 2',
    ]);
    expect(await files.readText(join(path, 'a.txt'))).toBe('grün\n');
    expect([...(await files.readBytes(join(path, 'b.bin')))]).toEqual([0, 255]);
  });

  it.each([
    ['read', async (path: string): Promise<unknown> => await files.readText(path)],
    ['read', async (path: string): Promise<unknown> => await files.readBytes(path)],
    ['listed', async (path: string): Promise<unknown> => await files.list(path)],
  ])('what is not there cannot be %s, and the error says so', async (action, act) => {
    const path = join(folder, 'absent');
    await expect(act(path)).rejects.toMatchObject({ code: 'HOST_FILE', params: { path, action } });
  });
});
