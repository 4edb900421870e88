import { CodecReader } from './codec-reader.ts';
import { CodecWriter } from './codec-writer.ts';

export { toStored } from './codec-refusal.ts';

/**
 * The bytes of a value, in the stored format (`codec-tags.ts`). What comes back from `decode` is equal to it in kind and content.
 *
 * - Kept exactly: `null`, booleans, numbers (also -0, NaN and the infinities), bigint, text (also lone surrogates), `Date` (also an
 *   invalid one), `Uint8Array`, arrays, plain objects (also an own `__proto__`), `Map`, `Set`, and any nesting of them.
 * - An object with a method `[toStored]()` is stored as what that returns.
 * - Refused with a code and the path: `undefined`, functions, symbols, other class instances, cycles, nesting over 200 levels.
 * - Not stored: properties under a symbol, and those that are not enumerable. A `Buffer` comes back as `Uint8Array`.
 *
 * @example
 * decode(encode({ a: [1, -0, 2n] }))   // => { a: [1, -0, 2n] }
 */
export function encode(value: unknown): Uint8Array {
  return taken((writer) => {
    writer.value(value);
  });
}

/**
 * The bytes of a key: equal for keys that are equal by value. -0 is 0, names of properties and entries of maps and sets are sorted,
 * an object without prototype is a plain one.
 */
export function encodeKey(key: unknown): Uint8Array {
  return taken((writer) => {
    writer.key(key);
  });
}

/** Used again and again. Each use begins where it found the end and puts it back: a method of the value may encode something itself. */
let scratch = new CodecWriter(1024);
const keptBytes = 1 << 20;

function taken(write: (writer: CodecWriter) => void): Uint8Array {
  const writer = scratch;
  const start = writer.length;
  try {
    write(writer);
    return writer.bytes.slice(start, writer.length);
  } finally {
    writer.length = start;
    // The room of one exceptional value is not kept for ever.
    if (start === 0 && writer.bytes.length > keptBytes) scratch = new CodecWriter(1024);
  }
}

/** The value of bytes made by `encode` or `encodeKey`. Bytes that are damaged raise `STATE_BYTES_DAMAGED`; none can hang it. */
export function decode(bytes: Uint8Array): unknown {
  return new CodecReader().whole(bytes);
}
