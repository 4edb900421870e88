import type { InternalValue, Long } from '../../types/data-type.ts';
import { toLong } from '../../types/long.ts';
import type { WireBytes } from './wire-bytes.ts';

/** How a scalar stands in the bytes: 0 varint, 1 eight bytes, 2 with its length, 5 four bytes. */
export function wireOf(scalar: string): 0 | 1 | 2 | 5 {
  if (scalar === 'string' || scalar === 'bytes') return 2;
  if (scalar === 'double' || scalar.endsWith('fixed64')) return 1;
  return scalar === 'float' || scalar.endsWith('fixed32') ? 5 : 0;
}

export const signed32 = (value: Long): number =>
  typeof value === 'number' && value < 2 ** 31 ? value : Number(BigInt.asIntN(32, BigInt(value)));

const signed64 = (value: Long): Long => (typeof value === 'number' ? value : toLong(BigInt.asIntN(64, value)));

const zigzag = (value: Long): Long => {
  const whole = BigInt(value);
  return toLong((whole >> 1n) ^ -(whole & 1n));
};

/** Reads one scalar. Unsigned ones are Spark's signed types of as many bits, unless they are upcast. */
export function scalarReader(
  scalar: string,
  how: { readonly upcasts: boolean; readonly isStrict: boolean },
): (bytes: WireBytes, limit: number) => InternalValue {
  switch (scalar) {
    case 'int32':
      return (bytes) => signed32(bytes.varint());
    case 'uint32':
      return how.upcasts
        ? (bytes) => Number(BigInt.asUintN(32, BigInt(bytes.varint())))
        : (bytes) => signed32(bytes.varint());
    case 'sint32':
      return (bytes) => signed32(zigzag(toLong(BigInt.asUintN(32, BigInt(bytes.varint())))));
    case 'int64':
      return (bytes) => signed64(bytes.varint());
    case 'uint64':
      return how.upcasts ? (bytes) => bytes.varint() : (bytes) => signed64(bytes.varint());
    case 'sint64':
      return (bytes) => zigzag(bytes.varint());
    case 'bool':
      return (bytes) => bytes.varint() !== 0;
    case 'fixed32':
    case 'sfixed32':
      return (bytes) => signed32(bytes.fixed32());
    case 'fixed64':
    case 'sfixed64':
      return (bytes) => signed64(bytes.fixed64());
    case 'float':
      return (bytes) => bytes.float();
    case 'double':
      return (bytes) => bytes.double();
    case 'string':
      return (bytes, limit) => bytes.text(bytes.end(limit), how.isStrict);
    default:
      return (bytes, limit) => bytes.slice(bytes.end(limit));
  }
}

/** What a scalar is when it is absent. */
export function zeroOf(scalar: string): InternalValue {
  if (scalar === 'string') return '';
  if (scalar === 'bytes') return new Uint8Array();
  return scalar === 'bool' ? false : 0;
}

/** Whether a value is what an absent one would be. */
export function isZero(value: InternalValue): boolean {
  return Object.is(value, 0) || value === '' || value === false || (value instanceof Uint8Array && value.length === 0);
}
