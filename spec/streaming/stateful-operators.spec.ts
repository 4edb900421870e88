import { describe, expect, it } from '@jest/globals';
import type { DStream } from '../../lib/index.ts';
import { testOperation } from '../../lib/testing/index.ts';
import { add, history, isNotZero, operations, type Pairs, subtract, total } from './stateful-operations.ts';

type Words = DStream<string>;

describe.each(operations)('%s', (_, stream, output) => {
  it('gives what its doc says', async () => {
    await testOperation({ input: history.join(' | '), stream, output });
  });

  it.each(history.map((_, i) => i + 1))(
    'goes on as if nothing had happened when the process dies in batch %i',
    async (at) => {
      const input = history.map((batch, i) => (i + 1 === at ? `${batch} !` : batch)).join(' | ');
      await testOperation({ input, stream, output });
    },
  );

  it('survives a death in every batch', async () => {
    await testOperation({ input: history.map((batch) => `${batch} !`).join(' | '), stream, output });
  });
});

/** An output that does not look at its data: what the batch has to leave behind is left all the same. */
function unread(s: DStream<unknown>): void {
  s.foreachRDD(() => undefined);
}

const sumState = (s: Pairs): Pairs => s.updateStateByKey(total);
const carried = (s: Pairs): Pairs => s.reduceByKeyAndWindow(add, subtract, 2000, 1000);

describe('a stream that several windows of different slides read', () => {
  const input = ['a:1', 'b:2', 'a:3', 'c:4', 'b:5', 'a:6', '', 'c:8'];

  it.each<readonly [string, (s: Pairs) => DStream<unknown>, string]>([
    [
      'state',
      sumState,
      '~ | ~ | ~ | a:1 a:1 b:2 a:4 b:2 a:4 b:2 c:4 | ~ | ~ | ~ | a:4 b:7 c:4 a:10 b:7 c:4 a:10 b:7 c:4 a:10 b:7 c:12',
    ],
    [
      'a window',
      (s) => s.window(2000),
      '~ | ~ | ~ | a:1 a:1 b:2 b:2 a:3 a:3 c:4 | ~ | ~ | ~ | c:4 b:5 b:5 a:6 a:6 c:8',
    ],
    [
      'a carried window',
      carried,
      '~ | ~ | ~ | a:1 a:1 b:2 a:3 b:2 a:3 b:0 c:4 | ~ | ~ | ~ | a:0 b:5 c:4 a:6 b:5 c:0 a:6 b:0 c:0 a:0 b:0 c:8',
    ],
  ])('%s is complete in the wide one, wherever the process dies', async (_, inner, output) => {
    for (const readsInner of [true, false]) {
      for (let dies = -1; dies < input.length; dies++) {
        await testOperation({
          input: input.map((batch, i) => (i === dies ? `${batch} !` : batch)).join('|'),
          stream: (s: Pairs) => {
            const middle = inner(s);
            if (readsInner) unread(middle);
            return middle.window(4000, 4000);
          },
          output,
        });
      }
    }
  });

  it('is complete in a wide carried window, too', async () => {
    for (let dies = -1; dies < input.length; dies++) {
      await testOperation({
        input: input.map((batch, i) => (i === dies ? `${batch} !` : batch)).join('|'),
        stream: (s: Pairs) => sumState(s).reduceByKeyAndWindow(add, subtract, 4000, 2000),
        output: '~ | a:2 b:2 | ~ | a:10 b:6 c:4 | ~ | a:22 b:18 c:12 | ~ | a:34 b:28 c:24',
      });
    }
  });

  it('keeps what a window of a window needs although nobody looks', async () => {
    await testOperation({
      input: 'a:1 | b:2 | c:3',
      stream: (s: Pairs) => {
        unread(s.window(2000).window(2000));
        return s.window(2000).window(2000, 1000).count();
      },
      output: '1 | 3 | 4',
    });
  });
});

describe('state and missing RDDs', () => {
  it.each([
    ['no state begins without an RDD', '~ | a:1 | ~', '~ | a:1 | a:1'],
    ['a batch without an RDD still calls known keys', 'a:1 | ~ | b:2', 'a:1 | a:1 | a:1 b:2'],
  ])('%s', async (_, input, output) => {
    await testOperation({ input, stream: (s: Pairs) => s.updateStateByKey(total), output });
  });

  it('an empty batch begins the state with what it is given', async () => {
    await testOperation({
      input: ' | a:1',
      stream: (s: Pairs) => s.updateStateByKey(total, { initialState: [['a', 5]] }),
      output: 'a:5 | a:6',
    });
  });
});

describe('slides longer than the window', () => {
  it.each([
    ['plain', (s: Pairs): Pairs => s.reduceByKeyAndWindow(add, 1000, 3000)],
    ['with inverse', (s: Pairs): Pairs => s.reduceByKeyAndWindow(add, subtract, 1000, 3000)],
  ])('%s windows leave out the batches between', async (_, stream) => {
    await testOperation({ input: 'a:1 | b:1 | c:1 | a:1 | b:1 | a:2', stream, output: '~ | ~ | c:1 | ~ | ~ | a:2' });
  });
});

describe('a carried window that nobody looks at in every batch', () => {
  it('takes out what left it once only', async () => {
    await testOperation({
      input: '| a:1 | a:2 | | b:1 | ',
      stream: (s: Pairs) => s.reduceByKeyAndWindow(add, subtract, 1000, 1000).window(1000, 2000),
      output: '~ | a:1 | ~ | a:0 | ~ | a:0 b:0',
    });
  });
});

describe('a key that its filter dropped while its batches are inside the window', () => {
  it('counts as absent when they leave', async () => {
    await testOperation({
      input: 'a:1 | a:-1 | | a:4',
      stream: (s: Pairs) => s.reduceByKeyAndWindow(add, subtract, 2000, 1000, 2, isNotZero),
      output: 'a:1 | |  | a:4',
    });
  });
});

function none(): null {
  return null;
}

describe('a carried value of null', () => {
  it('is a value like any other', async () => {
    await testOperation({
      input: 'a:1 | a:2 | b:1',
      stream: (s: Pairs) =>
        s
          .mapValues((value): number | null => value)
          .reduceByKeyAndWindow(none, none, 2000, 1000)
          .mapValues((value) => value ?? 0),
      output: 'a:1 | a:0 | a:0 b:1',
    });
  });
});

describe('keys', () => {
  it('are equal by value', async () => {
    await testOperation({
      input: "1 '1' 1 | '1'",
      stream: (s: Words) =>
        s
          .map((w) => [[w, { of: w }], 1] as const)
          .updateStateByKey(total)
          .map(([[w], n]) => [w, n]),
      output: "1:2 '1':1 | 1:2 '1':2",
    });
  });
});

describe('testOperation', () => {
  it('shows both sides and where they part', async () => {
    const failing = testOperation({ input: 'a | b', stream: (s: Words) => s.map((w) => w), output: 'a | c' });
    await expect(failing).rejects.toThrow(/expected\s+\| a +\| c[\s\S]+actual +\| a +\| b[\s\S]+\^ first difference/u);
  });

  it('rejects an operation that gives something else when it runs again', async () => {
    let calls = 0;
    const failing = testOperation({
      input: 'a !',
      stream: (s: Words) => s.map(() => (calls += 1)),
      output: '2',
    });
    await expect(failing).rejects.toMatchObject({ code: 'TESTING_RERUN_DIFFERS' });
  });
});
