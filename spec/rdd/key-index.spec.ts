import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { KeyIndex } from '../../lib/rdd/key-index.ts';

/** Counts keys through the index, as a shuffle does. */
function counted(keys: readonly unknown[]): Map<unknown, number> {
  const index = new KeyIndex<unknown>();
  const counts: number[] = [];
  for (const key of keys) {
    const number = index.find(key);
    if (number < 0) counts[index.add(key)] = 1;
    else counts[number] = (counts[number] ?? 0) + 1;
  }
  return new Map(index.keys.map((key, number) => [key, counts[number] ?? 0]));
}

function plain(keys: readonly unknown[]): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

describe('KeyIndex', () => {
  it.each<[name: string, keys: unknown[]]>([
    ['no key', []],
    ['the empty text', ['', '', 'a']],
    ['short and long texts', ['a', 'a'.repeat(24), 'a'.repeat(25), 'a'.repeat(24), 'a'.repeat(25)]],
    ['texts beside numbers and null', ['1', 1, null, 'null', '1', 1, null]],
    ['texts of two-unit characters', ['😀', '😀', '\ud83d']],
    [
      'texts around twelve characters',
      ['a'.repeat(11), 'a'.repeat(12), 'a'.repeat(13), 'a'.repeat(12), 'a'.repeat(11)],
    ],
    [
      'texts with characters of one byte and of two',
      ['é', '\u00e9a', 'Āa', 'ŁLA', '\u0141LA', 'é', 'Āa', '\0', '\0\0', 'a\0', 'a'],
    ],
    ['texts made by joining', ['ab', ['a', 'b'].join(''), 'xab'.slice(1)]],
  ])('counts as a Map does: %s', (_, keys) => {
    expect(counted(keys)).toEqual(plain(keys));
  });

  it('counts as a Map does through many growths', () => {
    const keys = Array.from({ length: 60_000 }, (_, i) => `w${(i * 7919) % 23_000}`);
    expect(counted(keys)).toEqual(plain(keys));
  });

  it('counts any mix of keys as a Map does', () => {
    const keys = fc.array(fc.oneof(fc.string({ maxLength: 30 }), fc.integer({ min: 0, max: 5 }), fc.constant(null)), {
      maxLength: 300,
      size: 'max',
    });
    fc.assert(
      fc.property(keys, (list) => {
        expect(counted([...list, ...list])).toEqual(plain([...list, ...list]));
      }),
    );
  });

  it('finds texts that were made to collide, before and after the table grows', () => {
    // Texts of one hash: found by trying, with the same hash as the index.
    const keys = collisions(200);
    const others = Array.from({ length: 5000 }, (_, i) => `other${i}`);
    const all = [...keys, ...others, ...keys, ...others];
    expect(counted(all)).toEqual(plain(all));
  });
});

/** Texts whose hashes agree in the 13 bits that choose the slot of a table of 8,192. */
function collisions(count: number): string[] {
  const found: string[] = [];
  for (let i = 0; found.length < count; i++) {
    const text = i.toString(36);
    const parts = [0, 0, 0];
    for (let at = 0; at < text.length; at++) {
      parts[at >> 2] = (parts[at >> 2] ?? 0) | (text.charCodeAt(at) << (8 * (at & 3)));
    }
    const [first = 0, second = 0, third = 0] = parts;
    let hash = Math.imul(first ^ (text.length + 1), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ second, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 13) ^ third, 0x27d4eb2f);
    if (((hash ^ (hash >>> 15)) & 0x1fff) === 5) found.push(text);
  }
  return found;
}
