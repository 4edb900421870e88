import { describe, expect, it, jest } from '@jest/globals';
import { collectPartition } from '../../../lib/rdd/evaluate.ts';
import { CountOccurrencesNode, CountTables } from '../../../lib/rdd/operators/count-occurrences.ts';
import { FlatMapNode } from '../../../lib/rdd/operators/flat-map.ts';
import { UnionNode } from '../../../lib/rdd/operators/union.ts';
import { CoalesceNode } from '../../../lib/rdd/operators/coalesce.ts';
import { PartitionListsNode } from '../../../lib/rdd/operators/partition-lists.ts';
import type { RddNode } from '../../../lib/rdd/rdd-node.ts';
import { mostKeys } from '../../../lib/rdd/texts/count-layout.ts';
import { splitWords } from '../../../lib/rdd/texts/split-words.ts';
import { ByteRowsNode } from './byte-rows.ts';

// More words than the table holds: on a loaded machine they take their time.
jest.setTimeout(60_000);

function wordsOf(...lines: readonly string[]): RddNode<string> {
  return new FlatMapNode(new ByteRowsNode([[lines.map((line) => Buffer.from(line))]], true), splitWords());
}

async function counted(words: RddNode<string>, tables = new CountTables()): Promise<(readonly [string, number])[]> {
  return await collectPartition(new CountOccurrencesNode(words, tables), 0);
}

/** 5,000 words. */
function numbered(from: number): string {
  return Array.from({ length: 5000 }, (_, i) => `w${from + i}`).join(' ');
}

/** The counts added up, as whoever takes them has to. */
function total(pairs: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [text, count] of pairs) sums.set(text, (sums.get(text) ?? 0) + count);
  return sums;
}

describe('counting texts by their bytes', () => {
  it('grows with the words, and gives them in order of first appearance', async () => {
    const lines = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 100 }, (__, j) => `w${(i * 7 + j * j) % 20_000}`).join(' '),
    );
    const expected = total(lines.flatMap((line) => line.split(' ').map((word) => [word, 1] as const)));
    expect(await counted(wordsOf(...lines))).toEqual([...expected]);
  });

  it('gives out what it has when there are more words than it holds', async () => {
    const lines = Array.from({ length: Math.ceil((mostKeys * 1.5) / 5000) }, (_, i) => numbered(i * 5000));
    const sums = total(await counted(wordsOf(...lines, numbered(0))));
    expect(sums.size).toBe(lines.length * 5000);
    expect([sums.get('w0'), sums.get('w4999'), sums.get('w5000')]).toEqual([2, 2, 1]);
  });

  it('gives out what it has when there are more bytes than it holds', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `${i % 50}${'x'.repeat(99_990)}`);
    const sums = total(await counted(wordsOf(...lines)));
    expect(sums).toEqual(total(lines.map((line) => [line, 1])));
  });

  it('begins anew where words collide', async () => {
    // Seeds of nothing: then all words of up to four letters have one hash.
    const random = jest.spyOn(Math, 'random').mockReturnValue(0);
    try {
      const line = Array.from({ length: 3000 }, (_, i) => `${i % 1500}`).join(' ');
      const pairs = await counted(wordsOf(line));
      expect(pairs.length).toBeGreaterThan(1500);
      expect(total(pairs)).toEqual(total(line.split(' ').map((word) => [word, 1])));
    } finally {
      random.mockRestore();
    }
  });

  it('knows its words in the next batch, with counts of that batch alone', async () => {
    const tables = new CountTables();
    expect(await counted(wordsOf('a b a'), tables)).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(await counted(wordsOf('c b'), tables)).toEqual([
      ['c', 1],
      ['b', 1],
    ]);
  });

  it('keeps the order where words in bytes and words as texts follow each other in a partition', async () => {
    const texts = new PartitionListsNode([['b', 'x']]);
    const words = new CoalesceNode(new UnionNode<string>([wordsOf('a b'), texts, wordsOf('b c b')]), 1);
    const pairs = await counted(words);
    expect([...total(pairs)]).toEqual([
      ['a', 1],
      ['b', 4],
      ['x', 1],
      ['c', 1],
    ]);
  });

  it('forgets what it counted of a partition that failed', async () => {
    const tables = new CountTables();
    const failing = new FlatMapNode(
      new UnionNode([new ByteRowsNode([[[Buffer.from('a a')]]], true), new PartitionListsNode([[7 as never]])]),
      splitWords(),
    );
    const node = new CountOccurrencesNode(new CoalesceNode(failing, 1), tables);
    await expect(collectPartition(node, 0)).rejects.toThrow('RDD_NOT_A_TEXT');
    expect(await counted(wordsOf('a'), tables)).toEqual([['a', 1]]);
  });

  it('counts texts one by one where there is no WebAssembly', async () => {
    const platform: unknown = Reflect.get(globalThis, 'WebAssembly');
    try {
      Reflect.deleteProperty(globalThis, 'WebAssembly');
      expect(await counted(wordsOf('a b a', 'c'))).toEqual([
        ['a', 1],
        ['b', 1],
        ['a', 1],
        ['c', 1],
      ]);
    } finally {
      Reflect.set(globalThis, 'WebAssembly', platform);
    }
  });
});
