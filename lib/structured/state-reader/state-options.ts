import type { TextOptions } from '../../io/text-options.ts';
import { raise } from '../../kernel/errors.ts';

/** What is asked of a checkpoint, by Spark's options of `statestore`. */
export interface StateRequest {
  readonly directory: string;
  /** The newest when undefined. */
  readonly batchId: number | undefined;
  /** A number, in Spark's order, or our own id of the step. */
  readonly operatorId: string;
  readonly storeName: string | undefined;
  readonly joinSide: 'left' | 'right' | undefined;
  readonly stateVarName: string | undefined;
  readonly isFlattened: boolean;
  readonly readsTimers: boolean;
  /** The batches whose changes are read, both included. */
  readonly changes: { readonly from: number; readonly to: number | undefined } | undefined;
  /** Only this partition. */
  readonly partition: number | undefined;
}

export function parseStateOptions(options: TextOptions): StateRequest {
  const directory = directoryOf(options);
  const readsChanges = flag(options, 'readChangeFeed', false);
  const readsTimers = flag(options, 'readRegisteredTimers', false);
  const joinSide = sideOf(options.get('joinSide'));
  const [stateVarName, storeName] = [options.get('stateVarName'), options.get('storeName')];
  const snapshot = whole(options, 'snapshotStartBatchId');
  const partition = whole(options, 'snapshotPartitionId');
  const given = (name: string): boolean => options.get(name) !== undefined;
  conflict(joinSide !== undefined && storeName !== undefined, 'joinSide', 'storeName');
  conflict(joinSide !== undefined && stateVarName !== undefined, 'joinSide', 'stateVarName');
  conflict(storeName !== undefined && stateVarName !== undefined, 'storeName', 'stateVarName');
  conflict(joinSide !== undefined && readsChanges, 'joinSide', 'readChangeFeed');
  conflict(readsTimers && stateVarName !== undefined, 'readRegisteredTimers', 'stateVarName');
  conflict(given('batchId') && readsChanges, 'batchId', 'readChangeFeed');
  conflict(snapshot !== undefined && readsChanges, 'snapshotStartBatchId', 'readChangeFeed');
  if (snapshot !== undefined && partition === undefined) missing('snapshotPartitionId');
  if (partition !== undefined && snapshot === undefined) missing('snapshotStartBatchId');
  const batchId = whole(options, 'batchId');
  if (snapshot !== undefined && batchId !== undefined && snapshot > batchId) {
    invalid('snapshotStartBatchId', 'it cannot be greater than batchId');
  }
  return {
    directory,
    batchId,
    operatorId: options.get('operatorId') ?? '0',
    storeName: storeName === 'default' ? undefined : storeName,
    joinSide,
    stateVarName,
    isFlattened: flag(options, 'flattenCollectionTypes', true),
    readsTimers,
    changes: readsChanges ? changesOf(options) : noChanges(options),
    partition,
  };
}

/** The checkpoint that is read: the path of `load`. */
export function directoryOf(options: TextOptions): string {
  const path = options.get('path') ?? missing('path');
  return path.replace(/^file:(?:\/\/)?(?=\/)/u, '').replace(/(?<=.)\/+$/u, '');
}

function changesOf(options: TextOptions): StateRequest['changes'] {
  const from = whole(options, 'changeStartBatchId') ?? missing('changeStartBatchId');
  const to = whole(options, 'changeEndBatchId');
  if (to !== undefined && to < from) invalid('changeEndBatchId', 'it cannot be smaller than changeStartBatchId');
  return { from, to };
}

function noChanges(options: TextOptions): undefined {
  for (const name of ['changeStartBatchId', 'changeEndBatchId']) {
    if (options.get(name) !== undefined) invalid(name, 'it goes with readChangeFeed set to true');
  }
}

function sideOf(text: string | undefined): StateRequest['joinSide'] {
  const side = text?.toLowerCase();
  if (side === undefined || side === 'none') return undefined;
  if (side === 'left' || side === 'right') return side;
  return invalid('joinSide', `it is left, right or none, not ${text}`);
}

function whole(options: TextOptions, name: string): number | undefined {
  const text = options.get(name)?.trim();
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value)) return invalid(name, `it is a whole number, not ${text}`);
  if (value < 0) raise('STDS_INVALID_OPTION_VALUE.IS_NEGATIVE', { optionName: name });
  return value;
}

function flag(options: TextOptions, name: string, otherwise: boolean): boolean {
  const text = options.get(name)?.toLowerCase();
  if (text === undefined) return otherwise;
  return text === 'true' || text === 'false' ? text === 'true' : invalid(name, `it is true or false, not ${text}`);
}

function conflict(isThere: boolean, first: string, second: string): void {
  if (isThere) raise('STDS_CONFLICT_OPTIONS', { options: `${first} and ${second}` });
}

function missing(optionName: string): never {
  raise('STDS_REQUIRED_OPTION_UNSPECIFIED', { optionName });
}

function invalid(optionName: string, message: string): never {
  raise('STDS_INVALID_OPTION_VALUE.WITH_MESSAGE', { optionName, message });
}
