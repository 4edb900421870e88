import { describe, expect, it } from '@jest/globals';
import { FreezingNode } from '../../../lib/rdd/freezing-node.ts';
import { RDD } from '../../../lib/rdd/rdd.ts';
import { SparkContext } from '../../../lib/rdd/spark-context.ts';
import { contains } from '../../../lib/rdd/texts/contains.ts';
import { fields } from '../../../lib/rdd/texts/fields.ts';
import { splitWords } from '../../../lib/rdd/texts/split-words.ts';
import { partitioned } from '../partitioned.ts';
import { ByteRowsNode, type TextRecord } from './byte-rows.ts';

function recordsOf(...values: readonly (string | null)[]): ByteRowsNode {
  return new ByteRowsNode([[values.map((value) => (value === null ? null : Buffer.from(value)))]], true);
}

function rddOf(node: ByteRowsNode): RDD<TextRecord> {
  return new RDD(node, new SparkContext());
}

describe('splitWords, contains and fields', () => {
  it('work on texts, on records, and on what has none', async () => {
    const elements = ['a b', { value: 'c,d' }, null, undefined, { value: null }];
    const mixed = partitioned([elements]);
    expect(await mixed.splitWords().collect()).toEqual(['a', 'b', 'c,d']);
    expect(await mixed.filter(contains('c')).collect()).toEqual([{ value: 'c,d' }]);
    expect(await mixed.fields(',', 1).collect()).toEqual([null, 'd', null, null, null]);
    expect(await mixed.fields(',').collect()).toEqual([['a b'], ['c', 'd'], [], [], []]);
  });

  it.each([
    ['a number', 7, 'a number'],
    ['a record with a number', { value: 7 }, 'a number'],
    ['an object without a value', { text: 'a' }, 'an object (Object)'],
    ['a pair', ['a', 1], 'an array of length 2'],
  ])('refuse %s', async (_, element, kind) => {
    const rdd = partitioned([[element as never]]);
    const refusal = (operator: string): unknown =>
      expect.objectContaining({ code: 'RDD_NOT_A_TEXT', params: { operator, kind } });
    await expect(rdd.splitWords().collect()).rejects.toEqual(refusal('splitWords'));
    await expect(rdd.filter(contains('a')).collect()).rejects.toEqual(refusal('contains'));
    await expect(rdd.fields(',', 1).collect()).rejects.toEqual(refusal('fields'));
    await expect(rdd.fields(',').collect()).rejects.toEqual(refusal('fields'));
  });

  it.each([
    ['a pattern that is no text', () => contains(7 as never), 'text'],
    ['a separator that is no text', () => fields(7 as never), 'separator'],
    ['an empty separator', () => fields(''), 'separator'],
    ['half a position', () => fields(',', 0.5), 'position'],
    ['a position before the first', () => fields(',', -1), 'position'],
  ])('refuse %s where they are made', (_, make, name) => {
    expect(make).toThrow(expect.objectContaining({ code: 'RDD_ARGUMENT', params: expect.objectContaining({ name }) }));
  });

  it('are functions of one element, too', () => {
    expect(['a b', 'c'].flatMap((text) => splitWords()(text))).toEqual(['a', 'b', 'c']);
    expect(['a b', 'c'].filter((text) => contains('b')(text))).toEqual(['a b']);
    expect(fields(',', 1, 0)('x,y')).toEqual(['y', 'x']);
  });

  it.each<readonly [string, (records: RDD<TextRecord>, fail: (text: unknown) => never) => RDD<unknown>]>([
    ['words', (r, fail) => r.splitWords().map((w) => (w === 'bad' ? fail(w) : w))],
    ['chosen words', (r, fail) => r.splitWords().filter(contains('bad')).map(fail)],
    ['a field', (r, fail) => r.fields(' ', 1).map((f) => (f === 'bad' ? fail(f) : f))],
    ['chosen records', (r, fail) => r.filter(contains('bad')).map(fail)],
    ['chosen records, chosen again', (r, fail) => r.filter(contains('d')).filter(contains('ba')).map(fail)],
    [
      'words of chosen records',
      (r, fail) =>
        r
          .filter(contains('bad'))
          .splitWords()
          .map((w) => (w === 'bad' ? fail(w) : w)),
    ],
  ])('tell which record it was when a function on %s fails', async (_, program) => {
    const failing = program(rddOf(recordsOf('good d', null, 'ok 1 d', 'very bad')), (text) => {
      throw new TypeError(`no ${String(text)}`);
    });
    await expect(failing.collect()).rejects.toEqual(
      expect.objectContaining({
        code: 'RDD_FUNCTION_FAILED',
        where: expect.objectContaining({ topic: 't', partition: 3, offset: 3 }),
      }),
    );
  });

  it('take records where every element is looked at, and where they are kept', async () => {
    const node = recordsOf('a b', 'b');
    const frozen = new RDD(new FreezingNode(node), new SparkContext());
    expect(await frozen.splitWords().count()).toBe(3);
    expect(node.made).toBe(2);
    const kept = rddOf(recordsOf('a b', 'b')).splitWords().persist();
    expect([await kept.count(), await kept.count()]).toEqual([3, 3]);
    expect([...(await kept.countByValue())]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});
