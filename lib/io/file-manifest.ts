/** The folder in which a file sink keeps the lists of what its batches wrote, by Spark's name. */
export const manifestFolder = '_spark_metadata';

/** The first line of a list. */
export const manifestVersion = 'v1';

/** A file that counts. */
export interface WrittenFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** One line of a list, as Spark writes it. */
export function manifestLine({ path, sizeBytes, modifiedMs }: WrittenFile): string {
  return JSON.stringify({
    path: `file://${encodeURI(path)}`,
    size: sizeBytes,
    isDir: false,
    modificationTime: modifiedMs,
    blockReplication: 1,
    blockSize: 33_554_432,
    action: 'add',
  });
}

/** The files of a list; its first line is the version. */
export function parseManifest(text: string): readonly WrittenFile[] {
  const [, ...lines] = text.split('\n');
  return lines.flatMap((line) => {
    if (line.trim() === '') return [];
    const { path, size, modificationTime } = JSON.parse(line) as ManifestLine;
    return [{ path: plainPath(path), sizeBytes: size, modifiedMs: modificationTime }];
  });
}

interface ManifestLine {
  readonly path: string;
  readonly size: number;
  readonly modificationTime: number;
}

/** Spark writes paths as URIs. */
function plainPath(path: string): string {
  return path.startsWith('file:') ? decodeURIComponent(path.replace(/^file:(?:\/\/)?/u, '')) : path;
}
