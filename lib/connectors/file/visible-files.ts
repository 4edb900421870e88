import { manifestFolder, parseManifest, type WrittenFile } from '../../io/file-manifest.ts';
import { type FileEntry, host } from '../../io/host.ts';

/**
 * The files of a folder that a reader may see: in a folder that a file sink writes, those that are in the lists of its batches; in any
 * other all whose names do not begin with `_` or `.`. The path may also be that of one file.
 */
export async function visibleFiles(folder: string): Promise<readonly WrittenFile[]> {
  const { files } = host();
  const manifest = `${folder}/${manifestFolder}`;
  if (await files.exists(manifest)) return await listedFiles(manifest);
  const single = await files.entry(folder);
  if (single !== undefined) return [written(folder, single)];
  const entries = await files.list(folder);
  return entries
    .filter(({ name }) => !name.startsWith('_') && !name.startsWith('.'))
    .map((entry) => written(`${folder}/${entry.name}`, entry));
}

function written(path: string, { sizeBytes, modifiedMs }: FileEntry): WrittenFile {
  return { path, sizeBytes, modifiedMs };
}

function batchOf(name: string): number {
  return Number.parseInt(name, 10);
}

/** From the last list that Spark compacted, which holds all before it, to the newest. */
async function listedFiles(manifest: string): Promise<readonly WrittenFile[]> {
  const { files } = host();
  const names = (await files.list(manifest))
    .map(({ name }) => name)
    .filter((name) => /^\d+(?:\.compact)?$/u.test(name));
  const ordered = names.toSorted((a, b) => batchOf(a) - batchOf(b));
  const compacted = ordered.findLastIndex((name) => name.endsWith('.compact'));
  const found: WrittenFile[] = [];
  for (const name of ordered.slice(Math.max(0, compacted))) {
    found.push(...parseManifest(await files.readText(`${manifest}/${name}`)));
  }
  return found;
}
