import { describe, expect, it } from '@jest/globals';
import type { DStream } from '../../lib/index.ts';
import { type OperationTest, testOperation } from '../../lib/testing/index.ts';

type Pairs = DStream<readonly [string, number]>;

function total(values: readonly number[], sum: number | null): number {
  return values.reduce((a, b) => a + b, sum ?? 0);
}

async function failureOf<T, U, W>(test: OperationTest<T, U, W>): Promise<string> {
  try {
    await testOperation(test);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).join('\n');
  }
  return 'passed';
}

describe('testOperation', () => {
  it('takes words for texts, without a word on types', async () => {
    await testOperation({
      input: "'to be' or | ",
      stream: (lines) => lines.flatMap((line) => line.split(' ')).map((word) => word.toUpperCase()),
      output: 'TO BE OR | ',
    });
  });

  it('takes streams of different types', async () => {
    await testOperation({
      input: ['a:1 b:2', 'a:x'],
      stream: (numbers: Pairs, texts: DStream<readonly [string, string]>) => numbers.leftOuterJoin(texts),
      output: 'a:1,x b:2,null',
    });
  });

  it('takes names for records that no word can be', async () => {
    const values = { tea: { item: 'tea', price: 4 }, cake: { item: 'cake', price: 3 } };
    await testOperation({
      values,
      input: 'tea cake',
      stream: (orders: DStream<(typeof values)['tea']>) => orders.filter(({ price }) => price > 3),
      output: 'tea',
    });
  });

  it.each<[what: string, ordered: boolean, result: string]>([
    ['a batch is a multiset', false, 'passed'],
    ['the order counts when asked for', true, 'time     | 1000 ms'],
  ])('%s', async (_, ordered, result) => {
    const failed = await failureOf({ input: 'b a b', stream: (s) => s.map((x) => x), output: 'a b b', ordered });
    expect(failed.split('\n')[0]).toBe(result);
  });

  it('cuts batches as it is told', async () => {
    await testOperation({
      input: 'a b c d | e',
      partitions: 4,
      batchInterval: '5 seconds',
      stream: (s) => s.window('10 seconds').glom(),
      output: '[a] [b] [c] [d] | [a] [b] [c] [d] [] [] [] [e]',
    });
  });

  it('shows where, what was read and what was kept when the output differs', async () => {
    const failed = await failureOf({
      input: 'a:1 b:1 | b:1 a:1 ! | | b:5',
      stream: (s: Pairs) => s.updateStateByKey<string, number, number>(total).name('totals'),
      output: 'a:1 b:1 | a:2 b:3 | a:2 b:2 | a:2 b:7',
    });
    expect(failed).toBe(
      [
        'time     | 1000 ms | 2000 ms            | 3000 ms | 4000 ms',
        'input    | a:1 b:1 | b:1 a:1 !          |         | b:5',
        'offsets  | 0..2    | 2..4               | 4..4    | 4..5',
        'expected | a:1 b:1 | a:2 b:3            | a:2 b:2 | a:2 b:7',
        'actual   | a:1 b:1 | a:2 b:2            | a:2 b:2 | a:2 b:7',
        '         |         | ^ first difference |         |',
        'state before batch 2:',
        '  totals: a:1, b:1',
        'state after batch 2:',
        '  totals: a:2, b:2',
      ].join('\n'),
    );
  });

  it('shows each input by number, and the slices of a window', async () => {
    const failed = await failureOf({
      input: ['a | b', 'c | ~'],
      stream: (left, right) => left.union(right.window(1000)).window(2000),
      output: 'a c | a c d',
    });
    expect(failed.split('\n')).toEqual(
      expect.arrayContaining([
        'input 1   | a       | b',
        'input 2   | c       | ~',
        'offsets 2 | 0..1    | 1..1',
        'state before batch 2:',
        '  marbles/union/window: 1000 ms: a, 1000 ms: c',
      ]),
    );
  });

  it('shows named records by their names', async () => {
    const values = { tea: { item: 'tea', price: 4 }, cake: { item: 'cake', price: 3 } };
    const failed = await failureOf({ values, input: 'tea 1:cake', stream: (s) => s.window(2000), output: 'cake' });
    expect(failed.split('\n')).toEqual(
      expect.arrayContaining([
        'input    | tea 1:cake',
        'expected | cake',
        'actual   | 1:cake tea',
        '  marbles/window: 1000 ms: 1:cake, 1000 ms: tea',
      ]),
    );
  });

  it.each<[what: string, test: unknown, problem: string]>([
    ['an option it does not know', { input: 'a', stream: (s: unknown) => s, output: 'a', batchMs: 5 }, 'batchMs'],
    ['no output', { input: 'a', stream: (s: unknown) => s }, 'output'],
    ['an input that is no text', { input: ['a', 1], stream: (s: unknown) => s, output: 'a' }, 'input'],
    ['no function', { input: 'a', stream: 'map', output: 'a' }, 'stream'],
  ])('refuses %s by name', async (_, test, problem) => {
    await expect(testOperation(test as OperationTest)).rejects.toMatchObject({
      code: 'STREAM_ARGUMENT',
      message: expect.stringContaining(problem),
    });
  });

  it('counts a batch too many and a batch too few as differences', async () => {
    expect(await failureOf({ input: 'a', stream: (s) => s, output: 'a | b' })).toContain('first difference');
    expect(await failureOf({ input: 'a | b', stream: (s) => s, output: 'a' })).toContain('first difference');
  });

  it('tells what fails in the operation itself', async () => {
    const test: OperationTest = {
      input: 'a',
      stream: (s) => s.map((x) => (JSON.parse(x) as string).length),
      output: '1',
    };
    await expect(testOperation(test)).rejects.toMatchObject({
      code: 'RDD_FUNCTION_FAILED',
      where: { batchTime: 1000 },
    });
  });

  it('finds a batch that does not give the same when it runs again', async () => {
    let calls = 0;
    const test: OperationTest<string, number> = { input: 'a !', stream: (s) => s.map(() => (calls += 1)), output: '1' };
    await expect(testOperation(test)).rejects.toMatchObject({
      code: 'TESTING_RERUN_DIFFERS',
      message: expect.stringContaining('The batch gave 1 before the process died and 2 when it ran again'),
    });
  });
});
