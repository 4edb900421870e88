import { raise } from '../../../kernel/errors.ts';
import { type Duration, durationMs } from '../../../kernel/time.ts';
import type { StatefulProgram } from '../../plan/user-programs.ts';
import type { StructType } from '../../types/data-type.ts';
import { parseSchema } from '../../types/ddl.ts';
import { sqlTypeText, typeText } from '../../types/type-text.ts';
import type { ProcessorVariable } from '../physical-operator.ts';
import { ListState } from './list-state.ts';
import { MapState } from './map-state.ts';
import type { StateSite } from './state-site.ts';
import type { Timers } from './timers.ts';
import { ValueState } from './value-state.ts';

/** A schema as a processor writes it: DDL text or a struct. */
export type StateSchema = string | StructType;

/** The part of the operator that a handle works on. */
export interface HandleSite extends StateSite {
  readonly operator: string;
  readonly timeMode: StatefulProgram['timeMode'];
  readonly timers: Timers;
  /** What was declared, for readers of the state. */
  readonly variables: ProcessorVariable[];
}

/** What a processor gets in `init`: its state variables, and timers of the key that is being handled. */
export class StatefulProcessorHandle {
  readonly #site: HandleSite;
  readonly #sizes: (() => number)[] = [];
  readonly #names = new Set<string>();

  /** Rows in all state variables, for the operator. */
  static rowsOf(handle: StatefulProcessorHandle): number {
    return handle.#sizes.reduce((sum, size) => sum + size(), 0);
  }

  constructor(site: HandleSite) {
    this.#site = site;
  }

  getValueState(name: string, schema: StateSchema, ttl?: Duration | null): ValueState {
    const type = schemaOf(schema);
    this.#declare(name, `value of ${typeText(type)}`);
    const ttlMs = this.#ttlOf(name, ttl);
    const state = new ValueState(this.#site, name, type, ttlMs);
    this.#describe('value', name, { valueType: sqlTypeText(type), hasTtl: ttlMs !== undefined });
    this.#sizes.push(() => ValueState.sizeOf(state));
    return state;
  }

  getListState(name: string, schema: StateSchema, ttl?: Duration | null): ListState {
    const type = schemaOf(schema);
    this.#declare(name, `list of ${typeText(type)}`);
    const ttlMs = this.#ttlOf(name, ttl);
    const state = new ListState(this.#site, name, type, ttlMs);
    this.#describe('list', name, { valueType: sqlTypeText(type), hasTtl: ttlMs !== undefined });
    this.#sizes.push(() => ListState.sizeOf(state));
    return state;
  }

  getMapState(name: string, keySchema: StateSchema, valueSchema: StateSchema, ttl?: Duration | null): MapState {
    const types = { key: schemaOf(keySchema), value: schemaOf(valueSchema) };
    this.#declare(name, `map of ${typeText(types.key)} to ${typeText(types.value)}`);
    const ttlMs = this.#ttlOf(name, ttl);
    const state = new MapState(this.#site, name, types, ttlMs);
    const keyType = sqlTypeText(types.key);
    this.#describe('map', name, { valueType: sqlTypeText(types.value), keyType, hasTtl: ttlMs !== undefined });
    this.#sizes.push(() => MapState.sizeOf(state));
    return state;
  }

  /** A call of `handleExpiredTimer` for the current key, at this time in milliseconds. */
  registerTimer(timeMs: number): void {
    this.#site.timers.register(this.#site.key(), this.#timeOf('registerTimer', timeMs));
  }

  deleteTimer(timeMs: number): void {
    this.#site.timers.delete(this.#site.key(), this.#timeOf('deleteTimer', timeMs));
  }

  /** The timers of the current key, oldest first. */
  listTimers(): Iterable<number> {
    return this.#site.timers.of(this.#site.key());
  }

  #describe(kind: ProcessorVariable['kind'], name: string, types: Omit<ProcessorVariable, 'kind' | 'name'>): void {
    this.#site.variables.push({ name, kind, ...types });
  }

  /** Old state under the name must be of the same kind and types; its names may differ. */
  #declare(name: string, type: string): void {
    if (this.#names.has(name)) raise('STATE_VARIABLE_INVALID', { name, why: 'it is declared twice' });
    this.#names.add(name);
    const variables = this.#site.table<string, string>('variables');
    const stored = variables.get(name);
    if (stored !== undefined && stored !== type) {
      raise('STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE', {
        operator: `${this.#site.operator}, variable ${name},`,
        stored,
        given: type,
      });
    }
    variables.put(name, type);
  }

  #ttlOf(name: string, ttl: Duration | null | undefined): number | undefined {
    if (ttl === undefined || ttl === null) return undefined;
    if (this.#site.timeMode !== 'ProcessingTime') {
      raise('STATE_VARIABLE_INVALID', { name, why: 'a time to live needs timeMode ProcessingTime' });
    }
    return durationMs(ttl);
  }

  #timeOf(call: string, timeMs: number): number {
    const refuse = (why: string): never => raise('STATE_TIMEOUT_INVALID', { call, given: String(timeMs), why });
    if (this.#site.timeMode === 'None') refuse('the operator was declared with timeMode None');
    if (!Number.isFinite(timeMs)) refuse('it is no time in milliseconds');
    return Math.floor(timeMs);
  }
}

function schemaOf(schema: StateSchema): StructType {
  return typeof schema === 'string' ? parseSchema(schema) : schema;
}
