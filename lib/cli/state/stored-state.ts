import type { CheckpointMoment } from '../../store/checkpoint-view.ts';
import type { TableName } from '../../store/state-store.ts';

/** What a table has for a key, the way the program knows it. */
export interface StoredState {
  readonly value: unknown;
  /** The batch time of the key's last record, where timeouts need it. */
  readonly touchedAt?: number;
}

/** Takes apart what `mapWithState` stores beside the state itself. */
export function storedState(moment: CheckpointMoment, { operator, name }: TableName, stored: unknown): StoredState {
  const kind = moment.program?.operators.find(({ id }) => id === operator)?.kind;
  if (kind !== 'map-with-state' || name !== 'state' || !Array.isArray(stored)) return { value: stored };
  const [value, touchedAt] = stored as [unknown, unknown];
  return typeof touchedAt === 'number' && touchedAt > 0 ? { value, touchedAt } : { value };
}
