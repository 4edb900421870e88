import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { encode } from '../kernel/codec.ts';
import { raise } from '../kernel/errors.ts';
import { lockFileName, ProcessLock } from '../node/process-lock.ts';
import type { StateStoreKind } from '../store/state-store-kind.ts';
import type { StateStore } from '../store/state-store.ts';
import { ensureAccess } from './access.ts';
import type { CompactionRule } from './compaction.ts';
import { readMark } from './checkpoint-reader.ts';
import { assertFreeSpace } from './disk-space.ts';
import { dataFileName, Environment } from './environment.ts';
import { metaKey } from './keys.ts';
import { LmdbRowStore, type RowStoreLimits } from './lmdb-row-store.ts';
import { LmdbStore } from './lmdb-store.ts';
import {
  formatOf,
  knownFormats,
  kindOf,
  type Manifest,
  manifestFileName,
  readManifest,
  writeManifest,
} from './manifest.ts';
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
  /** How state is kept; `memory-table` unless told otherwise. A directory keeps the way it was made with. */
  readonly stateStore?: StateStoreKind;
  /** Memory for keys and values, where each key is a row of the file. */
  readonly cacheBytes?: number;
  readonly rowLimits?: Partial<RowStoreLimits>;
  readonly warn?: (text: string) => void;
}

/**
 * Opens the durable store in a directory, or makes one there.
 *
 * What may be wrong is looked at in this order, each refused with its code before the next is touched: permissions, another process,
 * the manifest (format, application, way of keeping state), room on the disk, the data file's header, and every stored value while it is read in.
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
    const kind = options.stateStore ?? 'memory-table';
    if (manifest !== undefined) assertKind(path, manifest.format, kind);
    assertFreeSpace(path, options.minFreeBytes ?? minFreeBytes);
    checkFiles(path, manifest);
    environment = openEnvironment(path, options);
    identify(environment, manifest, { appName: options.appName, kind, clock });
    const onClose = (): void => {
      lock.release();
    };
    if (kind === 'memory-table') return await LmdbStore.load(environment, { ...options, clock, warn }, onClose);
    const { cacheBytes, rowLimits } = options;
    const limits = { ...(cacheBytes === undefined ? {} : { cacheBytes }), ...rowLimits };
    return await LmdbRowStore.load(environment, { ...options, clock, limits }, onClose);
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

/** State that is kept one way cannot be read the other way. */
function assertKind(directory: string, format: number, given: StateStoreKind): void {
  const stored = kindOf(format);
  if (stored === undefined) raise('CHECKPOINT_FORMAT', { directory, found: format, known: knownFormats });
  if (stored !== given) raise('CHECKPOINT_STATE_STORE', { directory, stored, given });
}

interface Identity {
  readonly appName: string;
  readonly kind: StateStoreKind;
  readonly clock: Clock;
}

/** Marks a new store, and checks that data file and manifest belong together. */
function identify(environment: Environment, manifest: Manifest | undefined, { appName, kind, clock }: Identity): void {
  const { directory } = environment;
  const mark = readMark(environment);
  if (mark !== undefined) {
    assertKind(directory, mark.format, kind);
    if (mark.appName !== appName) raise('CHECKPOINT_OTHER_PROGRAM', { stored: mark.appName, given: appName });
    if (manifest !== undefined && manifest.storeId !== mark.storeId) {
      environment.damaged(`it belongs to another directory than ${join(directory, manifestFileName)}`);
    }
  } else if (manifest !== undefined) environment.damaged('it is a new, empty store');
  if (manifest !== undefined) return;
  const format = formatOf[kind];
  const storeId = mark?.storeId ?? randomUUID();
  if (mark === undefined) {
    environment.transact('making the store', (writing) => {
      writing.put(metaKey('store'), encode({ format, storeId, appName }));
    });
  }
  const created = new Date(clock.now()).toISOString();
  writeManifest(directory, { format, storeId, appName, created });
}

function ignore(): void {
  // Nobody wants to know.
}
