import { expect, it } from '@jest/globals';
import type { RecordBlock, Source } from '../../../lib/io/source.ts';
import { SourceRdd } from '../../../lib/streaming/inputs/source-rdd.ts';

/** Two blocks of one record; what happens to them is written down. */
function sourceOf(seen: string[]): Source<string> {
  const block = (record: string): RecordBlock<string> => ({
    count: 1,
    sizeBytes: 10,
    forEach: (emit) => {
      emit(record);
    },
    release: () => {
      seen.push(`release ${record}`);
    },
  });
  const blocks = async function* (): AsyncGenerator<RecordBlock<string>> {
    await Promise.resolve();
    yield block('a');
    yield block('b');
  };
  return {
    name: 's',
    replayable: true,
    open: async (from) => await Promise.resolve(from ?? {}),
    latestOffset: async (from) => await Promise.resolve({ from, until: from }),
    read: () => [{ partition: '0', from: 0, until: 2, blocks }],
    commit: async () => await Promise.resolve(),
    close: async () => await Promise.resolve(),
  };
}

async function readTwice(bytesLeft: number | undefined): Promise<readonly string[]> {
  const seen: string[] = [];
  const budget = bytesLeft === undefined ? undefined : { bytesLeft };
  const rdd = new SourceRdd(sourceOf(seen), { from: { 0: 0 }, until: { 0: 2 } }, budget);
  for (let i = 0; i < 2; i++) await rdd.compute(0, (record) => seen.push(record));
  return seen;
}

it.each([
  ['lets the source read into a block again where nothing is held', undefined, 'a, release a, b, release b', true],
  ['holds blocks for a second reading', 100, 'a, b', false],
  ['lets go of blocks behind one that is too large to be held', 5, 'a, b, release b', true],
])('%s', async (_, bytesLeft, once, isReadAgain) => {
  const twice = await readTwice(bytesLeft);
  expect(twice.join(', ')).toBe(isReadAgain ? `${once}, ${once}` : 'a, b, a, b');
});
