import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { TextIndex } from '../../../lib/structured/operators/text-index.ts';
import { utf8Bytes } from '../../../lib/structured/types/utf8.ts';

function find<V>(index: TextIndex<V>, text: string): V | undefined {
  // Somewhere among other bytes.
  const bytes = utf8Bytes(`xyz${text}xyz`);
  return index.find(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 3, bytes.length - 3);
}

it('finds by bytes what a Map finds by text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '~'), maxLength: 9 });
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 60 }), fc.array(text, { maxLength: 20 }), (keys, asked) => {
      const entries = keys.map((key, i) => [key, i] as const);
      const index = new TextIndex(entries);
      const map = new Map(entries);
      const all = [...keys, ...asked];
      expect(all.map((key) => find(index, key))).toEqual(all.map((key) => map.get(key)));
    }),
    { numRuns: 200 },
  );
});

it('has no texts beyond ASCII, which bytes do not tell apart for certain', () => {
  const index = new TextIndex([
    ['größe', 1],
    ['plain', 2],
  ]);
  expect([find(index, 'größe'), find(index, 'plain')]).toEqual([undefined, 2]);
});

it('finds nothing in nothing', () => {
  expect(find(new TextIndex([]), 'a')).toBeUndefined();
});
