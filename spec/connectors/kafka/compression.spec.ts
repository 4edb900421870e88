import { describe, expect, it } from '@jest/globals';
import * as zlib from 'node:zlib';
import { compress } from 'snappyjs';
import { codecOf, pack, unpack } from '../../../lib/connectors/kafka/compression.ts';

const where = { topic: 't', partition: 0, offset: 5 };
const text = Buffer.from('a text that repeats, a text that repeats, a text that repeats');

function outcomeOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function framed(...parts: readonly Buffer[]): Buffer {
  const head = Buffer.concat([Buffer.from([0x82]), Buffer.from('SNAPPY\0'), Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
  const blocks = parts.flatMap((part) => {
    const packed = Buffer.from(compress(part));
    const size = Buffer.alloc(4);
    size.writeInt32BE(packed.length);
    return [size, packed];
  });
  return Buffer.concat([head, ...blocks]);
}

describe('compression', () => {
  it.each(['gzip', 'snappy', 'lz4'] as const)('unpacks what it packs (%s)', (codec) => {
    expect(Buffer.from(unpack(codec, Buffer.from(pack(codec, text)), 1 << 20, where))).toEqual(text);
  });

  it('unpacks the framed snappy of Java producers, block by block', () => {
    expect(Buffer.from(unpack('snappy', framed(text, text), 1000, where))).toEqual(Buffer.concat([text, text]));
  });

  it('counts all blocks of framed snappy against the limit', () => {
    expect(() => unpack('snappy', framed(text, text), text.length + 1, where)).toThrow('KAFKA_BATCH_TOO_LARGE');
  });

  it('refuses a snappy block that claims gigabytes before it takes the memory', () => {
    const claim = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0]);
    expect(() => unpack('snappy', claim, 1 << 20, where)).toThrow('KAFKA_BATCH_TOO_LARGE');
  });

  it.each(['gzip', 'snappy', 'lz4'] as const)('names the place of damaged bytes (%s)', (codec) => {
    const packed = Buffer.from(pack(codec, text));
    expect(() => unpack(codec, packed.subarray(0, packed.length - 6), 1 << 20, where)).toThrow(
      expect.objectContaining({ code: 'KAFKA_CORRUPT_BATCH', where }),
    );
  });

  const { zstdCompressSync } = zlib as unknown as { zstdCompressSync?: (bytes: Buffer) => Buffer };
  it('unpacks zstd where Node can, and says which Node can where it cannot', () => {
    const packed = zstdCompressSync?.(text) ?? text;
    const refused = expect.objectContaining({ code: 'KAFKA_CODEC', where, message: expect.stringContaining('22.15') });
    const expected = zstdCompressSync === undefined ? refused : text;
    expect(outcomeOf(() => unpack('zstd', packed, 1000, where))).toEqual(expected);
  });

  it('knows the codec bits of the format', () => {
    expect([0, 1, 2, 3, 4, 5].map(codecOf)).toEqual(['none', 'gzip', 'snappy', 'lz4', 'zstd', undefined]);
  });
});
