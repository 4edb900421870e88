import { raise } from '../../kernel/errors.ts';
import type { OperatorRecord } from '../query/checkpoint-match.ts';
import type { StructType } from '../types/data-type.ts';
import { atomic } from '../types/type-classes.ts';
import { column, keyedRows, type StateLayout, structOfColumns } from './state-layout.ts';
import type { StateRequest } from './state-options.ts';

/** The stores that Spark has for a join; ours are read as if they were these. */
export const joinStores = [
  'left-keyToNumValues',
  'left-keyWithIndexToValue',
  'right-keyToNumValues',
  'right-keyWithIndexToValue',
] as const;

/**
 * The state of a join of two streams. `joinSide`: the rows of a side by key. `storeName`: one of Spark's four stores, the number of
 * rows of each key, or the rows with their place and whether they have matched.
 */
export function joinLayout(record: OperatorRecord, { joinSide, storeName }: StateRequest): StateLayout {
  const store = storeName === undefined ? undefined : joinStores.find((name) => name === storeName);
  if (storeName !== undefined && store === undefined) {
    raise('STDS_INVALID_OPTION_VALUE.WITH_MESSAGE', {
      optionName: 'storeName',
      message: `a join has ${joinStores.join(', ')}`,
    });
  }
  const side = joinSide ?? store?.split('-')[0];
  if (side === undefined) return raise('STDS_REQUIRED_OPTION_UNSPECIFIED', { optionName: 'joinSide' });
  const key: StructType = {
    kind: 'struct',
    fields: structOfColumns(record.keys).fields.map(({ type }, i) => column(`field${i}`, type)),
  };
  const row = sideOf(record, side === 'left');
  const tables = [`${side}-keys`, `${side}-rows`] as const;
  if (store?.endsWith('NumValues') === true) {
    const value: StructType = { kind: 'struct', fields: [column('value', atomic('bigint'))] };
    return {
      columns: [column('key', key), column('value', value)],
      valueColumns: 1,
      *rows(of) {
        for (const [known, rows] of keyedRows(of, ...tables)) yield { identity: known, values: [known, [rows.length]] };
      },
    };
  }
  const hasPlace = store !== undefined;
  const fields = hasPlace ? [...row.fields, column('matched', atomic('boolean'))] : row.fields;
  const keyFields = hasPlace ? [...key.fields, column('index', atomic('bigint'))] : key.fields;
  return {
    columns: [column('key', { kind: 'struct', fields: keyFields }), column('value', { kind: 'struct', fields })],
    valueColumns: 1,
    *rows(of) {
      for (const [known, rows] of keyedRows(of, ...tables)) {
        for (const [i, [values, isMarked]] of rows.entries()) {
          yield {
            identity: [known, i],
            values: hasPlace
              ? [
                  [...known, i],
                  [...values, isMarked],
                ]
              : [known, values],
          };
        }
      }
    },
  };
}

/** The columns of one side; checkpoints of the first versions do not say where the right side begins. */
function sideOf(record: OperatorRecord, isLeft: boolean): StructType {
  if (record.layout?.kind !== 'sides') {
    return raise('STDS_FAILED_TO_READ_STATE_SCHEMA', {
      what: `the step ${record.id} was written by a version that did not record the columns of each side`,
      mend: 'Start the query once with this version: it records them',
    });
  }
  const { leftColumns } = record.layout;
  return structOfColumns(isLeft ? record.values.slice(0, leftColumns) : record.values.slice(leftColumns));
}
