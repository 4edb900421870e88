import { expect, it } from '@jest/globals';
import { ThreadTables } from '../../../lib/streaming/threads/thread-tables.ts';

/** The tables of the thread that has the odd partitions of two, or the even ones. */
function tablesOf(place: number): ThreadTables {
  return new ThreadTables((partition) => partition % 2 === place);
}

/** Both write the same of how far the step is; each has other keys. */
function write(tables: ThreadTables, partition: number, value: number): void {
  tables.table<string, number>('op', 'progress').put('until', value);
  tables.table<string, number>('op', 'sums', partition).put('a', value);
}

function told(tables: ThreadTables): readonly string[] {
  return tables.changes().map(({ name, partition, count, size }) => `${name} ${partition}: ${count} of ${size}`);
}

it('tells of the tables of its partitions, and the first thread alone of those without', () => {
  const [first, second] = [tablesOf(0), tablesOf(1)];
  write(first, 2, 1);
  write(second, 1, 1);
  expect([told(first), told(second)]).toEqual([['progress 0: 1 of 1', 'sums 2: 1 of 1'], ['sums 1: 1 of 1']]);
});

it('tells of each change once, and of those of a batch that failed never', () => {
  const tables = tablesOf(0);
  write(tables, 2, 1);
  tables.end(true);
  expect(told(tables)).toEqual([]);
  write(tables, 2, 2);
  tables.table('op', 'sums', 4).put('b', 1);
  tables.end(false);
  expect(told(tables)).toEqual([]);
  // What was committed already is no change.
  write(tables, 2, 1);
  expect(told(tables)).toEqual([]);
  tables.table('op', 'sums', 2).put('c', 1);
  expect(told(tables)).toEqual(['sums 2: 1 of 2']);
});

it('tells nothing of what it was given, and goes on with it', () => {
  const before = tablesOf(0);
  write(before, 2, 1);
  const tables = tablesOf(0);
  tables.load(before.changes());
  expect([told(tables), tables.table('op', 'sums', 2).get('a')]).toEqual([[], 1]);
  tables.end(false);
  expect(tables.table('op', 'progress').get('until')).toBe(1);
});
