import { describe, expect, it } from '@jest/globals';
import { murmur2, partitionOfKey } from '../../../lib/connectors/kafka/murmur2.ts';

describe('the hash of keys', () => {
  // The values of org.apache.kafka.common.utils.UtilsTest.
  it.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])('is that of Java for %s', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('gives a partition for hashes below zero too', () => {
    expect(partitionOfKey(Buffer.from('21'), 7)).toBe((-973_932_308 & 0x7fff_ffff) % 7);
  });
});
