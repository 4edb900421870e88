import type { StructType } from '../types/data-type.ts';

export type OutputMode = 'append' | 'update' | 'complete';

/** `flatMapGroupsWithState` as it was written; names checked, schemas parsed. */
export interface GroupStateProgram {
  readonly call: (key: unknown, rows: readonly unknown[], state: unknown) => Iterable<unknown>;
  readonly outputSchema: StructType;
  readonly stateSchema: StructType;
  readonly outputMode: Exclude<OutputMode, 'complete'>;
  readonly timeout: 'NoTimeout' | 'ProcessingTimeTimeout' | 'EventTimeTimeout';
}

/** `transformWithState` as it was written. */
export interface StatefulProgram {
  /** The user's processor: `init`, `handleInputRows`, `handleExpiredTimer`, `handleInitialState`, `close`. */
  readonly processor: object;
  readonly outputSchema: StructType;
  readonly outputMode: Exclude<OutputMode, 'complete'> | 'complete';
  readonly timeMode: 'None' | 'ProcessingTime' | 'EventTime';
}
