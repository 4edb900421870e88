import type { CalendarInterval, DataType, InternalValue, Long, MapValue } from '../../types/data-type.ts';
import { murmur3Int, murmur3Long, murmur3Unsafe } from './murmur3.ts';
import { xxHash64Bytes, xxHash64Int, xxHash64Long } from './xxhash64.ts';

interface Hasher<H> {
  readonly int: (value: number, seed: H) => H;
  readonly long: (value: bigint, seed: H) => H;
  readonly bytes: (value: Uint8Array, seed: H) => H;
}

type HashOf<H> = (value: InternalValue, seed: H) => H;

const utf8 = new TextEncoder();
const floats = new DataView(new ArrayBuffer(8));

/** How a value of a type is hashed: null leaves the seed as it is, parts of arrays and structs go one after the other. */
function hashOf<H>(type: DataType, hasher: Hasher<H>): HashOf<H> {
  const hash = nonNull(type, hasher);
  return (value, seed) => (value === null ? seed : hash(value, seed));
}

function nonNull<H>(type: DataType, hasher: Hasher<H>): HashOf<H> {
  switch (type.kind) {
    case 'boolean':
      return (value, seed) => hasher.int(value === true ? 1 : 0, seed);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'date':
    case 'interval year to month':
      return (value, seed) => hasher.int(value as number, seed);
    case 'float':
      return (value, seed) => {
        floats.setFloat32(0, value === 0 ? 0 : (value as number));
        return hasher.int(floats.getInt32(0), seed);
      };
    case 'double':
      return (value, seed) => {
        floats.setFloat64(0, value === 0 ? 0 : (value as number));
        return hasher.long(floats.getBigInt64(0), seed);
      };
    case 'bigint':
    case 'timestamp':
    case 'timestamp_ntz':
    case 'time':
    case 'interval day to second':
      return (value, seed) => hasher.long(BigInt(value as Long), seed);
    case 'decimal':
      return type.precision <= 18
        ? (value, seed) => hasher.long(BigInt(value as Long), seed)
        : (value, seed) => hasher.bytes(bigIntegerBytes(BigInt(value as Long)), seed);
    case 'string':
      return (value, seed) => hasher.bytes(utf8.encode(value as string), seed);
    case 'binary':
      return (value, seed) => hasher.bytes(value as Uint8Array, seed);
    case 'interval':
      return (value, seed) => {
        const { months, days, micros } = value as CalendarInterval;
        return hasher.int(months, hasher.int(days, hasher.long(BigInt(micros), seed)));
      };
    case 'array': {
      const element = hashOf(type.element, hasher);
      return (value, seed) => (value as readonly InternalValue[]).reduce<H>((hash, item) => element(item, hash), seed);
    }
    case 'struct': {
      const fields = type.fields.map((field) => hashOf(field.type, hasher));
      return (value, seed) =>
        fields.reduce<H>((hash, field, i) => field((value as readonly InternalValue[])[i] ?? null, hash), seed);
    }
    case 'map': {
      const key = hashOf(type.key, hasher);
      const item = hashOf(type.value, hasher);
      return (value, seed) => {
        const { keys, values } = value as MapValue;
        return keys.reduce<H>((hash, name, i) => item(values[i] ?? null, key(name, hash)), seed);
      };
    }
    case 'void':
      return (_value, seed) => seed;
    default:
      return type satisfies never;
  }
}

/** As java.math.BigInteger.toByteArray: two's complement, big endian, as short as can be. */
export function bigIntegerBytes(value: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  const bytes = new Uint8Array(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

/** Spark's `hash`: Murmur3. Signed 32 bits. */
export function murmur3Of(type: DataType): (value: InternalValue, seed: number) => number {
  return hashOf(type, { int: murmur3Int, long: murmur3Long, bytes: murmur3Unsafe });
}

/** Spark's `xxhash64`. Unsigned 64 bits. */
export function xxHash64Of(type: DataType): (value: InternalValue, seed: bigint) => bigint {
  return hashOf(type, { int: xxHash64Int, long: xxHash64Long, bytes: xxHash64Bytes });
}
