import { manifestFolder, parseManifest, type WrittenFile } from '../../io/file-manifest.ts';
import { manifestsToRead } from '../../io/file-manifest-names.ts';
import { type FileEntry, host } from '../../io/host.ts';
import { MillraceError } from '../../kernel/errors.ts';
import type { FileSettings } from './file-options.ts';
import { isVisible, partitionBase, partitionOf, partOf } from './partition-folders.ts';

/**
 * The files of a folder that a reader may see: in a folder that a file sink writes, those that are in the lists of its batches; in any
 * other all whose names do not begin with `_` or `.`, of the folder itself and of its partitions, `k=v/`. As in Spark, a folder with
 * partitions has no files beside them. The path may also be that of one file.
 */
export async function visibleFiles(settings: FileSettings): Promise<readonly WrittenFile[]> {
  const { folder, isRecursive } = settings;
  const { files } = host();
  const manifest = `${folder}/${manifestFolder}`;
  if (await files.exists(manifest)) return await listedFiles(manifest);
  const single = await files.entry(folder);
  if (single !== undefined) return [written(folder, single)];
  const found: WrittenFile[] = [];
  await gather(folder, isRecursive ? (name) => !name.startsWith('.') : (name) => partOf(name) !== undefined, found);
  if (isRecursive) return found;
  const base = partitionBase(settings);
  const within = found.filter(({ path }) => partitionOf(path, base).length > 0);
  return within.length > 0 ? within : found;
}

async function gather(folder: string, isEntered: (name: string) => boolean, found: WrittenFile[]): Promise<void> {
  const { files } = host();
  for (const entry of await files.list(folder)) {
    if (isVisible(entry.name)) found.push(written(`${folder}/${entry.name}`, entry));
  }
  for (const name of await files.folders(folder))
    if (isEntered(name)) await gather(`${folder}/${name}`, isEntered, found);
}

function written(path: string, { sizeBytes, modifiedMs }: FileEntry): WrittenFile {
  return { path, sizeBytes, modifiedMs };
}

/** The lists that hold all files; a list that is compacted away between the look and the reading is in a newer one. */
async function listedFiles(manifest: string, looks = 5): Promise<readonly WrittenFile[]> {
  const { files } = host();
  try {
    const names = (await files.list(manifest)).map(({ name }) => name);
    const found: WrittenFile[] = [];
    for (const name of manifestsToRead(names)) {
      found.push(...parseManifest(await files.readText(`${manifest}/${name}`)));
    }
    return found;
  } catch (error) {
    if (looks > 1 && error instanceof MillraceError) return await listedFiles(manifest, looks - 1);
    throw error;
  }
}
