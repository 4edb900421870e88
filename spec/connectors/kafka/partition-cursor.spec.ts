import { describe, expect, it } from '@jest/globals';
import { decodeBlocks } from '../../../lib/connectors/kafka/block-decoder.ts';
import type { PackedBlock } from '../../../lib/connectors/kafka/packed-block.ts';
import { PartitionCursor } from '../../../lib/connectors/kafka/partition-cursor.ts';
import type { ToReader } from '../../../lib/connectors/kafka/read-protocol.ts';
import { batchOf, limits, stretch } from './log-stretch.ts';

/** Ten records, offsets 0 to 9. */
function tenRecords(): PackedBlock {
  const [block] = decodeBlocks(stretch([batchOf(0, Array.from('abcdefghij'))]), 0, limits);
  if (block === undefined) throw new TypeError('no block');
  return block;
}

/** Reads the ranges one after the other; `releases` says of how many slices the consumer says that it is through. */
async function creditsOf(
  block: PackedBlock,
  ends: readonly number[],
  releases: readonly number[],
): Promise<readonly ToReader[]> {
  const posted: ToReader[] = [];
  const cursor = new PartitionCursor({ topic: 't', partition: 3 }, (message) => posted.push(message));
  let from = 0;
  for (const [i, until] of ends.entries()) {
    const { generation } = cursor.order(from, until);
    if (i === 0) cursor.receive(generation, block);
    for await (const slice of cursor.slices(until)) for (let n = releases[i] ?? 0; n > 0; n--) slice.release();
    from = until;
  }
  const credits = posted.filter(({ kind }) => kind === 'credit');
  return credits;
}

describe('the memory of a block that is used up', () => {
  it.each([
    ['goes back when the consumer is through with it', [10], [1], true],
    ['stays when the consumer does not say so', [10], [0], false],
    ['goes back when both ranges that it was cut into are through', [4, 10], [1, 1], true],
    ['stays when one of them is not', [4, 10], [0, 1], false],
    ['stays when one is through twice and the other never', [4, 10], [2, 0], false],
  ])('%s', async (_, ends, releases, goesBack) => {
    const block = tenRecords();
    const credits = await creditsOf(block, ends, releases);
    const memory = [block.bytes.buffer, block.timestamps.buffer];
    expect(credits.map((credit) => 'memory' in credit && credit.memory)).toEqual([goesBack ? memory : []]);
  });
});
