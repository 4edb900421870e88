import { raise } from '../kernel/errors.ts';
import type { DataFrame } from './data-frame.ts';
import type { GroupedData } from './grouped-data.ts';
import type { GroupState } from './operators/group-state.ts';
import type { RowObject } from './operators/row-objects.ts';
import type { GroupStateProgram, StatefulProgram } from './plan/user-programs.ts';
import type { StructType } from './types/data-type.ts';
import { parseSchema } from './types/ddl.ts';

interface GroupStateCall {
  call(key: RowObject, rows: readonly RowObject[], state: GroupState): Iterable<unknown>;
}

/** What `flatMapGroupsWithState` calls for each key; its parameters may be declared more narrowly. */
export type GroupStateFunction = GroupStateCall['call'];

export interface GroupStateOptions {
  /** Columns of the rows that the function yields: DDL text or a schema. */
  readonly outputSchema: string | StructType;
  /** Fields of the state of a key. */
  readonly stateSchema: string | StructType;
  /** `append` or `update`; the query must be started in the same mode. */
  readonly outputMode: string;
  /** `NoTimeout`, `ProcessingTimeTimeout` or `EventTimeTimeout`. */
  readonly timeout: string;
}

export interface StatefulProcessorOptions {
  readonly outputSchema: string | StructType;
  readonly outputMode: string;
  /** `None`, `ProcessingTime` or `EventTime`: by what timers run. */
  readonly timeMode: string;
  /** Static rows by key, given to `handleInitialState` before the first batch. */
  readonly initialState?: DataFrame | GroupedData;
}

/** Checks what `flatMapGroupsWithState` was given. */
export function groupStateProgram(call: GroupStateProgram['call'], options: GroupStateOptions): GroupStateProgram {
  const operator = 'flatMapGroupsWithState';
  if (typeof call !== 'function') wrong(operator, 'the function', call, 'a function (key, rows, state) => rows');
  return {
    call,
    outputSchema: schemaOf(operator, 'outputSchema', options.outputSchema),
    stateSchema: schemaOf(operator, 'stateSchema', options.stateSchema),
    outputMode: oneOf(operator, 'outputMode', options.outputMode, ['append', 'update']),
    timeout: oneOf(operator, 'timeout', options.timeout, ['NoTimeout', 'ProcessingTimeTimeout', 'EventTimeTimeout']),
  };
}

/** Checks what `transformWithState` was given. */
export function statefulProgram(processor: object, options: StatefulProcessorOptions): StatefulProgram {
  const operator = 'transformWithState';
  const methods = processor as Readonly<Record<string, unknown>>;
  if (typeof processor !== 'object' || processor === null || typeof methods['handleInputRows'] !== 'function') {
    wrong(
      operator,
      'the processor',
      processor,
      'an object with init(handle) and handleInputRows(key, rows, timerValues)',
    );
  }
  return {
    processor,
    outputSchema: schemaOf(operator, 'outputSchema', options.outputSchema),
    outputMode: oneOf(operator, 'outputMode', options.outputMode, ['append', 'update', 'complete']),
    timeMode: oneOf(operator, 'timeMode', options.timeMode, ['None', 'ProcessingTime', 'EventTime']),
  };
}

function schemaOf(operator: string, option: string, schema: unknown): StructType {
  if (typeof schema === 'string') return parseSchema(schema);
  if (typeof schema === 'object' && schema !== null && (schema as StructType).kind === 'struct')
    return schema as StructType;
  return wrong(operator, option, schema, "a schema: 'k STRING, n INT'");
}

function oneOf<T extends string>(operator: string, option: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((name) => name.toLowerCase() === String(value).toLowerCase());
  return found ?? wrong(operator, option, value, allowed.join(', '));
}

function wrong(operator: string, option: string, value: unknown, expected: string): never {
  const actual = typeof value === 'string' ? `'${value}'` : value === undefined ? 'nothing' : `a ${typeof value}`;
  return raise('QUERY_STATEFUL_PROGRAM_OPTION', { operator, option, actual, expected });
}
