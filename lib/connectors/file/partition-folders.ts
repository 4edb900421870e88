import { manifestFolder, parseManifest } from '../../io/file-manifest.ts';
import { manifestsToRead } from '../../io/file-manifest-names.ts';
import { host } from '../../io/host.ts';
import { type PartitionColumn, partitionOfNothing } from '../../io/table-format.ts';
import { raise } from '../../kernel/errors.ts';
import type { FileSettings } from './file-options.ts';

/** One folder's part of a partition: `k=v`, the value as it is written. */
export type PartitionPart = readonly [name: string, text: string];

/**
 * The partition that a file is in: the `k=v` folders directly above it, up to the base.
 *
 * @example
 * partitionOf('/in/day=1/k=a%2Fb/x.json', '/in')   // => [['day', '1'], ['k', 'a%2Fb']]
 */
export function partitionOf(path: string, base: string): readonly PartitionPart[] {
  const below = path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path;
  const parts: PartitionPart[] = [];
  for (const folder of below.split('/').slice(0, -1).toReversed()) {
    const part = partOf(folder);
    if (part === undefined) break;
    parts.unshift(part);
  }
  return parts;
}

/** The value of a part as text: null for Hive's name of nothing, else with `%2F` and such as what they stand for. */
export function partitionText(text: string): string | null {
  if (text === partitionOfNothing) return null;
  return text.replaceAll(/%([0-9a-f]{2})/giu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** A folder as a part of a partition; undefined when it is none. */
export function partOf(folder: string): PartitionPart | undefined {
  const at = folder.indexOf('=');
  return at > 0 && !folder.startsWith('.') ? [folder.slice(0, at), folder.slice(at + 1)] : undefined;
}

/** Where partitions are counted from: a folder above all files. */
export function partitionBase({ folder, basePath }: FileSettings): string {
  return basePath ?? folder;
}

/**
 * The columns in the names of the folders that hold files now, outermost first, with the values that there are. Folders that disagree
 * are refused: files at different depths, or other names at the same depth.
 */
export function partitionColumns(settings: FileSettings): readonly PartitionColumn[] {
  if (settings.isRecursive) return [];
  const base = partitionBase(settings);
  let first: { readonly names: readonly string[]; readonly folder: string } | undefined;
  const texts: Set<string>[] = [];
  for (const folder of foldersWithFiles(settings)) {
    const parts = partitionOf(`${folder}/`, base);
    if (parts.length === 0) continue;
    const names = parts.map(([name]) => name);
    first ??= { names, folder };
    if (names.join('/') !== first.names.join('/')) {
      raise('CONFLICTING_PARTITION_COLUMN_NAMES', {
        first: `${first.names.join(', ')} (${first.folder})`,
        second: `${names.join(', ')} (${folder})`,
      });
    }
    for (const [i, [, text]] of parts.entries()) (texts[i] ??= new Set()).add(text);
  }
  return (first?.names ?? []).map((name, i) => ({ name, texts: [...(texts[i] ?? [])] }));
}

/** The folders that files are directly in; those of the lists, where a file sink has written. */
function foldersWithFiles({ folder: path, basePath }: FileSettings): Iterable<string> {
  const { files } = host();
  const manifest = `${path}/${manifestFolder}`;
  if (!files.existsSync(manifest)) {
    const isFile = files.namesSync(path) === undefined;
    if (!isFile) return walk(path);
    return basePath === undefined ? [] : [path.slice(0, path.lastIndexOf('/'))];
  }
  const names = (files.namesSync(manifest) ?? []).map(({ name }) => name);
  const listed = manifestsToRead(names).flatMap((name) => parseManifest(files.readTextSync(`${manifest}/${name}`)));
  return new Set(listed.map((file) => file.path.slice(0, file.path.lastIndexOf('/'))));
}

function* walk(folder: string): Generator<string, void, undefined> {
  const entries = host().files.namesSync(folder) ?? [];
  if (entries.some(({ name, isFolder }) => !isFolder && isVisible(name))) yield folder;
  for (const { name, isFolder } of entries)
    if (isFolder && partOf(name) !== undefined) yield* walk(`${folder}/${name}`);
}

/** Whether a reader may see a file of this name. */
export function isVisible(name: string): boolean {
  return !name.startsWith('_') && !name.startsWith('.');
}
