import type { Clock } from '../kernel/clock.ts';
import { raise } from '../kernel/errors.ts';
import type { CheckpointReader } from '../store/checkpoint-view.ts';
import type { StateStoreKind } from '../store/state-store-kind.ts';
import type { OperatorSignature, ProgramRecord, StateStore } from '../store/state-store.ts';
import { changeOf, describeChange } from './program-change.ts';

export interface CheckpointOptions {
  /** Another application's directory is refused. */
  readonly appName: string;
  readonly clock: Clock;
  /** Versions that stay readable, the newest included. */
  readonly retainVersions?: number;
  readonly stateStore?: StateStoreKind;
  /** Memory for keys and values of state that is kept as rows. */
  readonly cacheBytes?: number;
  /** Told to people: a stale lock that was taken over, little space left. */
  warn(text: string): void;
}

/** Opens stores. One that keeps them in memory can also show one that is there, for readers of its state. */
export interface CheckpointFactory {
  (directory: string, options: CheckpointOptions): Promise<StateStore>;
  readonly peek?: (directory: string) => StateStore | undefined;
}

/** Opens a checkpoint for reading, at once, beside the program that owns it or without it. */
export type OpenCheckpointReader = (directory: string) => CheckpointReader;

let registered: CheckpointFactory | undefined;

/** Makes durable stores available. Done once, where the package is wired together; engines know only `StateStore`. */
export function registerCheckpointFactory(factory: CheckpointFactory): void {
  registered = factory;
}

let registeredReader: OpenCheckpointReader | undefined;

/** Makes durable stores readable from outside. Done once, where the package is wired together. */
export function registerCheckpointReader(open: OpenCheckpointReader): void {
  registeredReader = open;
}

/** Opens a durable store for reading; refused with a code where there is none. */
export function openCheckpointReader(directory: string): CheckpointReader {
  if (registeredReader === undefined) raise('INTERNAL_INVARIANT', { what: 'no reader of checkpoints is registered' });
  return registeredReader(directory);
}

/** Opens the store in a directory, or makes one there. Rejects with a code when it is locked, damaged or another program's. */
export async function openCheckpoint(directory: string, options: CheckpointOptions): Promise<StateStore> {
  if (registered === undefined) raise('INTERNAL_INVARIANT', { what: 'no checkpoint store is registered' });
  return await registered(directory, options);
}

export interface MatchOptions {
  /** Accepts that state of steps which the program no longer has will be dropped. */
  readonly dropMissing?: boolean;
  /** Lets steps that the checkpoint does not know begin empty, in place of refusing. */
  readonly allowNew?: boolean;
}

/**
 * Compares the program with the one that made the store, and records it. Returns the program with the zero time that holds: the
 * given one in a new store, else that of the first start.
 *
 * Refused: another application, another batch interval, a step of another kind or number of partitions, and inputs or steps with state
 * that only one side has, unless the options accept them. A step that is new begins with empty state, an input where it starts
 * without a checkpoint (or where it was, when it was there before): unasked, nobody would notice that a step was only renamed.
 */
export function matchProgram(store: StateStore, program: ProgramRecord, options: MatchOptions = {}): ProgramRecord {
  const known = store.program;
  if (known === undefined) {
    store.describe(program);
    return program;
  }
  if (known.appName !== program.appName) {
    raise('CHECKPOINT_OTHER_PROGRAM', { stored: known.appName, given: program.appName });
  }
  if (known.batchIntervalMs !== program.batchIntervalMs) {
    raise('CHECKPOINT_BATCH_INTERVAL', { stored: known.batchIntervalMs, given: program.batchIntervalMs });
  }
  const change = changeOf(store, known, program);
  const isAccepted =
    (change.missing.length === 0 || options.dropMissing === true) &&
    (change.added.length === 0 || options.allowNew === true);
  if (!isAccepted) raise('CHECKPOINT_OPERATOR_MISMATCH', describeChange(change));
  for (const operator of program.operators) assertSameState(operator, known.operators, store.operators);
  const lastBatchTime = store.lastCommitted?.batchTime;
  const operators = program.operators.map((operator) => {
    const stored = known.operators.find(({ id }) => id === operator.id);
    const since = stored === undefined ? lastBatchTime : stored.since;
    return since === undefined ? operator : { ...operator, since };
  });
  const merged = { ...program, operators, zeroTime: known.zeroTime };
  store.describe(merged);
  return merged;
}

/**
 * Drops, with the next commit, the state of steps that the program does not have. Called after `recover`, with a program that
 * `matchProgram` has let through; what a crash has kept from being dropped is dropped then.
 */
export function dropUnused(store: StateStore, program: ProgramRecord): void {
  const used = new Set([...program.operators, ...(program.inputs ?? [])].map(({ id }) => id));
  for (const id of store.operators) if (!used.has(id)) store.dropOperator(id);
}

function assertSameState(
  given: OperatorSignature,
  stored: readonly OperatorSignature[],
  withState: readonly string[],
): void {
  const before = stored.find(({ id }) => id === given.id);
  if (before === undefined || !withState.includes(given.id)) return;
  // What one kind of step has stored another one would misread.
  if (before.kind !== undefined && given.kind !== undefined && before.kind !== given.kind) {
    raise('CHECKPOINT_STEP_KIND', { operator: given.id, stored: before.kind, given: given.kind });
  }
  if (before.partitions !== given.partitions) {
    raise('CHECKPOINT_PARTITIONS', { operator: given.id, stored: before.partitions, given: given.partitions });
  }
}
