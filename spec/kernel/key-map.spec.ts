import { describe, expect, it } from '@jest/globals';
import { KeyMap } from '../../lib/kernel/key-map.ts';

describe('KeyMap', () => {
  it('keeps the order of first appearance over primitives and objects', () => {
    const map = new KeyMap<unknown, number>();
    for (const key of ['b', ['x', 1], 1, '1', { k: 1 }, 'b', ['x', 1], null, undefined]) {
      map.set(key, (map.get(key) ?? 0) + 1);
    }
    expect([...map]).toEqual([
      ['b', 2],
      [['x', 1], 2],
      [1, 1],
      ['1', 1],
      [{ k: 1 }, 1],
      [null, 1],
      [undefined, 1],
    ]);
  });

  it.each([
    ['NaN', NaN, NaN],
    ['zero and minus zero', 0, -0],
    ['arrays', [1, ['a']], [1, ['a']]],
    ['objects in any order of properties', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['dates', new Date(5), new Date(5)],
  ])('finds equal keys: %s', (_, a, b) => {
    const map = new KeyMap<unknown, string>().set(a, 'x');
    expect([map.get(b), map.has(b), map.size]).toEqual(['x', true, 1]);
    expect(map.delete(b)).toBe(true);
    expect([map.get(a), map.has(a), map.size, map.delete(a)]).toEqual([undefined, false, 0, false]);
  });

  it('takes a deleted object key again, at the end', () => {
    const map = new KeyMap<unknown, number>().set(['a'], 1).set('b', 2);
    map.delete(['a']);
    map.set(['a'], 3);
    expect([...map.entries()]).toEqual([
      ['b', 2],
      [['a'], 3],
    ]);
    map.clear();
    expect([map.size, map.get(['a'])]).toEqual([0, undefined]);
  });
});
