import type { DataType, InternalValue, Long } from '../../../types/data-type.ts';
import { toLong } from '../../../types/long.ts';
import { utf8Bytes, utf8Text } from '../../../types/utf8.ts';
import { bigIntegerBytes } from '../../hashes/value-hash.ts';

/** How items of a type are laid out one after the other. */
export interface ItemBytes {
  readonly write: (items: readonly InternalValue[]) => Uint8Array;
  /** So many items from the front; `undefined` when the bytes are not of them. */
  readonly read: (bytes: Uint8Array, count: number) => readonly InternalValue[] | undefined;
}

type Get = (view: DataView, at: number) => InternalValue;
type Set = (view: DataView, at: number, item: InternalValue) => void;

/** Items of one size, each behind a byte that tells its type where there is one. */
function fixed(size: number, get: Get, set: Set, tag?: number): ItemBytes {
  const front = tag === undefined ? 0 : 1;
  return {
    write(items) {
      const bytes = new Uint8Array(items.length * (front + size));
      const view = new DataView(bytes.buffer);
      items.forEach((item, i) => {
        if (tag !== undefined) bytes[i * (front + size)] = tag;
        set(view, i * (front + size) + front, item);
      });
      return bytes;
    },
    read(bytes, count) {
      const step = front + size;
      if (bytes.length < count * step) return undefined;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const places = Array.from({ length: count }, (_, i) => i * step);
      if (tag !== undefined && places.some((at) => bytes[at] !== tag)) return undefined;
      return places.map((at) => get(view, at + front));
    },
  };
}

/** Items behind their length. */
function counted(encode: (item: InternalValue) => Uint8Array, decode: (bytes: Uint8Array) => InternalValue): ItemBytes {
  return {
    write(items) {
      const parts = items.map(encode);
      const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + 4 + length, 0));
      const view = new DataView(bytes.buffer);
      let at = 0;
      for (const part of parts) {
        view.setInt32(at, part.length, true);
        bytes.set(part, at + 4);
        at += 4 + part.length;
      }
      return bytes;
    },
    read(bytes, count) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const items: InternalValue[] = [];
      let at = 0;
      for (let i = 0; i < count; i++) {
        const length = at + 4 <= bytes.length ? view.getInt32(at, true) : -1;
        if (length < 0 || at + 4 + length > bytes.length) return undefined;
        items.push(decode(bytes.subarray(at + 4, at + 4 + length)));
        at += 4 + length;
      }
      return items;
    },
  };
}

const booleans: ItemBytes = {
  write(items) {
    const bytes = new Uint8Array(Math.ceil(items.length / 8));
    items.forEach((item, i) => {
      if (item === true) bytes[i >> 3] = (bytes[i >> 3] as number) | (1 << (i & 7));
    });
    return bytes;
  },
  read: (bytes, count) =>
    bytes.length < Math.ceil(count / 8)
      ? undefined
      : Array.from({ length: count }, (_, i) => (((bytes[i >> 3] as number) >> (i & 7)) & 1) === 1),
};

const ints = fixed(
  4,
  (view, at) => view.getInt32(at, true),
  (view, at, item) => view.setInt32(at, Number(item), true),
  9,
);
const longs = fixed(
  8,
  (view, at) => toLong(view.getBigInt64(at, true)),
  (view, at, item) => view.setBigInt64(at, BigInt(item as Long), true),
);
const bigIntegers = counted(
  (item) => bigIntegerBytes(BigInt(item as Long)),
  (bytes) => {
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return toLong(digits === '' ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${digits}`)));
  },
);

/** `undefined` for types whose values are not counted. */
export function itemBytesOf(type: DataType): ItemBytes | undefined {
  switch (type.kind) {
    case 'boolean':
      return booleans;
    case 'tinyint':
      return fixed(
        1,
        (view, at) => view.getInt8(at),
        (view, at, item) => view.setInt8(at, item as number),
        2,
      );
    case 'smallint':
      return fixed(
        2,
        (view, at) => view.getInt16(at, true),
        (view, at, item) => view.setInt16(at, item as number, true),
        3,
      );
    case 'int':
    case 'date':
      return ints;
    case 'float':
      return fixed(
        4,
        (view, at) => view.getFloat32(at, true),
        (view, at, item) => view.setFloat32(at, item as number, true),
        6,
      );
    case 'double':
      return fixed(
        8,
        (view, at) => view.getFloat64(at, true),
        (view, at, item) => view.setFloat64(at, item as number, true),
      );
    case 'bigint':
    case 'timestamp':
    case 'timestamp_ntz':
      return longs;
    case 'string':
      return counted((item) => utf8Bytes(item as string), utf8Text);
    case 'decimal':
      if (type.precision <= 9) return ints;
      return type.precision <= 18 ? longs : bigIntegers;
    default:
      return undefined;
  }
}
