import { raise } from '../../kernel/errors.ts';
import type { KafkaHeaders } from './kafka-record.ts';

/** Shared by all records without headers. */
export const noHeaders: KafkaHeaders = Object.freeze({});

/** Reads the headers that stand at `start`: a count, then names and values with their lengths, all as varints. */
export function readHeaders(bytes: Buffer, start: number): KafkaHeaders {
  let at = start;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return (value >>> 1) ^ -(value & 1);
    }
  };
  const count = varint();
  if (count <= 0) return noHeaders;
  const headers: Record<string, Buffer | null | (Buffer | null)[]> = {};
  for (let i = 0; i < count; i++) {
    const nameSize = varint();
    if (nameSize < 0 || at + nameSize > bytes.length) damaged();
    const name = bytes.utf8Slice(at, at + nameSize);
    at += nameSize;
    const size = varint();
    if (at + size > bytes.length) damaged();
    const value = size < 0 ? null : Buffer.from(bytes.subarray(at, at + size));
    at += Math.max(0, size);
    add(headers, name, value);
  }
  return headers;
}

function damaged(): never {
  raise('KAFKA_CORRUPT_BATCH', { reason: 'a header reaches past its end' });
}

function add(headers: Record<string, Buffer | null | (Buffer | null)[]>, name: string, value: Buffer | null): void {
  const earlier = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const next = earlier === undefined ? value : Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
  // Names such as __proto__ are ordinary names.
  Object.defineProperty(headers, name, { value: next, enumerable: true, configurable: true, writable: true });
}
