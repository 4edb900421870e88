import { describe, expect, it } from '@jest/globals';
import { crc32 } from '@node-rs/crc32';
import { gzipSync } from 'node:zlib';
import { recordsOf, shown, stretch } from './log-stretch.ts';
import { batchOf } from './log-stretch.ts';

interface OldMessage {
  readonly magic: 0 | 1;
  readonly offset: number;
  readonly value: Buffer | string | null;
  readonly key?: string;
  readonly timestamp?: number;
  readonly attributes?: number;
}

function blob(content: Buffer | string | null | undefined): Buffer {
  const bytes = content === null || content === undefined ? undefined : Buffer.from(content);
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes?.length ?? -1);
  return Buffer.concat([size, bytes ?? Buffer.alloc(0)]);
}

/** An entry as brokers before Kafka 0.11 wrote it. */
function message({ magic, offset, value, key, timestamp = 0, attributes = 0 }: OldMessage): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigInt64BE(BigInt(timestamp));
  const fields = Buffer.concat([
    Buffer.from([magic, attributes]),
    magic === 1 ? time : Buffer.alloc(0),
    blob(key),
    blob(value),
  ]);
  const head = Buffer.alloc(16);
  head.writeBigInt64BE(BigInt(offset), 0);
  head.writeInt32BE(fields.length + 4, 8);
  head.writeUInt32BE(crc32(fields) >>> 0, 12);
  return Buffer.concat([head, fields]);
}

describe('logs of the old formats', () => {
  it('are read message by message (magic 0 has no time)', () => {
    const log = stretch([
      message({ magic: 0, offset: 3, value: 'a', key: 'k' }),
      message({ magic: 0, offset: 5, value: null }),
    ]);
    expect(recordsOf(log, 3)).toMatchObject([
      { offset: 3, key: 'k', value: 'a', timestamp: -1 },
      { offset: 5, key: null, value: null },
    ]);
  });

  it('count inner offsets from the outer one (magic 1, packed)', () => {
    const inner = Buffer.concat(
      ['a', 'b', 'ü'].map((value, i) => message({ magic: 1, offset: i, value, timestamp: 100 + i })),
    );
    const log = stretch([message({ magic: 1, offset: 12, value: gzipSync(inner), attributes: 1 })]);
    expect(shown(log)).toBe('10:a 11:b 12:ü');
    expect(shown(log, 11)).toBe('11:b 12:ü');
    expect(recordsOf(log).map(({ timestamp }) => timestamp)).toEqual([100, 101, 102]);
  });

  it('take the time of the broker for all inner messages', () => {
    const inner = message({ magic: 1, offset: 0, value: 'a', timestamp: 1 });
    const log = stretch([message({ magic: 1, offset: 0, value: gzipSync(inner), attributes: 1 | 8, timestamp: 77 })]);
    expect(recordsOf(log)[0]?.timestamp).toBe(77);
  });

  it('stand before today’s batches in one answer', () => {
    const headers = batchOf(2, ['new'], { codec: 'lz4' });
    expect(shown(stretch([message({ magic: 1, offset: 1, value: 'old' }), headers]), 1)).toBe('1:old 2:new');
  });

  it('are refused when their checksum is wrong', () => {
    const log = stretch([message({ magic: 0, offset: 3, value: 'a' })]);
    log.bytes[log.end - 1] = 0;
    expect(() => shown(log)).toThrow(
      expect.objectContaining({ code: 'KAFKA_CORRUPT_BATCH', where: expect.objectContaining({ offset: 3 }) }),
    );
  });
});
