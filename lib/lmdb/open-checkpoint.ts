import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { encode } from '../kernel/codec.ts';
import { raise } from '../kernel/errors.ts';
import { lockFileName, ProcessLock } from '../node/process-lock.ts';
import type { StateStore } from '../store/state-store.ts';
import { ensureAccess } from './access.ts';
import type { CompactionRule } from './compaction.ts';
import { readMark } from './checkpoint-reader.ts';
import { assertFreeSpace } from './disk-space.ts';
import { dataFileName, Environment } from './environment.ts';
import { metaKey } from './keys.ts';
import { LmdbStore } from './lmdb-store.ts';
import { formatVersion, type Manifest, manifestFileName, readManifest, writeManifest } from './manifest.ts';
import { checkDataFile } from './preflight.ts';

/** Less than this and a program does not begin. */
const minFreeBytes: number = 32 << 20;

export interface OpenOptions {
  readonly appName: string;
  readonly clock?: Clock;
  readonly retainVersions?: number;
  readonly minFreeBytes?: number;
  readonly mapSizeBytes?: number;
  readonly compaction?: CompactionRule;
  readonly warn?: (text: string) => void;
}

/**
 * Opens the durable store in a directory, or makes one there.
 *
 * What may be wrong is looked at in this order, each refused with its code before the next is touched: permissions, another process,
 * the manifest (format, application), room on the disk, the data file's header, and every stored value while it is read in.
 */
export async function openCheckpoint(directory: string, options: OpenOptions): Promise<StateStore> {
  const path = resolve(directory);
  const clock = options.clock ?? systemClock;
  const warn = options.warn ?? ignore;
  ensureAccess(
    path,
    [dataFileName, 'lock.mdb', manifestFileName, lockFileName].map((name) => join(path, name)),
  );
  const lock = await lockCheckpoint(path, warn);
  let environment: Environment | undefined;
  try {
    const manifest = readManifest(path);
    if (manifest !== undefined && manifest.appName !== options.appName) {
      raise('CHECKPOINT_OTHER_PROGRAM', { stored: manifest.appName, given: options.appName });
    }
    assertFreeSpace(path, options.minFreeBytes ?? minFreeBytes);
    checkFiles(path, manifest);
    environment = openEnvironment(path, options);
    identify(environment, manifest, options.appName, clock);
    return await LmdbStore.load(environment, { ...options, clock, warn }, () => {
      lock.release();
    });
  } catch (error) {
    await environment?.close();
    lock.release();
    throw error;
  }
}

/** One program writes to a checkpoint at a time. LMDB itself lets several writers in. */
async function lockCheckpoint(path: string, warn: (text: string) => void): Promise<ProcessLock> {
  return await ProcessLock.acquire(path, {
    refuse: ({ pid, host, since }, status, file) => {
      if (status === 'elsewhere') raise('CHECKPOINT_LOCKED_ELSEWHERE', { directory: path, pid, host, file });
      raise('CHECKPOINT_LOCKED', { directory: path, pid, host, since });
    },
    takenOver: (holder) => {
      warn(`The last program that used ${path} ended without closing it (process ${holder?.pid ?? '?'}).`);
    },
  });
}

/** A manifest without a data file means that the file was lost; the reverse is what a crash in the first start leaves. */
export function checkFiles(directory: string, manifest: Manifest | undefined, isShared = false): void {
  const file = join(directory, dataFileName);
  if (existsSync(file)) checkDataFile(file, isShared);
  else if (manifest !== undefined) raise('CHECKPOINT_DAMAGED', { file, what: 'it is missing' });
}

function openEnvironment(directory: string, options: OpenOptions): Environment {
  const { mapSizeBytes } = options;
  return new Environment(directory, mapSizeBytes === undefined ? {} : { mapSizeBytes });
}

/** Marks a new store, and checks that data file and manifest belong together. */
function identify(environment: Environment, manifest: Manifest | undefined, appName: string, clock: Clock): void {
  const { directory } = environment;
  const mark = readMark(environment);
  if (mark !== undefined) {
    if (mark.format !== formatVersion) {
      raise('CHECKPOINT_FORMAT', { directory, found: mark.format, known: formatVersion });
    }
    if (mark.appName !== appName) raise('CHECKPOINT_OTHER_PROGRAM', { stored: mark.appName, given: appName });
    if (manifest !== undefined && manifest.storeId !== mark.storeId) {
      environment.damaged(`it belongs to another directory than ${join(directory, manifestFileName)}`);
    }
  } else if (manifest !== undefined) environment.damaged('it is a new, empty store');
  if (manifest !== undefined) return;
  const storeId = mark?.storeId ?? randomUUID();
  if (mark === undefined) {
    environment.transact('making the store', (writing) => {
      writing.put(metaKey('store'), encode({ format: formatVersion, storeId, appName }));
    });
  }
  const created = new Date(clock.now()).toISOString();
  writeManifest(directory, { format: formatVersion, storeId, appName, created });
}

function ignore(): void {
  // Nobody wants to know.
}
