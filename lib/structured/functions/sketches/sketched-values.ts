import type { DataType, InternalValue, Long } from '../../types/data-type.ts';
import { utf8Bytes } from '../../types/utf8.ts';
import { type Hash128, murmur3x64 } from '../hashes/murmur3-x64.ts';

/** The seed of all sketches of Apache DataSketches that nobody has given another. */
const seed = 9001;

/**
 * The hash by which a sketch knows a value, or `undefined` for what sketches leave out: null, and what has no bytes. One array serves
 * all calls.
 */
export type SketchHash = (value: InternalValue | undefined) => Hash128 | undefined;

export function sketchHashOf(type: DataType): SketchHash {
  const bytesOf = bytesOfType(type);
  const hash: Hash128 = new Int32Array(4);
  return (value) => {
    if (value === null || value === undefined) return undefined;
    const bytes = bytesOf(value);
    if (bytes.length === 0) return undefined;
    murmur3x64(bytes, seed, hash);
    return hash;
  };
}

/** Numbers count as 64 bits: an INT is as good as a BIGINT, a FLOAT as a DOUBLE. */
function bytesOfType(type: DataType): (value: InternalValue) => Uint8Array {
  switch (type.kind) {
    case 'int':
    case 'bigint': {
      const { bytes, view } = room(8);
      return (value) => {
        putLong(view, 0, value as Long);
        return bytes;
      };
    }
    case 'float':
    case 'double': {
      const { bytes, view } = room(8);
      return (value) => {
        // There is one zero and one NaN.
        view.setFloat64(0, value === 0 ? 0 : (value as number), true);
        return bytes;
      };
    }
    case 'array':
      return type.element.kind === 'int' ? intsOf : longsOf;
    case 'string':
      return (value) => utf8Bytes(value as string);
    default:
      return (value) => value as Uint8Array;
  }
}

/** A null among the elements is a 0, as in Spark. */
function intsOf(value: InternalValue): Uint8Array {
  const items = value as readonly (number | null)[];
  const { bytes, view } = room(4 * items.length);
  items.forEach((item, i) => view.setInt32(4 * i, item ?? 0, true));
  return bytes;
}

function longsOf(value: InternalValue): Uint8Array {
  const items = value as readonly (Long | null)[];
  const { bytes, view } = room(8 * items.length);
  items.forEach((item, i) => putLong(view, 8 * i, item ?? 0));
  return bytes;
}

function room(length: number): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(length);
  return { bytes, view: new DataView(bytes.buffer) };
}

const wordSize = 2 ** 32;

function putLong(view: DataView, at: number, value: Long): void {
  if (typeof value === 'bigint') view.setBigInt64(at, value, true);
  else {
    view.setInt32(at, value, true);
    view.setInt32(at + 4, Math.floor(value / wordSize), true);
  }
}
