import { storedQuery } from '../../structured/query/checkpoint-match.ts';
import type { StateStore } from '../../store/state-store.ts';
import type { InternalValue } from '../../structured/types/data-type.ts';
import { toExternal } from '../../structured/types/conversion.ts';
import { parseType } from '../../structured/types/ddl.ts';
import { jsonValue } from '../state/value-text.ts';

/** How the keys and values of an operator are shown. */
export interface StateColumns {
  readonly keyNames: readonly string[];
  readonly valueNames: readonly string[];
  key(stored: unknown): unknown;
  value(stored: unknown): unknown;
}

/** The state of DStreams is values of the program; that of queries has columns, whose names and types the checkpoint knows. */
export function columnsOf(store: StateStore, operator: string): StateColumns {
  const known = storedQuery(store)?.operators.find(({ id }) => id === operator);
  if (known === undefined) return { keyNames: [], valueNames: [], key: jsonValue, value: jsonValue };
  const shows = known.keys.map(({ type }) => showOf(type));
  return {
    keyNames: known.keys.map(({ name }) => name),
    valueNames: known.values.map(({ name }) => name),
    key: (stored) =>
      Array.isArray(stored)
        ? Object.fromEntries(stored.map((value, i) => [known.keys[i]?.name ?? String(i), shows[i]?.(value) ?? null]))
        : jsonValue(stored),
    value: jsonValue,
  };
}

/**
 * The windows of an entry of an operator's table, as start and end in microseconds; undefined for operators without windows. An aggregate
 * has them among its keys, sessions have them among their values.
 */
export function windowOf(
  store: StateStore,
  operator: string,
  table: string,
):
  | ((key: unknown, value: unknown) => readonly (readonly [start: bigint | number, end: bigint | number])[])
  | undefined {
  const known = storedQuery(store)?.operators.find(({ id }) => id === operator);
  if (known === undefined) return undefined;
  if (table === 'sessions')
    return (_, sessions) => (sessions as [number, number][]).map(([start, end]) => [start, end]);
  const at = known.keys.findIndex(({ type }) => type === 'struct<start:timestamp,end:timestamp>');
  if (at === -1 || table !== 'rows') return undefined;
  return (key) => {
    const window = (key as readonly unknown[])[at] as readonly [number, number] | null;
    return window === null ? [] : [window];
  };
}

function showOf(type: string): (value: unknown) => unknown {
  const show = toExternal(parseType(type));
  return (value) => jsonValue(show(value as InternalValue));
}
