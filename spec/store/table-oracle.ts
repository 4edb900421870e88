import * as fc from 'fast-check';
import type { StateStore } from '../../lib/store/state-store.ts';
import { type KeyRun, unchanged } from '../../lib/store/state-table.ts';
import { contents, planOf, record } from '../contracts/state-store.contract.ts';

/** One step of a random history. */
export type Step =
  | { readonly kind: 'put' | 'update'; readonly table: number; readonly key: unknown; readonly value: unknown }
  | { readonly kind: 'remove'; readonly table: number; readonly key: unknown }
  | { readonly kind: 'revise'; readonly table: number; readonly keys: readonly unknown[]; readonly every: number }
  | { readonly kind: 'updateEach'; readonly table: number; readonly every: number }
  | { readonly kind: 'commit' | 'discard' | 'restart' }
  | { readonly kind: 'rollback'; readonly back: number };

/** Longer than a key of the file may be. */
const longKeys = fc.constantFrom('x'.repeat(1990), 'y'.repeat(3000), 'z'.repeat(1894));
const keys = fc.oneof(
  { weight: 5, arbitrary: fc.nat(30) },
  { weight: 5, arbitrary: fc.string({ maxLength: 3 }) },
  { weight: 5, arbitrary: fc.tuple(fc.nat(3), fc.boolean()) },
  { weight: 1, arbitrary: longKeys },
);
const values = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string({ maxLength: 200 }),
  fc.array(fc.nat(), { maxLength: 40 }),
  fc.dictionary(fc.string({ maxLength: 4 }), fc.nat(), { maxKeys: 4 }),
);
const table = fc.nat(2);

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 30,
      arbitrary: fc.record({
        kind: fc.constantFrom('put' as const, 'update' as const),
        table,
        key: keys,
        value: values,
      }),
    },
    { weight: 10, arbitrary: fc.record({ kind: fc.constant('remove' as const), table, key: keys }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('revise' as const),
        table,
        keys: fc.array(keys, { maxLength: 12 }),
        every: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('updateEach' as const), table, every: fc.integer({ min: 1, max: 4 }) }),
    },
    { weight: 8, arbitrary: fc.constant({ kind: 'commit' as const }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'discard' as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'restart' as const }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('rollback' as const), back: fc.nat(4) }) },
  ),
  { minLength: 20, maxLength: 120 },
);

/** The model of three tables: plain maps by the text of the key. */
type Tables = Map<string, readonly [unknown, unknown]>[];

/**
 * Runs a history on a store and on plain maps side by side; gives the first place where they differ, or undefined. `restart` closes
 * the store and opens it again; where it is missing such steps only discard.
 */
