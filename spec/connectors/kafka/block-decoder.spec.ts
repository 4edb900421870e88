import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeBlocks, nextPosition } from '../../../lib/connectors/kafka/block-decoder.ts';
import { encodeRecordBatch, type OutgoingRecord } from '../../../lib/connectors/kafka/record-batch-encoder.ts';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { batchOf, limits, marker, record, recordsOf, shown, stretch, transactionBatch } from './log-stretch.ts';

const codecs = ['none', 'gzip', 'snappy', 'lz4'] as const;

function codeOf(work: () => unknown): unknown {
  try {
    work();
    return 'no error';
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { code: error.code, ...error.where };
  }
}

function usedMemory(sizeBytes: number): ArrayBuffer {
  return new Uint8Array(sizeBytes + 40).fill(0xa5).buffer;
}

describe('decoding a stretch of the log', () => {
  it.each(codecs)('reads batches packed with %s', (codec) => {
    const log = stretch([batchOf(5, ['a', 'b'], { codec }), batchOf(7, ['ü', ''], { codec })]);
    expect(shown(log)).toBe('5:a 6:b 7:ü 8:');
    expect(nextPosition(log)).toBe(9);
  });

  it('reads packed and plain batches beside each other, in order', () => {
    const log = stretch([batchOf(0, ['a'], { codec: 'gzip' }), batchOf(1, ['b']), batchOf(2, ['c'], { codec: 'lz4' })]);
    expect(shown(log)).toBe('0:a 1:b 2:c');
  });

  it.each(codecs)('begins inside a batch (%s)', (codec) => {
    const log = stretch([batchOf(0, ['a', 'b', 'c', 'd'], { codec })]);
    expect(shown(log, 2)).toBe('2:c 3:d');
  });

  it.each(codecs)('puts columns into memory that was used before, of any content (%s)', (codec) => {
    const log = stretch([batchOf(3, ['a', 'bc', ''], { codec }), batchOf(9, ['é'], { codec })]);
    expect(recordsOf(log, 0, { columns: usedMemory })).toEqual(recordsOf(log));
  });

  it('leaves out a batch that is cut off, and asks for it next', () => {
    const log = stretch([batchOf(0, ['a', 'b']), batchOf(2, ['c', 'd'])]);
    for (const cut of [1, 20, 61, 70]) {
      const cutOff = { ...log, end: log.end - cut };
      expect([shown(cutOff), nextPosition(cutOff)]).toEqual(['0:a 1:b', 2]);
    }
  });

  it('goes on behind holes that compaction left, inside a batch and at its end', () => {
    const holes = batchOf(10, ['a', 'b', 'c'], { offsetDeltas: [0, 3, 7], lastOffsetDelta: 9 });
    const log = stretch([holes, batchOf(25, ['d'])]);
    expect(shown(log)).toBe('10:a 13:b 17:c 25:d');
    expect(shown(log, 14)).toBe('17:c 25:d');
    expect(nextPosition(stretch([holes]))).toBe(20);
  });

  it('moves over a batch from which compaction took everything', () => {
    const log = stretch([batchOf(4, [], { lastOffsetDelta: 5 })]);
    expect([...decodeBlocks(log, 4, limits)]).toMatchObject([{ from: 4, next: 10, count: 0 }]);
  });

  it('keeps null keys and values, timestamps and headers', () => {
    const headers = [
      ['trace', Buffer.from('1')],
      ['trace', null],
      ['__proto__', Buffer.from('p')],
    ] as const;
    const log = stretch([
      encodeRecordBatch([
        { key: Buffer.from('k'), value: null, headers, timestamp: 5000 },
        { key: null, value: Buffer.from('v'), headers: [], timestamp: 4000 },
      ]),
    ]);
    expect(recordsOf(log)).toEqual([
      {
        topic: 't',
        partition: 3,
        offset: 0,
        timestamp: 5000,
        key: 'k',
        value: null,
        headers: Object.fromEntries([
          ['trace', [Buffer.from('1'), null]],
          ['__proto__', Buffer.from('p')],
        ]),
      },
      { topic: 't', partition: 3, offset: 1, timestamp: 4000, key: null, value: 'v', headers: {} },
    ]);
  });

  it('takes the time of the broker where it gave one', () => {
    const batch = encodeRecordBatch([record('a', null, 1), record('b', null, 9)], { attributes: 0x08 });
    expect(recordsOf(stretch([batch])).map(({ timestamp }) => timestamp)).toEqual([9, 9]);
  });

  it('gathers unpacked batches into blocks of bounded size', () => {
    const value = 'x'.repeat(900);
    const batches = Array.from({ length: 20 }, (_, i) => batchOf(i * 2, [value, value], { codec: 'gzip' }));
    const blocks = [...decodeBlocks(stretch(batches), 0, limits)];
    expect(blocks.length).toBeGreaterThan(5);
    expect(Math.max(...blocks.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(limits.blockBytes);
    expect(blocks.reduce((sum, { count }) => sum + count, 0)).toBe(40);
  });

  it('gives any records back as they were written', () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)));
    const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 30 }).map((value) => Buffer.from(value)));
    const outgoing = fc.record({
      key: text,
      value: text,
      headers: fc.array(fc.tuple(fc.string({ maxLength: 5 }), bytes), { maxLength: 2 }),
      timestamp: fc.nat({ max: 2 ** 40 }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(outgoing, { minLength: 1, maxLength: 12 }), fc.constantFrom(...codecs)), {
          maxLength: 5,
        }),
        fc.nat({ max: 2 ** 45 }),
        (batches, base) => {
          let next = base;
          const written: [number, OutgoingRecord][] = [];
          const encoded = batches.map(([records, codec]) => {
            records.forEach((each, i) => written.push([next + i, each]));
            next += records.length;
            return encodeRecordBatch(records, { codec, baseOffset: next - records.length });
          });
          const read = recordsOf(stretch(encoded), base);
          expect(read.map(({ offset, timestamp, key, value }) => [offset, timestamp, key, value])).toEqual(
            written.map(([offset, { timestamp, key, value }]) => [
              offset,
              timestamp,
              key === null ? null : Buffer.from(key).toString(),
              value === null ? null : Buffer.from(value).toString(),
            ]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('rolled-back transactions', () => {
  it.each([
    [
      'overlap: B begins later and ends first, then A',
      [
        transactionBatch(0, 1, ['a']),
        transactionBatch(1, 2, ['b']),
        marker(2, 2, 'abort'),
        transactionBatch(3, 1, ['A']),
        marker(4, 1, 'abort'),
        batchOf(5, ['ok']),
      ],
      [
        { producerId: 2n, firstOffset: 1 },
        { producerId: 1n, firstOffset: 0 },
      ],
      0,
      '5:ok',
    ],
    [
      'the fetch begins inside both',
      [
        transactionBatch(4, 1, ['a']),
        transactionBatch(5, 2, ['b']),
        marker(6, 2, 'abort'),
        marker(7, 1, 'abort'),
        batchOf(8, ['ok']),
      ],
      [
        { producerId: 2n, firstOffset: 3 },
        { producerId: 1n, firstOffset: 1 },
      ],
      4,
      '8:ok',
    ],
    [
      'only the one that was rolled back',
      [transactionBatch(0, 1, ['a']), transactionBatch(1, 2, ['b']), marker(2, 1, 'commit'), marker(3, 2, 'abort')],
      [{ producerId: 2n, firstOffset: 1 }],
      0,
      '0:a',
    ],
    [
      'the same producer commits its next one',
      [transactionBatch(0, 1, ['a']), marker(1, 1, 'abort'), transactionBatch(2, 1, ['b']), marker(3, 1, 'commit')],
      [{ producerId: 1n, firstOffset: 0 }],
      0,
      '2:b',
    ],
    [
      'the same producer rolls back twice, with a commit between',
      [
        transactionBatch(0, 1, ['a']),
        marker(1, 1, 'abort'),
        transactionBatch(2, 1, ['b']),
        marker(3, 1, 'commit'),
        transactionBatch(4, 1, ['c']),
        marker(5, 1, 'abort'),
      ],
      [
        { producerId: 1n, firstOffset: 4 },
        { producerId: 1n, firstOffset: 0 },
      ],
      0,
      '2:b',
    ],
    [
      'records outside of transactions of the same producer stay',
      [transactionBatch(0, 1, ['a']), batchOf(1, ['plain'], { producerId: 1n }), marker(2, 1, 'abort')],
      [{ producerId: 1n, firstOffset: 0 }],
      0,
      '1:plain',
    ],
  ])('%s', (_, batches, aborted, from, expected) => {
    expect(shown(stretch(batches, aborted), from)).toBe(expected);
  });

  it('are delivered to whoever reads uncommitted records, the markers are not', () => {
    const log = stretch([transactionBatch(0, 1, ['a']), marker(1, 1, 'abort')], []);
    expect(shown(log, 0, { readCommitted: false })).toBe('0:a');
  });
});

describe('damage', () => {
  it('is found by the checksum and located', () => {
    const log = stretch([batchOf(0, ['a']), batchOf(1, ['b', 'c'])]);
    log.bytes[log.end - 3] = 0xff;
    expect(codeOf(() => shown(log))).toEqual({ code: 'KAFKA_CORRUPT_BATCH', topic: 't', partition: 3, offset: 1 });
  });

  it.each([
    ['a count that its bytes cannot hold', (batch: Buffer) => batch.writeInt32BE(1 << 30, 57)],
    ['a negative count', (batch: Buffer) => batch.writeInt32BE(-1, 57)],
    ['an unknown codec', (batch: Buffer) => batch.writeInt16BE(7, 21)],
    ['a packed codec over plain bytes', (batch: Buffer) => batch.writeInt16BE(1, 21)],
  ])('is refused: %s', async (_, damage) => {
    const { crc32c } = await import('@node-rs/crc32');
    const batch = batchOf(9, ['a', 'b']);
    damage(batch);
    batch.writeUInt32BE(crc32c(batch.subarray(21)) >>> 0, 17);
    expect(codeOf(() => shown(stretch([batch])))).toMatchObject({ code: 'KAFKA_CORRUPT_BATCH', offset: 9 });
  });

  it('names a record that is larger than allowed', () => {
    const log = stretch([batchOf(40, ['a', 'x'.repeat(2000)])]);
    expect(codeOf(() => shown(log, 0, { maxRecordBytes: 1000 }))).toEqual({
      code: 'KAFKA_RECORD_TOO_LARGE',
      topic: 't',
      partition: 3,
      offset: 41,
    });
  });

  it.each(codecs.slice(1))('refuses a batch that unpacks to too much (%s)', (codec) => {
    const log = stretch([batchOf(7, ['0'.repeat(1_000_000)], { codec })]);
    expect(log.bytes.length).toBeLessThan(60_000);
    expect(codeOf(() => shown(log, 0, { maxBatchBytes: 100_000 }))).toMatchObject({
      code: 'KAFKA_BATCH_TOO_LARGE',
      offset: 7,
    });
  });

  it('ends in a coded error or in records whatever the bytes are, also under a right checksum', async () => {
    const { crc32c } = await import('@node-rs/crc32');
    const whole = encodeRecordBatch(
      ['a', 'bb', 'ccc'].map((value) =>
        Object.assign(record(value, 'k'), { headers: [['h', Buffer.from('1')]] as const }),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: whole.length - 22 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const batch = Buffer.from(whole);
          for (const [at, byte] of changes) batch[21 + at] = byte;
          batch.writeUInt32BE(crc32c(batch.subarray(21)) >>> 0, 17);
          expect(['no error', expect.anything()]).toContainEqual(codeOf(() => shown(stretch([batch]))));
        },
      ),
      { numRuns: 500 },
    );
  });
});
