import { accessSync, constants, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { raise } from '../kernel/errors.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import type { BatchPlan, CommitRecord, ProgramRecord, ReadonlyMapLike, TableName } from '../store/state-store.ts';
import { reasonOf } from './access.ts';
import { readOperators, readPlans, readProgram, readTableAt, readTablesAt } from './checkpoint-reader.ts';
import { dataFileName, Environment } from './environment.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { checkFiles } from './open-checkpoint.ts';
import { readVersions } from './table-log.ts';

/**
 * A checkpoint as it is now, for people and tools; the program that owns it may be running. Each call reads one consistent moment,
 * which may be later than that of the call before. A version that was retained a moment ago may be gone.
 */
export interface CheckpointView {
  readonly manifest: Manifest;
  readonly program: ProgramRecord | undefined;
  readonly lastCommitted: CommitRecord | undefined;
  readonly versions: readonly CommitRecord[];
  readonly pendingPlans: readonly BatchPlan[];
  readonly operators: readonly OperatorId[];
  tablesAt(version: number): readonly TableName[];
  tableAt<K, V>(version: number, operator: OperatorId, name: string, partition?: number): ReadonlyMapLike<K, V>;
  close(): Promise<void>;
}

/** Opens a checkpoint for reading, beside the program that owns it or without it. Takes no lock and writes nothing but LMDB's list of readers. */
export function openReadOnly(directory: string): CheckpointView {
  const path = resolve(directory);
  if (!existsSync(path)) raise('CHECKPOINT_NOT_FOUND', { directory: path });
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
  return new ReadOnlyCheckpoint(new Environment(path, { readOnly: true }), manifest);
}

class ReadOnlyCheckpoint implements CheckpointView {
  readonly manifest: Manifest;
  private readonly environment: Environment;

  constructor(environment: Environment, manifest: Manifest) {
    this.environment = environment;
    this.manifest = manifest;
  }

  get program(): ProgramRecord | undefined {
    return this.environment.snapshot(readProgram);
  }

  get lastCommitted(): CommitRecord | undefined {
    return this.versions.at(-1);
  }

  get versions(): readonly CommitRecord[] {
    return this.environment.snapshot(readVersions).map(({ record }) => record);
  }

  get pendingPlans(): readonly BatchPlan[] {
    return this.environment.snapshot(readPlans);
  }

  get operators(): readonly OperatorId[] {
    return this.environment.snapshot(readOperators);
  }

  tablesAt(version: number): readonly TableName[] {
    return this.environment.snapshot((reading) => readTablesAt(reading, version));
  }

  tableAt<K, V>(version: number, operator: OperatorId, name: string, partition = 0): ReadonlyMapLike<K, V> {
    return this.environment.snapshot((reading) =>
      readTableAt(reading, version, { operator, name, partition }, (what) => this.environment.damaged(what)),
    );
  }

  async close(): Promise<void> {
    await this.environment.close();
  }
}
