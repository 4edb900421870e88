import { describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { contains } from '../../../lib/rdd/texts/contains.ts';
import { fields } from '../../../lib/rdd/texts/fields.ts';
import { splitWords } from '../../../lib/rdd/texts/split-words.ts';
import { RDD } from '../../../lib/rdd/rdd.ts';
import { SparkContext } from '../../../lib/rdd/spark-context.ts';
import { ByteRowsNode, type TextRecord } from './byte-rows.ts';

// Many lists of long texts: on a loaded machine they take their time.
jest.setTimeout(60_000);

/** Words that come again, of every length around what fits into one load, and beyond. */
const word = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'ab',
    'abc',
    'ERROR',
    '\0',
    'a\0',
    'é',
    '日本',
    '😀',
    '\u00a0',
    '\u2003',
    '\ufeff',
    '\ufffd',
  ),
  fc.integer({ min: 6, max: 40 }).map((length) => 'x'.repeat(length)),
  fc.integer({ min: 15, max: 18 }).map((length) => `${'y'.repeat(length)}z`),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const blank = fc.constantFrom(' ', '  ', '\t', '\n', '\r\n', '\v', '\f', ',', ';;', '');
const plainLine = fc
  .array(fc.tuple(blank, word), { maxLength: 8 })
  .map((parts) => new TextEncoder().encode(parts.flat().join('')));
const brokenBytes = fc.uint8Array({ maxLength: 12 });
const pieces = fc.constantFrom(
  [0xe2, 0x80],
  [0xf0, 0x9f, 0x98],
  [0x20],
  [0x80],
  [0xff],
  [0x61],
  [0xc3],
  [0xed, 0xa0, 0x80],
);
const brokenLine = fc.array(pieces, { maxLength: 8 }).map((parts) => Uint8Array.from(parts.flat()));
const hugeLine = fc
  .tuple(fc.constantFrom(140_000, 131_072, 131_073, 70_000), fc.boolean())
  .map(([size, isOneWord]) =>
    new TextEncoder().encode(isOneWord ? 'w'.repeat(size) : `${'ab'.repeat(500)} c `.repeat(size / 1003)),
  );
const line = fc.oneof(
  { weight: 20, arbitrary: plainLine },
  { weight: 6, arbitrary: brokenLine },
  { weight: 4, arbitrary: brokenBytes },
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 3, arbitrary: fc.constant(new Uint8Array()) },
  { weight: 1, arbitrary: hugeLine },
);
const partitions = fc.array(fc.array(fc.array(line, { minLength: 1, maxLength: 12 }), { maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});

type Program = (records: RDD<TextRecord>) => Promise<unknown>;

/** What is done, and whether it can be done without making a single record. */
const programs: readonly (readonly [name: string, isBytesOnly: boolean, program: Program])[] = [
  ['words', true, (r) => r.splitWords().collect()],
  ['words by flatMap', true, (r) => r.flatMap(splitWords()).collect()],
  ['words, counted', true, async (r) => [...(await r.splitWords().countByValue())]],
  ['the number of words', true, (r) => r.splitWords().count()],
  ['words with a letter, counted', true, async (r) => [...(await r.splitWords().filter(contains('a')).countByValue())]],
  ['words of words', true, (r) => r.splitWords().splitWords().collect()],
  [
    'words as keys',
    true,
    (r) =>
      r
        .splitWords()
        .map((w) => [w, 1])
        .reduceByKey((a, b) => a + b)
        .collect(),
  ],
  ['records with a letter', false, (r) => r.filter(contains('a')).collect()],
  ['how many with a word', true, (r) => r.filter(contains('ERROR')).count()],
  ['how many with a wide character', true, (r) => r.filter(contains('😀')).count()],
  ['how many with a space', true, (r) => r.filter(contains(' ')).count()],
  ['how many with anything', true, (r) => r.filter(contains('')).count()],
  ['how many with what stands for bytes that are no text', false, (r) => r.filter(contains('\ufffd')).count()],
  ['how many with half a character', false, (r) => r.filter(contains('\ud83d')).count()],
  ['twice filtered', false, (r) => r.filter(contains('a')).filter(contains('b')).collect()],
  ['words of records with a letter', true, (r) => r.filter(contains('a')).splitWords().collect()],
  ['a field, counted', true, async (r) => [...(await r.fields(',', 1).countByValue())]],
  ['a field of a long separator', true, (r) => r.fields(';;', 0).collect()],
  ['a field by map', true, (r) => r.map(fields(' ', 2)).collect()],
  ['words of a field', true, (r) => r.fields(',', 1).splitWords().collect()],
  ['a field with a letter', true, (r) => r.fields(' ', 1).filter(contains('a')).collect()],
  ['a field of a field', true, (r) => r.fields(',', 0).fields(' ', 1).collect()],
  ['two fields', false, (r) => r.fields(' ', 1, 0).collect()],
  ['all fields', false, (r) => r.fields('\t').collect()],
  [
    'a union',
    true,
    (r) =>
      r
        .splitWords()
        .union(r.filter(contains('a')).splitWords())
        .collect(),
  ],
  ['a union, counted', true, async (r) => [...(await r.fields(',', 0).union(r.splitWords()).countByValue())]],
];

describe('operators on texts', () => {
  it.each(programs)('%s: the same by bytes as by records', async (_, isBytesOnly, program) => {
    await fc.assert(
      fc.asyncProperty(partitions, async (values) => {
        const sc = new SparkContext();
        const bytes = new ByteRowsNode(values, true);
        const records = new ByteRowsNode(values, false);
        expect(await program(new RDD(bytes, sc))).toEqual(await program(new RDD(records, sc)));
        expect(isBytesOnly && bytes.made > 0).toBe(false);
        expect(records.made).toBeGreaterThanOrEqual(values.flat(2).length);
      }),
      { numRuns: 12 },
    );
  });

  it('mean what a regular expression, includes and split say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(plainLine, brokenLine), { minLength: 1 }), async (values) => {
        const records = new RDD(new ByteRowsNode([[values]], true), new SparkContext());
        const texts = values.map((value) => Buffer.from(value).toString());
        const words = texts.flatMap((text) => text.match(/[^ \t\n\v\f\r]+/gu) ?? []);
        expect(await records.splitWords().collect()).toEqual(words);
        const counts = new Map<string, number>();
        for (const each of words) counts.set(each, (counts.get(each) ?? 0) + 1);
        expect([...(await records.splitWords().countByValue())]).toEqual([...counts]);
        expect(await records.filter(contains('ab')).count()).toBe(texts.filter((text) => text.includes('ab')).length);
        expect(await records.fields(',', 1).collect()).toEqual(texts.map((text) => text.split(',')[1] ?? null));
      }),
      { numRuns: 40 },
    );
  });
});
