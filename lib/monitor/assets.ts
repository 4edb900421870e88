import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the page, in memory: paths of requests never reach the file system. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The files that the build put into a folder, by their paths in the page. */
export async function loadAssets(folder: string): Promise<ReadonlyMap<string, Asset>> {
  const names = (await readdir(folder)).filter((name) => extname(name) in types);
  return new Map(
    await Promise.all(
      names.map(
        async (name) =>
          [`/assets/${name}`, { type: types[extname(name)] ?? '', bytes: await readFile(join(folder, name)) }] as const,
      ),
    ),
  );
}
