import { raise } from '../../kernel/errors.ts';
import type { OperatorRecord } from '../query/checkpoint-match.ts';
import type { InternalRow, InternalValue, Long, StructType } from '../types/data-type.ts';
import { atomic } from '../types/type-classes.ts';
import { joinLayout } from './join-layout.ts';
import { processorLayout } from './processor-layout.ts';
import { bufferOf, column, keyAndValue, type StateLayout, structOfColumns } from './state-layout.ts';
import type { StateRequest } from './state-options.ts';

type MakeLayout = (record: OperatorRecord, request: StateRequest) => StateLayout;

/** How the state of each kind of step is shown, by Spark's name of the step. */
const layouts: Readonly<Record<string, MakeLayout>> = {
  stateStoreSave: (record) => {
    const { fields, values } = bufferOf(record);
    const types = [keyOf(record), { kind: 'struct', fields }] as const;
    return keyAndValue('rows', types, values);
  },
  sessionWindowStateStoreSaveExec: sessions,
  dedupe: (record) => {
    const value: StructType = { kind: 'struct', fields: [column('__dummy__', atomic('void'))] };
    return keyAndValue('seen', [keyOf(record), value], () => [null]);
  },
  dedupeWithinWatermark: (record) => {
    const value: StructType = { kind: 'struct', fields: [column('expiresAtMicros', atomic('bigint'))] };
    return keyAndValue('seen', [keyOf(record), value], (expiresAt: Long | null) => [expiresAt]);
  },
  globalLimit: () => {
    const types = (['void', 'bigint'] as const).map((kind, i): StructType => ({
      kind: 'struct',
      fields: [column(i === 0 ? 'key' : 'value', atomic(kind))],
    })) as [StructType, StructType];
    const layout = keyAndValue('given', types, (rows: number) => [rows]);
    return {
      ...layout,
      *rows(tables) {
        for (const { identity, values } of layout.rows(tables)) yield { identity, values: [[null], values[1] ?? null] };
      },
    };
  },
  flatMapGroupsWithState: (record) => {
    const hasTimeout = record.layout?.kind === 'groupState' && record.layout.hasTimeout;
    const state = column('groupState', structOfColumns(record.values));
    const fields = hasTimeout ? [state, column('timeoutTimestamp', atomic('bigint'))] : [state];
    return keyAndValue(
      'state',
      [keyOf(record), { kind: 'struct', fields }],
      ([groupState, timeoutMs]: readonly [InternalRow | null, number | null]) =>
        hasTimeout ? [groupState, timeoutMs ?? -1] : [groupState],
    );
  },
  symmetricHashJoin: joinLayout,
  transformWithStateExec: processorLayout,
};

/** The layout of a step's state, for what is asked of it. */
export function layoutOf(record: OperatorRecord, request: StateRequest): StateLayout {
  const make = layouts[record.name];
  if (make === undefined) raise('INTERNAL_INVARIANT', { what: `there is no layout for the state of ${record.name}` });
  const { joinSide, storeName, stateVarName, readsTimers } = request;
  const isJoin = record.name === 'symmetricHashJoin';
  const isProcessor = record.name === 'transformWithStateExec';
  const misplaced =
    (joinSide !== undefined && !isJoin && 'joinSide') ||
    (storeName !== undefined && !isJoin && 'storeName') ||
    (stateVarName !== undefined && !isProcessor && 'stateVarName') ||
    (readsTimers && !isProcessor && 'readRegisteredTimers');
  if (misplaced !== false) {
    raise('STDS_INVALID_OPTION_VALUE.WITH_MESSAGE', {
      optionName: misplaced,
      message: `the step ${record.id} is ${record.name}, which has no such state`,
    });
  }
  return make(record, request);
}

function keyOf(record: OperatorRecord): StructType {
  return structOfColumns(record.keys);
}

type StoredSession = readonly [start: Long, end: Long, buffer: InternalRow];

/** A row for each session: Spark keys them by the other keys and the start, and repeats both in the value. */
function sessions(record: OperatorRecord): StateLayout {
  const { fields, values } = bufferOf(record);
  const keys = keyOf(record).fields;
  const times = ['start', 'end'].map((name) => column(name, atomic('timestamp')));
  const window = column(record.values[0]?.name ?? 'session_window', { kind: 'struct', fields: times });
  return {
    columns: [
      column('key', { kind: 'struct', fields: [...keys, column('sessionStartTime', atomic('timestamp'))] }),
      column('value', { kind: 'struct', fields: [window, ...keys, ...fields] }),
    ],
    valueColumns: 1,
    *rows(tables) {
      for (const [key, held] of tables<InternalRow, readonly StoredSession[]>('sessions').entries()) {
        for (const [start, end, buffer] of held) {
          const session: InternalValue = [start, end];
          yield {
            identity: [key, start],
            values: [
              [...key, start],
              [session, ...key, ...values(buffer)],
            ],
          };
        }
      }
    },
  };
}
