import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ByteTable } from '../../lib/store/byte-table.ts';
import { type KeyRun, unchanged } from '../../lib/store/state-table.ts';
import { toStored } from '../../lib/kernel/codec.ts';

const part = 2048;

/** A table put together from parts. */
function restored(parts: readonly Uint8Array[]): ByteTable<string, unknown> {
  const table = new ByteTable<string, unknown>('copy');
  for (const bytes of parts) table.apply(bytes);
  return table;
}

function sorted(table: ByteTable<string, unknown>): unknown {
  return [...table.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Too long for the entries of small changes. */
const long = (letter: string): string => letter.repeat(100);

describe('ByteTable', () => {
  it('gives a base in parts while batches change it, right for the version of the last part and every later one', () => {
    const table = new ByteTable<string, unknown>('op');
    for (let i = 0; i < 6000; i++) table.put(`k${i}`, i);
    table.accept();
    const parts: Uint8Array[] = [];
    const deltas: Uint8Array[] = [];
    let row: number | undefined = 0;
    for (let batch = 1; row !== undefined; batch++) {
      const step = table.packBase(row, part);
      parts.push(step.bytes);
      row = step.nextRow;
      // Two thirds of the keys go, so that rows would be compacted under the base; some change, some are new, some come back.
      for (let i = batch % 3; i % 3 !== 0 && i < 6000; i += 3) table.remove(`k${i}`);
      for (let i = 0; i < 50; i++) table.put(`k${(i * 97 + batch) % 6000}`, `changed in ${batch}`);
      table.put(`new ${batch}`, batch);
      deltas.push(...table.packDelta(part).finish());
      table.accept();
    }
    table.endBase();
    expect(parts.length).toBeGreaterThan(2);
    expect(sorted(restored([...parts, ...deltas]))).toEqual(sorted(table));
    for (let i = 0; i < 3000; i++) table.remove(`k${i}`);
    deltas.push(...table.packDelta(part).finish());
    table.accept();
    expect(sorted(restored([...parts, ...deltas]))).toEqual(sorted(table));
  });

  it('stores what an update gives where its function has moved or removed the value meanwhile', () => {
    const table = new ByteTable<string, string>('op');
    for (const key of ['moved', 'removed', 'kept']) table.put(key, 'a');
    table.accept();
    table.update('moved', () => {
      table.put('moved', 'b'.repeat(200));
      return 'last';
    });
    table.revise('removed', () => {
      table.remove('removed');
      table.put('other', 'c'.repeat(200));
      return 'back';
    });
    table.revise('kept', () => {
      table.put('kept', 'd'.repeat(200));
      return unchanged;
    });
    table.revise('absent', () => unchanged);
    const expected = { moved: 'last', removed: 'back', kept: 'd'.repeat(200), other: 'c'.repeat(200) };
    expect(Object.fromEntries(table.entries())).toEqual(expected);
    const delta = table.packDelta(1 << 20).finish();
    expect(Object.fromEntries(restored(delta).entries())).toEqual(expected);
    table.discard();
    expect(Object.fromEntries(table.entries())).toEqual({ moved: 'a', removed: 'a', kept: 'a' });
  });

  it('revises a run of keys in order, also where one comes twice and where its function uses the table', () => {
    const table = new ByteTable<unknown, number>('op');
    for (let i = 0; i < 300; i++) table.put(`k${i}`, i);
    table.accept();
    const seen: unknown[] = [];
    const keys = ['k5', 'new', 'k5', ['pair', 1], 'gone', 'k6', 'k7', 'k8', 'new', 'k9', 'k6'];
    const run: KeyRun<unknown, number> = {
      keys,
      at: 0,
      next: (value) => {
        const key = keys[run.at];
        seen.push([key, value]);
        if (key === 'k7') return unchanged;
        if (key === 'k8') return null;
        // One that stands later in the run, and rows that move others.
        if (key === 'gone') {
          table.remove('k6');
          const inner: KeyRun<unknown, number> = {
            keys: Array.from({ length: 400 }, (_, i) => `inner ${i}`),
            at: 0,
            next: () => inner.at,
          };
          table.reviseEach(inner);
          return null;
        }
        return (value ?? 1000) + 1;
      },
    };
    table.reviseEach(run);
    expect(seen).toEqual([
      ['k5', 5],
      ['new', undefined],
      ['k5', 6],
      [['pair', 1], undefined],
      ['gone', undefined],
      ['k6', undefined],
      ['k7', 7],
      ['k8', 8],
      ['new', 1001],
      ['k9', 9],
      ['k6', 1001],
    ]);
    const found = ['k5', 'k6', 'k7', 'k8', 'k9', 'new', ['pair', 1], 'gone', 'inner 399'].map((key) => table.get(key));
    expect(found).toEqual([7, 1002, 7, undefined, 10, 1002, 1001, undefined, 399]);
    table.discard();
    expect([table.size, table.get('k5'), table.get('k6'), table.get('new')]).toEqual([300, 5, 6, undefined]);
  });

  it.each<readonly [what: string, keys: readonly unknown[], next: (at: number) => unknown]>([
    ['a key', ['a', 'b', undefined, 'c'], () => 1],
    ['a value', ['a', 'b', 'c', 'd'], (at) => (at === 2 ? () => 1 : 1)],
    [
      'the function',
      ['a', 'b', 'c', 'd'],
      (at) => {
        if (at === 2) throw new RangeError('no');
        return 1;
      },
    ],
  ])('says which key of a run %s fails for, and can be used on', (_, keys, next) => {
    const table = new ByteTable<unknown, unknown>('op');
    const run: KeyRun<unknown, unknown> = { keys, at: 0, next: () => next(run.at) };
    expect(() => {
      table.reviseEach(run);
    }).toThrow(/no|STATE_VALUE/u);
    expect(run.at).toBe(2);
    table.discard();
    table.put('x', 1);
    expect([...table.entries()]).toEqual([['x', 1]]);
  });

  it('gives by places what it gives by keys, whatever has become of the rows', () => {
    const next = fc.oneof(
      { weight: 6, arbitrary: fc.nat(500) },
      { weight: 2, arbitrary: fc.string({ minLength: 20, maxLength: 60 }) },
      { weight: 4, arbitrary: fc.constantFrom(null, unchanged) },
    );
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.record({ revised: fc.array(fc.tuple(fc.nat(8), next), { maxLength: 12 }) }) },
      { weight: 3, arbitrary: fc.constantFrom('accept' as const, 'discard' as const, 'clear' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (history) => {
        const [placed, plain] = [new ByteTable<string, unknown>('op'), new ByteTable<string, unknown>('op')];
        const places = new Float64Array(9);
        for (const one of history) {
          if (typeof one === 'string') {
            placed[one]();
            plain[one]();
            continue;
          }
          const ids = Int32Array.from(one.revised, ([id]) => id);
          placed.warmAt(places, ids, 0);
          for (const [id, result] of one.revised) {
            const seen: unknown[] = [];
            const give = (value: unknown): unknown => {
              seen.push(value);
              return result;
            };
            places[id] = placed.reviseAt(places[id] ?? 0, `k${id}`, give);
            plain.revise(`k${id}`, give);
            expect(seen[0]).toEqual(seen[1]);
          }
          expect([...placed.entries()]).toEqual([...plain.entries()]);
        }
        expect(placed.packDelta(part).finish()).toEqual(plain.packDelta(part).finish());
      }),
    );
  });

  it('finds keys by their places after rows were compacted, and those of another table not', () => {
    const table = new ByteTable<string, number>('op');
    const places = new Float64Array(5000);
    for (let i = 0; i < 5000; i++) places[i] = table.reviseAt(0, `k${i}`, () => i);
    table.accept();
    for (let i = 0; i < 5000; i++) if (i % 10 !== 0) places[i] = table.reviseAt(places[i] ?? 0, `k${i}`, () => null);
    table.accept();
    const other = new ByteTable<string, number>('op');
    for (let i = 0; i < 5000; i++) {
      expect([table.get(`k${i}`), other.get(`k${i}`)]).toEqual([i % 10 === 0 ? i : undefined, undefined]);
      other.reviseAt(places[i] ?? 0, `k${i}`, (before) => (before ?? 0) + 1);
      table.reviseAt(places[i] ?? 0, `k${i}`, (before) => (before ?? 0) + 1);
    }
    expect(other.get('k7')).toBe(1);
    expect([...table.entries()].slice(0, 3)).toEqual([
      ['k0', 1],
      ['k10', 11],
      ['k20', 21],
    ]);
    expect(table.size).toBe(5000);
  });

  it('does not take another key for one that its function has put', () => {
    const table = new ByteTable<string, number>('op');
    const place = table.reviseAt(0, 'a', () => {
      table.put('b', 1);
      return unchanged;
    });
    table.reviseAt(place, 'a', (before) => {
      expect(before).toBeUndefined();
      return 2;
    });
    expect([...table.entries()]).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
  });

  it('changes nothing by being told which keys come next', () => {
    const table = new ByteTable<unknown, number>('op');
    table.warm(['none', 1]);
    for (let i = 0; i < 300; i++) table.put(`k${i}`, i);
    table.accept();
    table.remove('k1');
    const before = [...table.entries()];
    table.warm(['k0', 'k1', 'absent', 7, ['k', 2]]);
    // More than it takes at a time.
    table.warm(Array.from({ length: 1000 }, (_, i) => `k${i}`));
    expect([...table.entries()]).toEqual(before);
    expect(table.touched).toBe(1);
  });

  it('keeps keys in the order in which they came, also after rows were compacted and in a copy', () => {
    const table = new ByteTable<string, number>('op');
    for (let i = 0; i < 5000; i++) table.put(`k${i}`, i);
    table.accept();
    for (let i = 0; i < 5000; i++) if (i % 10 !== 0) table.remove(`k${i}`);
    table.accept();
    table.put('last', 1);
    table.accept();
    const expected = [...Array.from({ length: 500 }, (_, i) => `k${i * 10}`), 'last'];
    expect([...table.entries()].map(([key]) => key)).toEqual(expected);
    const base = table.packBase(0, 1 << 20);
    expect([...restored([base.bytes]).entries()].map(([key]) => key)).toEqual(expected);
  });

  it('gives memory back when most of what it held is gone', () => {
    const table = new ByteTable<number, string>('op');
    for (let i = 0; i < 12_000; i++) table.put(i, 'x'.repeat(1000));
    table.accept();
    const full = table.heldBytes;
    for (let i = 0; i < 11_900; i++) table.remove(i);
    table.accept();
    expect(full).toBeGreaterThan(12e6);
    expect(table.heldBytes).toBeLessThan(full / 10);
    expect([table.size, table.get(11_950)?.length]).toEqual([100, 1000]);
  });

  it('uses the room of values that went, under a window that moves for ever', () => {
    const table = new ByteTable<number, number[]>('op');
    const held: number[] = [];
    for (let time = 0; time < 600; time++) {
      table.put(
        time,
        Array.from({ length: 1000 + ((time * 7919) % 500) }, (_, i) => i),
      );
      table.remove(time - 30);
      table.accept();
      if (time % 100 === 99) held.push(table.heldBytes);
    }
    expect(Math.max(...held)).toBeLessThan(1.5 * (held[0] ?? 0));
  });

  it.each([
    ['grow', (i: number) => 'v'.repeat(i * 37)],
    ['shrink', (i: number) => 'v'.repeat((40 - i) * 37)],
    ['are larger than a slab', (i: number) => 'v'.repeat(i % 3 === 0 ? 300_000 : 10)],
  ])('keeps values that %s, and puts the old ones back', (_, valueOf) => {
    const table = new ByteTable<string, string>('op');
    const restoredValues: boolean[] = [];
    for (let i = 0; i < 40; i++) {
      table.put('k', valueOf(i));
      table.put(`k${i}`, valueOf(i));
      if (i % 4 === 3) {
        table.discard();
        restoredValues.push(table.get('k') === valueOf(i - 1));
        table.put('k', valueOf(i));
      }
      if (i % 4 === 2 || i % 4 === 3) table.accept();
    }
    expect(table.get('k')).toBe(valueOf(39));
    expect(restoredValues).toEqual(Array.from({ length: 10 }, () => true));
  });

  it('packs what each key has come to in the batch, and what it was before, however it got there', () => {
    const table = new ByteTable<string, unknown>('op');
    const histories: readonly (readonly unknown[])[] = [
      [1],
      [1, 2, 300, 3],
      [300, 301],
      [long('a'), 1],
      [1, long('a')],
      [1, long('a'), 2, long('b')],
      [null],
      [null, 1],
      [5, null],
      [5, null, 700, null],
      [5, null, long('c')],
      [long('d'), null],
      [1, 'before'],
      [long('e'), 'before'],
      [null, 'before'],
      [],
    ];
    const longKey = 'k'.repeat(90);
    const rows = histories.flatMap((history, i) => [
      { key: `old ${i}`, history, before: 'before' },
      { key: `${longKey} ${i}`, history, before: 'before' },
      { key: `was long ${i}`, history, before: long('z') },
      { key: `new ${i}`, history, before: undefined },
    ]);
    for (const { key, before } of rows) if (before !== undefined) table.put(key, before);
    table.accept();
    const [base] = [table.packBase(0, 1 << 20).bytes];
    table.endBase();
    // By turns, so that entries of other keys come between those of one.
    for (let step = 0; step < 4; step++) {
      for (const { key, history } of rows) {
        const value = history[step];
        if (value === null) table.remove(key);
        else if (value !== undefined) table.put(key, value);
      }
    }
    const expected = rows.flatMap(({ key, history, before }) => {
      const last = history.length === 0 ? before : history.at(-1);
      return last === null || last === undefined ? [] : [[key, last]];
    });
    const delta = table.packDelta(part).finish();
    const undo = table.packUndo(part).finish();
    const changed = rows.filter(({ history, before }) => {
      const last = history.length === 0 ? before : (history.at(-1) ?? undefined);
      return last !== before;
    });
    expect(table.packDelta(part).count).toBe(changed.length);
    expect(sorted(restored([base, ...delta]))).toEqual(
      expected.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );
    expect(sorted(restored([base, ...delta, ...undo]))).toEqual(sorted(restored([base])));
    table.discard();
    expect(sorted(table)).toEqual(sorted(restored([base])));
  });

  it('lets a function of update and updateEach use the table itself', () => {
    const table = new ByteTable<string, number>('op');
    table.update('a', () => {
      for (let i = 0; i < 100; i++) table.put(`inner ${i}`, i);
      table.put('a', 5);
      return 7;
    });
    expect([table.get('a'), table.size]).toEqual([7, 101]);
    table.update('a', () => {
      table.remove('a');
      return 8;
    });
    expect(table.get('a')).toBe(8);
    table.updateEach((key, value) => {
      if (key === 'inner 1') table.remove('inner 2');
      return value + 1;
    });
    expect([table.get('inner 1'), table.get('inner 2'), table.get('inner 3'), table.size]).toEqual([
      2,
      undefined,
      4,
      100,
    ]);
  });

  it('lets a toStored use a table while it is being encoded', () => {
    const other = new ByteTable<string, number>('other');
    const table = new ByteTable<unknown, unknown>('op');
    const value = {
      [toStored]: () => {
        other.update('calls', (n) => (n ?? 0) + 1);
        return ['stored', other.get('calls')];
      },
    };
    table.put(['key', value], [1, value, 2]);
    expect([...table.entries()]).toEqual([
      [
        ['key', ['stored', 1]],
        [1, ['stored', 2], 2],
      ],
    ]);
  });

  it('holds many keys of all kinds against a plain map', () => {
    const table = new ByteTable<unknown, unknown>('op');
    const model = new Map<string, unknown>();
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (seed >>> 8) % below;
    };
    for (let step = 0; step < 60_000; step++) {
      const n = random(9000);
      const key = n % 3 === 0 ? n : n % 3 === 1 ? `key ${n}` : [n, 'pair'];
      if (random(4) === 0) {
        table.remove(key);
        model.delete(String(key));
      } else {
        const value = random(2) === 0 ? step : 'x'.repeat(random(60));
        table.put(key, value);
        model.set(String(key), value);
      }
      if (step % 5000 === 4999) table.accept();
    }
    expect(table.size).toBe(model.size);
    let wrong = 0;
    table.forEach((key, value) => {
      if (model.get(String(key)) !== value) wrong++;
    });
    expect(wrong).toBe(0);
  });

  it('raises a code on a delta that is damaged', () => {
    const table = new ByteTable<string, number>('op');
    table.put('key', 300);
    const bytes = table.packDelta(part).finish()[0] ?? new Uint8Array(0);
    expect(bytes.length).toBeGreaterThan(8);
    for (let length = 1; length < bytes.length; length++) {
      expect(() => restored([bytes.subarray(0, length)])).toThrow('STATE_BYTES_DAMAGED');
    }
    expect(() => restored([new Uint8Array(20).fill(255)])).toThrow('STATE_BYTES_DAMAGED');
  });
});
