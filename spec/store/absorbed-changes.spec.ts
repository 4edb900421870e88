import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ByteTable } from '../../lib/store/byte-table.ts';

type Table = ByteTable<unknown, unknown>;
/** A key and what it is to have: null removes it. */
type Change = readonly [key: unknown, value: unknown];

const part = 256;

// The second kind is too long for the entries of small changes, the last one for a slab.
const keys = fc.oneof(
  { weight: 4, arbitrary: fc.nat(9) },
  fc.nat(4).map((n) => `${'k'.repeat(80)} ${n}`),
);
const values = fc.oneof(
  { weight: 8, arbitrary: fc.nat(3) },
  { weight: 4, arbitrary: fc.integer({ min: 20, max: 400 }).map((length) => 'v'.repeat(length)) },
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(70_000), 'y'.repeat(70_001)) },
);
const batch = fc.array(fc.tuple(keys, values), { maxLength: 25 });
const batches = fc.array(batch, { maxLength: 3 });

function change(table: Table, changes: readonly Change[]): void {
  for (const [key, value] of changes) {
    if (value === null) table.remove(key);
    else table.put(key, value);
  }
}

function tableAfter(history: readonly (readonly Change[])[]): Table {
  const table: Table = new ByteTable('op');
  for (const changes of history) {
    change(table, changes);
    table.accept();
  }
  return table;
}

function deltaOf(table: Table): readonly Uint8Array[] {
  return table.packDelta(part).finish();
}

function absorb(table: Table, parts: readonly Uint8Array[]): void {
  for (const bytes of parts) table.absorb(bytes);
}

/** Everything that a commit takes from a table, and what it has, in the order of its rows. */
function seen(table: Table): unknown {
  const delta = table.packDelta(part);
  const undo = table.packUndo(part);
  return {
    count: delta.count,
    delta: delta.finish().map(textOf),
    undo: undo.finish().map(textOf),
    size: table.size,
    entries: [...table.entries()],
  };
}

/** Bytes as jest compares them quickly. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function applied(table: Table, parts: readonly Uint8Array[]): Table {
  for (const bytes of parts) table.apply(bytes);
  return table;
}

function inOrder(table: Table): readonly string[] {
  return Array.from(table.entries(), (entry) => JSON.stringify(entry)).toSorted();
}

describe('changes of the same table elsewhere that a table has absorbed', () => {
  it('are changes of its batch, as if made here', () => {
    fc.assert(
      fc.property(batches, batch, batch, fc.constantFrom('accept', 'discard'), (history, changes, next, end) => {
        const [worked, other] = [tableAfter(history), tableAfter(history)];
        change(worked, changes);
        absorb(other, deltaOf(worked));
        expect(seen(other)).toEqual(seen(worked));
        // What is committed has not changed.
        const before = tableAfter(history);
        expect([...applied(new ByteTable('op'), other.packCommitted(part)).entries()]).toEqual([...before.entries()]);
        expect(inOrder(applied(applied(before, deltaOf(other)), other.packUndo(part).finish()))).toEqual(
          inOrder(tableAfter(history)),
        );
        worked[end]();
        other[end]();
        expect(seen(other)).toEqual(seen(worked));
        expect([...other.entries()]).toEqual([
          ...tableAfter(end === 'accept' ? [...history, changes] : history).entries(),
        ]);
        // Rows, free blocks and what is noted of changes are whole: the table goes on.
        for (const table of [worked, other]) change(table, next);
        expect(seen(other)).toEqual(seen(worked));
      }),
      { numRuns: 50 },
    );
  });

  it('add up where two batches share a commit', () => {
    fc.assert(
      fc.property(batches, batch, batch, fc.constantFrom('accept', 'discard'), (history, first, second, end) => {
        const [worked, other, one] = [tableAfter(history), tableAfter(history), tableAfter(history)];
        change(one, [...first, ...second]);
        for (const changes of [first, second]) {
          change(worked, changes);
          absorb(other, deltaOf(worked));
          worked.accept();
        }
        expect([inOrder(other), other.size]).toEqual([inOrder(one), one.size]);
        expect(other.packDelta(part).count).toBe(one.packDelta(part).count);
        expect(inOrder(applied(tableAfter(history), deltaOf(other)))).toEqual(inOrder(one));
        other[end]();
        expect([...other.entries()].length).toBe(other.size);
        expect(inOrder(other)).toEqual(inOrder(end === 'accept' ? one : tableAfter(history)));
      }),
      { numRuns: 50 },
    );
  });

  it('join those that were made here before', () => {
    const begun = ['a', 'b', 'c', 'd'].map((key) => [key, 1] as const);
    const [table, elsewhere] = [tableAfter([begun]), tableAfter([begun])];
    change(table, [
      ['a', 10],
      ['new', 1],
      ['b', null],
      ['d', null],
    ]);
    change(elsewhere, [
      ['a', 20],
      ['b', 30],
      ['c', null],
      ['d', null],
      ['later', 1],
    ]);
    absorb(table, deltaOf(elsewhere));
    const expected = [
      ['a', 20],
      ['b', 30],
      ['new', 1],
      ['later', 1],
    ];
    expect([[...table.entries()], table.size]).toEqual([expected, expected.length]);
    table.discard();
    expect([[...table.entries()], table.size]).toEqual([begun, begun.length]);
  });

  it('are refused with a code where they are damaged, and go with the batch', () => {
    const table = tableAfter([[['a', 1]]]);
    const elsewhere = tableAfter([[['a', 1]]]);
    change(elsewhere, [
      ['a', 2],
      ['b', 300],
    ]);
    const [bytes = new Uint8Array()] = deltaOf(elsewhere);
    expect(() => table.absorb(bytes.subarray(0, bytes.length - 1))).toThrow('STATE_BYTES_DAMAGED');
    table.discard();
    expect([...table.entries()]).toEqual([['a', 1]]);
  });
});
