import { describe, expect, it } from '@jest/globals';
import { Decoder } from '../../../lib/broker/protocol/decoder.ts';
import { array, int32, list, string, Struct } from '../../../lib/broker/protocol/schema.ts';

function int32Bytes(...values: number[]): number[] {
  return values.flatMap((value) => [(value >> 24) & 255, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
}

describe('a request that is not what it claims', () => {
  const classic = { isFlexible: false };
  const flexible = { isFlexible: true };
  const names = new Struct({ names: list(string()) });
  const pairs = new Struct({ pairs: array({ a: int32(), b: int32() }) });
  const text = new Struct({ text: string() });

  it.each([
    [
      'has more elements than bytes',
      names,
      int32Bytes(0x7fffffff),
      classic,
      'an array of 2147483647 elements in 0 bytes',
    ],
    [
      'has elements that are cut short',
      pairs,
      [...int32Bytes(2), ...int32Bytes(1, 2), 0, 0],
      classic,
      'a field of 4 bytes where 2 are left',
    ],
    ['has a string beyond its end', text, [0x7f, 0xff, 65], classic, 'a field of 32767 bytes where 1 are left'],
    ['has null for a string', text, [0xff, 0xff], classic, 'null for a string that must not be null'],
    ['has null for an array', names, int32Bytes(-1), classic, 'null for a array that must not be null'],
    [
      'has a varint of six bytes',
      text,
      [0xff, 0xff, 0xff, 0xff, 0xff, 1],
      flexible,
      'a variable-length number above 31 bits',
    ],
    [
      'has a varint of 32 bits',
      text,
      [0xff, 0xff, 0xff, 0xff, 0x0f],
      flexible,
      'a variable-length number above 31 bits',
    ],
    ['has a tagged field beyond its end', text, [2, 65, 1, 0, 100], flexible, 'a field of 100 bytes where 0 are left'],
    [
      'has more tagged fields than bytes',
      text,
      [2, 65, 0xff, 0xff, 0xff, 0xff, 0x07],
      flexible,
      'a field of 1 bytes where 0 are left',
    ],
  ] as const)('%s', (_, struct, bytes, { isFlexible }, what) => {
    const input = new Decoder(Buffer.from([...bytes]));
    expect(() => struct.read(input, 0, isFlexible)).toThrow(`does not allow: ${what}.`);
  });

  it('has more elements than one request may have', () => {
    const bytes = Buffer.alloc(4 + 2 * 200_001);
    bytes.writeInt32BE(200_001);
    expect(() => names.read(new Decoder(bytes), 0, false)).toThrow('more than 200000 array elements');
  });
});

describe('tagged fields that nobody knows', () => {
  it('are skipped, also those of nested structures', () => {
    const struct = new Struct({ items: array({ a: int32() }), after: string() });
    const unknown = [2, 9, 2, 77, 77, 200, 1, 1, 77];
    const bytes = Buffer.from([2, ...int32Bytes(5), ...unknown, 2, 66, ...unknown]);
    expect(struct.read(new Decoder(bytes), 0, true)).toEqual({ items: [{ a: 5 }], after: 'B' });
  });
});

describe('numbers of 64 bits', () => {
  it.each([
    ['0000000000000000', 0],
    ['ffffffffffffffff', -1],
    ['0000018bcfe56800', 1_700_000_000_000],
    ['001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['fffffffffffffffd', -3],
  ])('%s is %d', (hex, value) => {
    expect(new Decoder(Buffer.from(hex, 'hex')).int64()).toBe(value);
  });
});
