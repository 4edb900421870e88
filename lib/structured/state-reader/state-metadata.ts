import type { OperatorRecord } from '../query/checkpoint-match.ts';
import type { InternalRow, StructField } from '../types/data-type.ts';
import { atomic } from '../types/type-classes.ts';
import { operatorsOf } from './find-state.ts';
import { joinStores } from './join-layout.ts';
import { column } from './state-layout.ts';
import type { StateMoment } from './state-view.ts';

/** The columns of `state-metadata`. */
export const metadataColumns: readonly StructField[] = [
  column('operatorId', atomic('bigint')),
  column('operatorName', atomic('string')),
  column('stateStoreName', atomic('string')),
  column('numPartitions', atomic('int')),
  column('minBatchId', atomic('bigint')),
  column('maxBatchId', atomic('bigint')),
  column('operatorProperties', atomic('string')),
];

/** A row for each store of each step that keeps state, as Spark counts stores. */
export function* metadataRows(moment: StateMoment): Generator<InternalRow> {
  const [first, last] = [moment.versions[0]?.batchTime ?? null, moment.versions.at(-1)?.batchTime ?? null];
  const signatures = moment.program?.operators ?? [];
  for (const [i, record] of operatorsOf(moment).entries()) {
    const partitions = signatures.find(({ id }) => id === record.id)?.partitions ?? 1;
    const stores = record.name === 'symmetricHashJoin' ? joinStores : ['default'];
    for (const store of stores) {
      yield [i, record.name, store, partitions, first, last, propertiesOf(record)];
    }
  }
}

const kinds = { value: 'ValueState', list: 'ListState', map: 'MapState' } as const;

function propertiesOf({ layout }: OperatorRecord): string | null {
  if (layout?.kind !== 'processor') return null;
  const { timeMode, outputMode, variables } = layout;
  return JSON.stringify({
    timeMode: timeMode === 'None' ? 'NoTime' : timeMode,
    outputMode: outputMode.charAt(0).toUpperCase() + outputMode.slice(1),
    stateVariables: variables.map(({ name, kind, hasTtl }) => ({
      stateName: name,
      stateVariableType: kinds[kind],
      ttlEnabled: hasTtl,
    })),
  });
}
