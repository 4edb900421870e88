import { raise } from '../../kernel/errors.ts';
import type { StateStore } from '../../store/state-store.ts';
import type { CompiledQuery } from '../operators/compiled-query.ts';
import type { OutputMode } from '../plan/user-programs.ts';
import type { StateColumn, StateWindows, StoredLayout } from '../operators/physical-operator.ts';

/** What a checkpoint knows of its query. */
export interface QueryRecord {
  readonly queryId: string;
  /** Descriptions of the streaming sources, in the order of the plan. */
  readonly sources: readonly string[];
  readonly operators: readonly OperatorRecord[];
  /** Checkpoints of the first versions have neither: they are of the last start. */
  readonly mode?: OutputMode;
  readonly watermarks?: readonly WatermarkRecord[];
}

/** A `withWatermark` of the query. */
export interface WatermarkRecord {
  readonly column: string;
  readonly delayMs: number;
  /** Names of the sources below it, as ranges are recorded under. */
  readonly sources: readonly string[];
}

/** A step with state, as the checkpoint remembers it. */
export interface OperatorRecord {
  readonly id: string;
  readonly name: string;
  readonly keys: readonly StateColumn[];
  readonly values: readonly StateColumn[];
  /** Checkpoints of the first versions do not have it. */
  readonly layout?: StoredLayout;
  readonly windows?: StateWindows;
  readonly lagUs?: number;
}

/** The record in a store; undefined in a new one. */
export function storedQuery(store: StateStore): QueryRecord | undefined {
  return store.program?.meta?.['query'] as QueryRecord | undefined;
}

/**
 * Compares the query with the one that made the checkpoint and records it.
 *
 * Goes on: other names of columns, another filter or projection, another delay of the watermark, another output mode. Refused, with the
 * operator and both sides: another number of sources, other operators that keep state, other types of their keys or values.
 */
export function matchQuery(store: StateStore, query: QueryRecord, appName: string): void {
  const known = storedQuery(store);
  if (known !== undefined) compare(known, query);
  store.describe({
    appName,
    batchIntervalMs: 0,
    zeroTime: 0,
    operators: query.operators.map(({ id, name }) => ({ id, partitions: 1, kind: name })),
    meta: { query },
  });
}

export function describeOperators(compiled: CompiledQuery): readonly OperatorRecord[] {
  return compiled.stateful.map(({ id, name, shape }) => ({ id, name, ...shape }));
}

/** Whether these are the steps that keep the state of a checkpoint. */
export function matchesOperators(known: readonly OperatorRecord[], given: readonly OperatorRecord[]): boolean {
  return (
    known.length === given.length &&
    known.every(({ id, name, keys }, i) => {
      const now = given[i] as OperatorRecord;
      return id === now.id && name === now.name && types(keys) === types(now.keys);
    })
  );
}

function compare(known: QueryRecord, given: QueryRecord): void {
  if (known.sources.length !== given.sources.length) {
    raise('QUERY_SOURCES_CHANGED', { stored: listed(known.sources), given: listed(given.sources) });
  }
  const isSame =
    known.operators.length === given.operators.length &&
    known.operators.every(({ id, name }, i) => id === given.operators[i]?.id && name === given.operators[i]?.name);
  if (!isSame) {
    raise('STREAMING_STATEFUL_OPERATOR_NOT_MATCH_IN_STATE_METADATA', {
      stored: listed(known.operators.map(named)),
      given: listed(given.operators.map(named)),
    });
  }
  known.operators.forEach((operator, i) => {
    const now = given.operators[i] as OperatorRecord;
    if (types(operator.keys) !== types(now.keys)) {
      raise('STATE_STORE_KEY_SCHEMA_NOT_COMPATIBLE', {
        operator: named(operator),
        stored: columns(operator.keys),
        given: columns(now.keys),
      });
    }
    if (types(operator.values) !== types(now.values)) {
      raise('STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE', {
        operator: named(operator),
        stored: columns(operator.values),
        given: columns(now.values),
      });
    }
  });
}

function types(list: readonly StateColumn[]): string {
  return list.map(({ type }) => type).join('\n');
}

function columns(list: readonly StateColumn[]): string {
  return listed(list.map(({ name, type }) => `${name} ${type}`));
}

function named({ id, name }: OperatorRecord): string {
  return id === name ? name : `${name} (${id})`;
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ');
}
