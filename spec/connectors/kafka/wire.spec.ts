import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { WireReader, WireWriter } from '../../../lib/connectors/kafka/wire.ts';

describe('the wire format', () => {
  it('writes 64-bit numbers as BigInt does, and reads them back', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const { bytes } = new WireWriter(1).int64(value);
        expect(bytes.readBigInt64BE(0)).toBe(BigInt(value));
        expect(new WireReader(bytes).int64()).toBe(value);
      }),
    );
  });

  it('reads back what it writes, across growth of its buffer', () => {
    const { bytes } = new WireWriter(1)
      .int8(-2)
      .int16(-3)
      .int32(-4)
      .text('ü')
      .text(null)
      .list([1, 2], () => undefined);
    const reader = new WireReader(bytes);
    expect([reader.int8(), reader.int16(), reader.int32(), reader.text(), reader.text(), reader.int32()]).toEqual([
      -2,
      -3,
      -4,
      'ü',
      null,
      2,
    ]);
    expect(reader.remaining).toBe(0);
  });

  it('does not believe a count that the bytes cannot hold', () => {
    const reader = new WireReader(new WireWriter().int32(0x7fff_ffff).bytes);
    expect(() => reader.list(() => reader.int64())).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });
});
