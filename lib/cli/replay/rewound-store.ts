import { resolve } from 'node:path';
import { openCheckpoint } from '../../lmdb/open-checkpoint.ts';
import type { CheckpointFactory } from '../../batch/checkpoint.ts';
import type { CheckpointMoment, CommittedVersion } from '../../store/checkpoint-view.ts';
import { raise } from '../../kernel/errors.ts';

/** The version that a batch was committed with, when the state before it is there, too. */
export function replayableVersion({ versions }: CheckpointMoment, batch: number): CommittedVersion {
  const found = versions.find(({ record, plans }) => [record, ...plans].some(({ batchTime }) => batchTime === batch));
  const first = versions.find(
    ({ record }) => record.version === 1 || versions.some((other) => other.record.version === record.version - 1),
  );
  const hint =
    first === undefined
      ? 'Only one version is retained: millrace.checkpoint.retainVersions keeps more from now on.'
      : `Batches ${first.record.batchTime} to ${versions.at(-1)?.record.batchTime} can.`;
  if (found === undefined)
    return raise('CLI_REPLAY_BATCH', { batch, reason: 'it is not among those that are retained', hint });
  const { version } = found.record;
  if (version > 1 && !versions.some(({ record }) => record.version === version - 1)) {
    raise('CLI_REPLAY_BATCH', { batch, reason: 'the state before it is not retained any more', hint });
  }
  return found;
}

/** Opens a copy of a checkpoint, wound back to a version: the batches behind it are pending again. */
export function rewound(directory: string, copy: string, version: number): CheckpointFactory {
  return async (wanted, options) => {
    if (resolve(wanted) !== resolve(directory)) {
      const hint = `It uses ${wanted}. Name that directory, or the program of this one.`;
      raise('CLI_REPLAY_PROGRAM', { path: 'that was given', directory, hint });
    }
    const store = await openCheckpoint(copy, options);
    store.rollbackTo(version);
    return store;
  };
}
