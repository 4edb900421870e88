import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { raise } from '../kernel/errors.ts';
import type { StateStoreKind } from '../store/state-store-kind.ts';

export const manifestFileName = 'manifest.json';

/** Of the layout of keys and values. A change of layout comes with a reader for the previous one, or with a refusal. */
export const formatOf: Readonly<Record<StateStoreKind, number>> = { 'memory-table': 1, 'lmdb-rows': 2 };

/** The kind of store of a format; undefined for one that this version does not read. */
export function kindOf(format: number): StateStoreKind | undefined {
  return (Object.keys(formatOf) as StateStoreKind[]).find((kind) => formatOf[kind] === format);
}

/** The formats that this version reads, for people. */
export const knownFormats: string = Object.values(formatOf).join(' or ');

/** What a checkpoint directory says about itself, readable without opening the store. */
export interface Manifest {
  readonly format: number;
  /** The same as in the data file: a data file of another directory is noticed. */
  readonly storeId: string;
  readonly appName: string;
  readonly created: string;
}

/** The manifest of a directory, undefined where there is none. A damaged one and another format are refused. */
export function readManifest(directory: string): Manifest | undefined {
  const file = join(directory, manifestFileName);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const content = parse(text);
  if (content === undefined) raise('CHECKPOINT_DAMAGED', { file, what: 'it is no manifest' });
  if (kindOf(content.format) === undefined) {
    raise('CHECKPOINT_FORMAT', { directory, found: content.format, known: knownFormats });
  }
  return content;
}

/** Writes the manifest so that it is there whole or not at all. */
export function writeManifest(directory: string, manifest: Manifest): void {
  const file = join(directory, manifestFileName);
  const draft = `${file}.tmp`;
  writeFileSync(draft, `${JSON.stringify(manifest, undefined, 2)}\n`, { flush: true });
  renameSync(draft, file);
  syncDirectory(directory);
}

/** A new name in a directory is durable once the directory is; where directories cannot be opened it already is. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function parse(text: string): Manifest | undefined {
  try {
    const content = JSON.parse(text) as Partial<Manifest> | null;
    if (content === null || typeof content !== 'object' || typeof content.format !== 'number') return undefined;
    const { format, storeId, appName, created } = content;
    if (typeof storeId !== 'string' || typeof appName !== 'string')
      return kindOf(format) === undefined ? unknown(format) : undefined;
    return { format, storeId, appName, created: String(created) };
  } catch {
    return undefined;
  }
}

/** Another format may have other fields. */
function unknown(format: number): Manifest {
  return { format, storeId: '', appName: '', created: '' };
}
