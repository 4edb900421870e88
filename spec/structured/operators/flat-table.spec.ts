import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { FlatTable } from '../../../lib/structured/operators/flat-table.ts';
import type { InternalRow } from '../../../lib/structured/types/data-type.ts';
import { utf8Bytes } from '../../../lib/structured/types/utf8.ts';

/** The rows of a key, put together again. */
function rowsOf(table: FlatTable, key: number): readonly InternalRow[] {
  const from = table.first[key] ?? 0;
  const until = table.first[key + 1] ?? 0;
  return Array.from({ length: until - from }, (_, i) => table.columns.map((column) => column[from + i] ?? null));
}

function find(table: FlatTable, text: string): number {
  const bytes = utf8Bytes(text);
  return table.find(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length);
}

it('has the rows of every key, by its text and by its bytes, and none for other keys', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', 'ü'), maxLength: 4 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(key, fc.nat(9)), { maxLength: 20 }),
      fc.array(key, { maxLength: 5 }),
      (rows, asked) => {
        const byName = new Map<string, InternalRow[]>();
        for (const row of rows) byName.set(row[0], [...(byName.get(row[0]) ?? []), row]);
        const table = new FlatTable(byName, 2);
        for (const name of [...byName.keys(), ...asked]) {
          const expected = byName.get(name) ?? [];
          expect(rowsOf(table, table.keyOf(name))).toEqual(expected);
          expect(rowsOf(table, find(table, name))).toEqual(name.includes('ü') ? [] : expected);
        }
      },
    ),
    { numRuns: 100 },
  );
});

it('has rows with a null key where null equals null', () => {
  const table = new FlatTable(new Map([[null, [[null, 1]]]]), 2);
  expect([rowsOf(table, table.keyOf(null)), rowsOf(table, table.keyOf('null'))]).toEqual([[[null, 1]], []]);
});
