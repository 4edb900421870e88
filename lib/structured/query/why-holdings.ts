import { KeyMap } from '../../kernel/key-map.ts';
import type { ReadonlyMapLike } from '../../store/state-store.ts';
import type { StoredExpiry } from '../operators/physical-operator.ts';
import { keyedRows } from '../state-reader/state-layout.ts';
import type { InternalRow, InternalValue, Long } from '../types/data-type.ts';
import type { OperatorRecord } from './checkpoint-match.ts';
import type { KeyAnswer } from './why-answer.ts';

/** What a step keeps of one key, or of one window of it. Times in microseconds. */
export interface Holding {
  readonly key: InternalRow;
  readonly span?: readonly [startUs: number | null, endUs: number];
  /** The watermark of the query at which it leaves; null: none does that; undefined: the checkpoint does not say. */
  readonly leavesAtUs: number | null | undefined;
  readonly rows?: NonNullable<KeyAnswer['rows']>;
  readonly timersMs?: readonly number[];
  readonly variables?: readonly string[];
}

export type TableOf = <K, V>(name: string) => ReadonlyMapLike<K, V>;

/** The tables of a step whose keys are the keys of its groups: a key that is in one of them is in its state. */
export function keyTables({ name, layout }: OperatorRecord): readonly string[] {
  if (layout?.kind === 'processor') {
    const of = { value: 'value', list: 'list', map: 'map-keys' } as const;
    return [...layout.variables.map(({ kind, name: variable }) => `${of[kind]}:${variable}`), 'timers-by-key'];
  }
  return tablesByName[name] ?? [];
}

const tablesByName: Readonly<Record<string, readonly string[]>> = {
  stateStoreSave: ['rows'],
  sessionWindowStateStoreSaveExec: ['sessions'],
  dedupe: ['seen'],
  dedupeWithinWatermark: ['seen'],
  symmetricHashJoin: ['left-keys', 'right-keys'],
  flatMapGroupsWithState: ['state'],
};

/** Everything that a step keeps. */
export function holdings(step: OperatorRecord, table: TableOf): Iterable<Holding> {
  return (readers[step.name] ?? nothing)(step, table);
}

function nothing(): readonly Holding[] {
  return [];
}

const readers: Readonly<Record<string, (step: OperatorRecord, table: TableOf) => Iterable<Holding>>> = {
  *stateStoreSave({ windows }, table) {
    for (const [key] of table<InternalRow, unknown>('rows').entries()) {
      const span = windows === undefined ? undefined : spanOf(key[windows.at] ?? null);
      yield {
        key,
        ...(span === undefined ? {} : { span }),
        leavesAtUs: span === undefined ? null : span[1] + (windows?.lagUs ?? 0),
      };
    }
  },
  *sessionWindowStateStoreSaveExec({ windows }, table) {
    for (const [key, sessions] of table<InternalRow, readonly (readonly [Long, Long])[]>('sessions').entries()) {
      for (const [start, end] of sessions) {
        const span = [Number(start), Number(end)] as const;
        yield { key, span, leavesAtUs: windows === undefined ? null : span[1] + windows.lagUs };
      }
    }
  },
  dedupe: seen,
  dedupeWithinWatermark: seen,
  symmetricHashJoin: joined,
  *flatMapGroupsWithState(_, table) {
    for (const [key, [, timeoutMs]] of table<InternalRow, readonly [unknown, number | null]>('state').entries()) {
      yield { key, leavesAtUs: null, timersMs: timeoutMs === null ? [] : [timeoutMs] };
    }
  },
  transformWithStateExec: processed,
};

function* seen({ lagUs = 0 }: OperatorRecord, table: TableOf): Generator<Holding> {
  for (const [key, expiresUs] of table<InternalRow, Long | null>('seen').entries()) {
    yield { key, leavesAtUs: expiresUs === null ? null : Number(expiresUs) + lagUs };
  }
}

/** Both sides of each key. */
function* joined({ layout, lagUs = 0 }: OperatorRecord, table: TableOf): Generator<Holding> {
  const sides = layout?.kind === 'sides' ? layout : undefined;
  const found = new KeyMap<InternalRow, { left: SideRows; right: SideRows }>();
  for (const side of ['left', 'right'] as const) {
    for (const [key, rows] of keyedRows(table, `${side}-keys`, `${side}-rows`)) {
      const entry = found.get(key) ?? { left: [], right: [] };
      entry[side] = rows;
      found.set(key, entry);
    }
  }
  for (const [key, { left, right }] of found) {
    const leave = [
      ...left.map(([row]) => leavesAt(sides?.left, row, key)),
      ...right.map(([row]) => leavesAt(sides?.right, row, key)),
    ].filter((time) => time !== undefined);
    yield {
      key,
      leavesAtUs:
        sides?.how === undefined
          ? undefined
          : leave.length === 0
            ? null
            : leave.reduce((a, b) => Math.min(a, b)) + lagUs,
      rows: { left: counted(left), right: counted(right) },
    };
  }
}

type SideRows = readonly (readonly [row: InternalRow, isMatched: boolean])[];

function counted(rows: SideRows): { readonly kept: number; readonly matched: number } {
  return { kept: rows.length, matched: rows.filter(([, isMatched]) => isMatched).length };
}

function leavesAt(expiry: StoredExpiry | undefined, row: InternalRow, key: InternalRow): number | undefined {
  if (expiry === undefined) return undefined;
  const value = (expiry.of === 'row' ? row : key)[expiry.at] ?? null;
  const time = Array.isArray(value) ? (value[1] as InternalValue) : value;
  return time === null ? undefined : Number(time) - expiry.shiftUs;
}

function* processed(step: OperatorRecord, table: TableOf): Generator<Holding> {
  const found = new KeyMap<InternalRow, { timersMs: readonly number[]; variables: string[] }>();
  for (const name of keyTables(step)) {
    for (const [key, value] of table<InternalRow, unknown>(name).entries()) {
      const entry = found.get(key) ?? { timersMs: [], variables: [] };
      if (name === 'timers-by-key') entry.timersMs = (value as readonly number[]).toSorted((a, b) => a - b);
      else entry.variables.push(name.slice(name.indexOf(':') + 1));
      found.set(key, entry);
    }
  }
  for (const [key, entry] of found) yield { key, ...entry, leavesAtUs: null };
}

function spanOf(value: InternalValue): readonly [number | null, number] | undefined {
  if (value === null) return undefined;
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [null, Number(value)];
}
