import { raise } from '../../kernel/errors.ts';
import type { CommitRecord } from '../../store/state-store.ts';
import type { OperatorRecord, QueryRecord } from '../query/checkpoint-match.ts';
import type { StateRequest } from './state-options.ts';
import type { StateMoment } from './state-view.ts';

/** The steps that a checkpoint has state of, in Spark's order: from the sink to the sources. */
export function operatorsOf({ program }: StateMoment): readonly OperatorRecord[] {
  return (program?.meta?.['query'] as QueryRecord | undefined)?.operators ?? [];
}

/** The step that is asked for, by its number or by our id. */
export function findOperator(moment: StateMoment, { operatorId, directory }: StateRequest): OperatorRecord {
  const operators = operatorsOf(moment);
  const found = /^\d+$/u.test(operatorId)
    ? operators[Number(operatorId)]
    : operators.find(({ id }) => id === operatorId);
  if (found !== undefined) return found;
  const known = operators.map(({ id, name }, i) => `${i} (${id}, ${name})`).join(', ');
  return raise('STDS_FAILED_TO_READ_STATE_SCHEMA', {
    what: `the checkpoint ${directory} has no step ${operatorId} with state`,
    mend:
      known === ''
        ? 'Its query keeps no state, or it is not the checkpoint of a query: millrace state ls shows those of stream programs'
        : `There are ${known}`,
  });
}

/** The version that a batch ended; the newest when no batch is named. */
export function findVersion(moment: StateMoment, batchId: number | undefined, directory: string): CommitRecord {
  const { versions } = moment;
  const found = batchId === undefined ? versions.at(-1) : versions.find(({ batchTime }) => batchTime === batchId);
  return found ?? unavailable(versions, batchId, directory);
}

/** The versions of the batches whose changes are asked for. The state before the first of them has to be there, too. */
export function findChanges(
  moment: StateMoment,
  { from, to }: { readonly from: number; readonly to: number | undefined },
  directory: string,
): readonly CommitRecord[] {
  const { versions } = moment;
  const last = findVersion(moment, to, directory);
  const chosen = versions.filter(({ batchTime }) => batchTime >= from && batchTime <= last.batchTime);
  const [first] = chosen;
  if (first === undefined || first.batchTime > from) return unavailable(versions, from, directory);
  const isComplete = first.version === 1 || versions.some(({ version }) => version === first.version - 1);
  return isComplete ? chosen : unavailable(versions.slice(1), from, directory);
}

function unavailable(versions: readonly CommitRecord[], batchId: number | undefined, directory: string): never {
  const [first, last] = [versions[0]?.batchTime, versions.at(-1)?.batchTime];
  raise('STDS_COMMITTED_BATCH_UNAVAILABLE', {
    batch: batchId === undefined ? 'batch' : `batch ${batchId}`,
    checkpointLocation: directory,
    mend:
      first === undefined
        ? 'Run the query until it has committed a batch'
        : `The batches that can be read are ${first} to ${last}; spark.sql.streaming.minBatchesToRetain keeps more`,
  });
}
