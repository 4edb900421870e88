import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { raise } from '../kernel/errors.ts';
import type { CheckpointMoment, CheckpointReader } from '../store/checkpoint-view.ts';
import { reasonOf } from './access.ts';
import { momentOf } from './checkpoint-reader.ts';
import { dataFileName, Environment } from './environment.ts';
import { kindOf, type Manifest, manifestFileName, readManifest } from './manifest.ts';
import { checkFiles } from './open-checkpoint.ts';
import { rowMomentOf } from './row-moment.ts';

/** A checkpoint directory, for people and tools. A version that was retained a moment ago may be gone. */
export interface CheckpointView extends CheckpointReader {
  readonly directory: string;
  readonly manifest: Manifest;
  /** Makes a checkpoint of its own of what is committed, in a folder that is there: programs may go on with it. */
  copyTo(directory: string): Promise<void>;
}

/** Opens a checkpoint for reading, beside the program that owns it or without it. Takes no lock and leaves no file behind. */
export function openReadOnly(directory: string): CheckpointView {
  const path = resolve(directory);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    raise('CHECKPOINT_NOT_FOUND', { directory: path });
  const file = join(path, dataFileName);
  for (const needed of [path, file]) {
    try {
      if (existsSync(needed)) accessSync(needed, constants.R_OK);
    } catch (error) {
      raise('CHECKPOINT_NOT_ACCESSIBLE', { path: needed, reason: reasonOf(error) }, { cause: error });
    }
  }
  const manifest = readManifest(path);
  if (manifest === undefined) raise('CHECKPOINT_NOT_FOUND', { directory: path });
  checkFiles(path, manifest, true);
  if (existsSync(join(path, readerListName))) {
    return new ReadOnlyCheckpoint(new Environment(path, { readOnly: true }), manifest);
  }
  // No program has it open, and LMDB would make its list of readers: that goes elsewhere, so that nothing is left behind.
  const openedAt = mkdtempSync(join(tmpdir(), 'millrace-read-'));
  try {
    symlinkSync(file, join(openedAt, dataFileName));
    return new ReadOnlyCheckpoint(new Environment(path, { readOnly: true, openedAt }), manifest, openedAt);
  } catch (error) {
    rmSync(openedAt, { recursive: true, force: true });
    throw error;
  }
}

/** LMDB's own name for its list of readers. */
const readerListName = 'lock.mdb';

class ReadOnlyCheckpoint implements CheckpointView {
  readonly manifest: Manifest;
  readonly directory: string;
  private readonly environment: Environment;
  private readonly temporary: string | undefined;

  constructor(environment: Environment, manifest: Manifest, temporary?: string) {
    this.temporary = temporary;
    this.environment = environment;
    this.manifest = manifest;
    this.directory = environment.directory;
  }

  read<T>(body: (moment: CheckpointMoment) => T): T {
    const { environment } = this;
    const open = kindOf(this.manifest.format) === 'lmdb-rows' ? rowMomentOf : momentOf;
    return environment.snapshot((reading) => body(open(reading, (what) => environment.damaged(what))));
  }

  async copyTo(directory: string): Promise<void> {
    await this.environment.copyTo(directory);
    copyFileSync(join(this.directory, manifestFileName), join(directory, manifestFileName));
  }

  async close(): Promise<void> {
    await this.environment.close();
    if (this.temporary !== undefined) rmSync(this.temporary, { recursive: true, force: true });
  }
}