export async function firstDifference(
  opened: StateStore,
  history: readonly Step[],
  restart?: (store: StateStore) => Promise<StateStore>,
): Promise<string | undefined> {
  let store = opened;
  const versions: Tables[] = [emptyTables()];
  let current = emptyTables();
  let failed: string | undefined;
  for (const [at, step] of history.entries()) {
    switch (step.kind) {
      case 'put':
        tableOf(store, step.table).put(step.key, step.value);
        current[step.table]?.set(nameOf(step.key), [step.key, step.value]);
        break;
      case 'update': {
        const seen: unknown[] = [];
        tableOf(store, step.table).update(step.key, (before) => {
          seen.push(before);
          return step.value;
        });
        const expected = current[step.table]?.get(nameOf(step.key))?.[1];
        if (text(seen) !== text([expected]))
          return `step ${at}: update saw ${text(seen)} in place of ${text(expected)}`;
        current[step.table]?.set(nameOf(step.key), [step.key, step.value]);
        break;
      }
      case 'remove':
        tableOf(store, step.table).remove(step.key);
        current[step.table]?.delete(nameOf(step.key));
        break;
      case 'revise': {
        const expected = current[step.table] ?? new Map<string, readonly [unknown, unknown]>();
        const run: KeyRun<unknown, unknown> = {
          keys: step.keys,
          at: -1,
          next: (before) => {
            const key = step.keys[run.at];
            const name = nameOf(key);
            if (text(before) !== text(expected.get(name)?.[1])) failed ??= `step ${at}: a run saw ${text(before)}`;
            if (run.at % step.every === 1) return unchanged;
            if (run.at % step.every === 2) expected.delete(name);
            else expected.set(name, [key, [at, run.at]]);
            return run.at % step.every === 2 ? null : [at, run.at];
          },
        };
        tableOf(store, step.table).reviseEach(run);
        if (failed !== undefined) return failed;
        break;
      }
      case 'updateEach': {
        let n = 0;
        const kept = new Map<string, readonly [unknown, unknown]>();
        tableOf(store, step.table).updateEach((key, value) => {
          const next = n++ % step.every === 0 ? null : [value];
          if (next !== null) kept.set(nameOf(key), [key, next]);
          return next;
        });
        if (n !== current[step.table]?.size) return `step ${at}: ${n} keys were visited`;
        current[step.table] = kept;
        break;
      }
      case 'commit':
        store.plan([planOf(versions.length * 1000)]);
        store.commit(record(versions.length));
        versions.push(copy(current));
        store.maintain();
        break;
      case 'discard':
        store.discard();
        current = copy(versions.at(-1) ?? emptyTables());
        break;
      case 'restart':
        store.discard();
        store = restart === undefined ? store : await restart(store);
        current = copy(versions.at(-1) ?? emptyTables());
        break;
      case 'rollback': {
        const version = versions.length - 1 - step.back;
        if (version < (store.versions[0]?.version ?? 1) - (store.versions[0]?.version === 1 ? 1 : 0) || version < 0)
          break;
        store.rollbackTo(version);
        versions.length = version + 1;
        current = copy(versions.at(-1) ?? emptyTables());
        break;
      }
    }
    const difference = compare(store, current) ?? compareVersions(store, versions);
    if (difference !== undefined) return `after step ${at} (${step.kind}): ${difference}`;
  }
  return undefined;
}

function compareVersions(store: StateStore, versions: readonly Tables[]): string | undefined {
  const [oldest] = store.versions;
  if (oldest === undefined) return undefined;
  for (const table of [0, 1, 2]) {
    const found = listed(store.tableAt(oldest.version, `op${table % 2}`, 'table', table));
    const expected = expectedOf(versions[oldest.version]?.[table]);
    if (found !== expected) return `version ${oldest.version} of table ${table} holds ${found} in place of ${expected}`;
  }
  return undefined;
}

function compare(store: StateStore, current: Tables): string | undefined {
  for (const [at, expectedTable] of current.entries()) {
    const table = tableOf(store, at);
    const found = listed(table);
    const expected = expectedOf(expectedTable);
    if (found !== expected) return `table ${at} holds ${found} in place of ${expected}`;
    if (table.size !== expectedTable.size)
      return `table ${at} has size ${table.size} in place of ${expectedTable.size}`;
  }
  return undefined;
}

function tableOf(store: StateStore, at: number): ReturnType<typeof store.table<unknown, unknown>> {
  return store.table<unknown, unknown>(`op${at % 2}`, 'table', at);
}

function listed(table: { entries(): Iterable<readonly [unknown, unknown]> }): string {
  return contents(table)
    .map(([key, value]) => `${nameOf(key)}=${text(value)}`)
    .toSorted()
    .join(' ');
}

function expectedOf(table: ReadonlyMap<string, readonly [unknown, unknown]> | undefined): string {
  return [...(table ?? [])]
    .map(([name, [, value]]) => `${name}=${text(value)}`)
    .toSorted()
    .join(' ');
}

function emptyTables(): Tables {
  return [new Map(), new Map(), new Map()];
}

function copy(tables: Tables): Tables {
  return tables.map((table) => new Map(table));
}

function nameOf(key: unknown): string {
  return `${typeof key}:${text(key)}`;
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    Object.is(part, -0) ? '-0' : typeof part === 'number' ? String(part) : part,
  );
}
