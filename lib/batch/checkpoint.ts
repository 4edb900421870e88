import type { Clock } from '../kernel/clock.ts';
import { raise } from '../kernel/errors.ts';
import type { OperatorSignature, ProgramRecord, StateStore } from '../store/state-store.ts';

export interface CheckpointOptions {
  /** Another application's directory is refused. */
  readonly appName: string;
  readonly clock: Clock;
  /** Versions that stay readable, the newest included. */
  readonly retainVersions?: number;
  /** Told to people: a stale lock that was taken over, little space left. */
  warn(text: string): void;
}

export type CheckpointFactory = (directory: string, options: CheckpointOptions) => Promise<StateStore>;

let registered: CheckpointFactory | undefined;

/** Makes durable stores available. Done once, where the package is wired together; engines know only `StateStore`. */
export function registerCheckpointFactory(factory: CheckpointFactory): void {
  registered = factory;
}

/** Opens the store in a directory, or makes one there. Rejects with a code when it is locked, damaged or another program's. */
export async function openCheckpoint(directory: string, options: CheckpointOptions): Promise<StateStore> {
  if (registered === undefined) raise('INTERNAL_INVARIANT', { what: 'no checkpoint store is registered' });
  return await registered(directory, options);
}

export interface MatchOptions {
  /** Drops the state of operators that the program no longer has, in place of refusing. */
  readonly dropMissing?: boolean;
}

/**
 * Compares the program with the one that made the store, and records it. Returns the program with the zero time that holds: the
 * given one in a new store, else that of the first start.
 *
 * Refused: another application, another batch interval, state of an operator that the program does not have (unless it may be
 * dropped), an operator with another number of partitions. An operator that is new begins with empty state.
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
  const missing = store.operators.filter((id) => program.operators.every((operator) => operator.id !== id));
  if (missing.length > 0) {
    if (options.dropMissing !== true) {
      raise('CHECKPOINT_OPERATOR_MISMATCH', {
        missing: missing.join(', '),
        stored: listed(store.operators),
        given: listed(program.operators.map(({ id }) => id)),
      });
    }
    for (const operator of missing) store.dropOperator(operator);
  }
  for (const operator of program.operators) assertSamePartitions(operator, known.operators, store.operators);
  const merged = { ...program, zeroTime: known.zeroTime };
  store.describe(merged);
  return merged;
}

function assertSamePartitions(
  given: OperatorSignature,
  stored: readonly OperatorSignature[],
  withState: readonly string[],
): void {
  const before = stored.find(({ id }) => id === given.id);
  if (before === undefined || before.partitions === given.partitions || !withState.includes(given.id)) return;
  raise('CHECKPOINT_PARTITIONS', { operator: given.id, stored: before.partitions, given: given.partitions });
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? 'none' : ids.join(', ');
}
