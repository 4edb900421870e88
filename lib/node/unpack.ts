import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { raise } from '../kernel/errors.ts';

/** From Node 22.15 on. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };

/** What a file is packed with, by the end of its name, as Hadoop tells. */
const unpackers: Readonly<Record<string, (() => Transform) | undefined>> = {
  gz: () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  zst: createZstdDecompress,
  bz2: undefined,
  lz4: undefined,
  snappy: undefined,
};

/** What unpacks a file with this name; undefined for one that is not packed. One that cannot be unpacked here is refused. */
export function unpackerOf(path: string): Transform | undefined {
  const ending = /\.(\w+)$/u.exec(path)?.[1] ?? '';
  if (!Object.hasOwn(unpackers, ending)) return undefined;
  const known = Object.keys(unpackers).filter((name) => unpackers[name] !== undefined);
  return unpackers[ending]?.() ?? raise('SOURCE_FILE_COMPRESSION', { path, ending, known: known.join(', ') });
}
