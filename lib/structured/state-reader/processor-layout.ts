import { raise } from '../../kernel/errors.ts';
import { KeyMap } from '../../kernel/key-map.ts';
import type { ProcessorVariable } from '../operators/physical-operator.ts';
import type { OperatorRecord } from '../query/checkpoint-match.ts';
import type { InternalRow, InternalValue, StructField, StructType } from '../types/data-type.ts';
import { parseType } from '../types/ddl.ts';
import { arrayType, atomic } from '../types/type-classes.ts';
import { column, keyedRows, type StateLayout, type StateRow, structOfColumns } from './state-layout.ts';
import type { StateRequest } from './state-options.ts';

/** A stored value with when it expires; null for never. */
type Stored = readonly [row: InternalRow, expiryMs: number | null];

/** The state of `transformWithState`: one of its variables (`stateVarName`), or its timers (`readRegisteredTimers`). */
export function processorLayout(record: OperatorRecord, request: StateRequest): StateLayout {
  const key = structOfColumns(record.keys);
  if (request.readsTimers) {
    if (record.layout?.kind === 'processor' && record.layout.timeMode.toLowerCase() === 'none') {
      raise('STDS_INVALID_OPTION_VALUE.WITH_MESSAGE', {
        optionName: 'readRegisteredTimers',
        message: `the step ${record.id} was declared with timeMode None: it has no timers`,
      });
    }
    return timers(key);
  }
  const variables = record.layout?.kind === 'processor' ? record.layout.variables : [];
  const { stateVarName } = request;
  if (stateVarName === undefined) return raise('STDS_REQUIRED_OPTION_UNSPECIFIED', { optionName: 'stateVarName' });
  const variable = variables.find(({ name }) => name === stateVarName);
  if (variable === undefined) {
    const known = variables.map(({ name }) => name).join(', ') || 'none that this version has recorded';
    return raise('STDS_INVALID_OPTION_VALUE.WITH_MESSAGE', {
      optionName: 'stateVarName',
      message: `there is no variable ${stateVarName}; there are ${known}`,
    });
  }
  return makers[variable.kind](key, variable, request.isFlattened);
}

type MakeLayout = (key: StructType, variable: ProcessorVariable, isFlattened: boolean) => StateLayout;

const makers: Readonly<Record<ProcessorVariable['kind'], MakeLayout>> = {
  value(key, variable) {
    const { type, show } = valueOf(variable);
    return {
      columns: [column('key', key), column('value', type)],
      valueColumns: 1,
      *rows(tables) {
        for (const [known, stored] of tables<InternalRow, Stored>(`value:${variable.name}`).entries()) {
          yield { identity: known, values: [known, show(stored)] };
        }
      },
    };
  },

  list(key, variable, isFlattened) {
    const { type, show } = valueOf(variable);
    const shown = isFlattened ? column('list_element', type) : column('list_value', arrayType(type));
    return {
      columns: [column('key', key), shown],
      valueColumns: 1,
      added: 'append',
      *rows(tables) {
        const { name } = variable;
        for (const [known, rows] of keyedRows(tables, `list:${name}`, `list-items:${name}`)) {
          const elements = rows.map(([stored]) => show(stored as unknown as Stored));
          if (!isFlattened) yield { identity: known, values: [known, elements] };
          else for (const [i, element] of elements.entries()) yield { identity: [known, i], values: [known, element] };
        }
      },
    };
  },

  map(key, variable, isFlattened) {
    const { type, show } = valueOf(variable);
    const mapKey = parseType(variable.keyType ?? 'struct<>');
    const entriesOf: StateLayout['rows'] = function* rows(tables): Generator<StateRow> {
      const entries = tables<readonly [InternalRow, InternalRow], Stored>(`map:${variable.name}`);
      for (const [[known, own], stored] of entries.entries()) {
        yield { identity: [known, own], values: [known, own, show(stored)] };
      }
    };
    if (isFlattened) {
      return {
        columns: [column('key', key), column('user_map_key', mapKey), column('user_map_value', type)],
        valueColumns: 1,
        rows: entriesOf,
      };
    }
    return {
      columns: [
        column('key', key),
        column('map_value', { kind: 'map', key: mapKey, value: type, valueContainsNull: true }),
      ],
      valueColumns: 1,
      *rows(tables) {
        const maps = new KeyMap<InternalRow, { readonly keys: InternalValue[]; readonly values: InternalValue[] }>();
        for (const { values } of entriesOf(tables)) {
          const [known, own = null, value = null] = values;
          const map = maps.get(known as InternalRow) ?? { keys: [], values: [] };
          map.keys.push(own);
          map.values.push(value);
          maps.set(known as InternalRow, map);
        }
        for (const [known, map] of maps) yield { identity: known, values: [known, map] };
      },
    };
  },
};

/** A value as Spark shows it: with its expiry beside it when it has a time to live. */
function valueOf({ valueType, hasTtl }: ProcessorVariable): {
  readonly type: StructField['type'];
  readonly show: (stored: Stored) => InternalValue;
} {
  const type = parseType(valueType);
  if (!hasTtl) return { type, show: ([row]) => row };
  const fields = [column('value', type), column('ttlExpirationMs', atomic('bigint'))];
  return { type: { kind: 'struct', fields }, show: ([row, expiryMs]) => [row, expiryMs] };
}

function timers(key: StructType): StateLayout {
  return {
    columns: [column('key', key), column('expiration_timestamp_ms', atomic('bigint'))],
    valueColumns: 0,
    *rows(tables) {
      for (const [timer] of tables<readonly [InternalRow, number], true>('timers').entries()) {
        yield { identity: timer, values: timer };
      }
    },
  };
}
