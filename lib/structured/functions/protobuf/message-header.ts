import { raise } from '../../../kernel/errors.ts';
import { idBytes, schemaIdOf } from '../registry-values.ts';
import { deepest } from './proto-file.ts';
import { WireBytes } from './wire-bytes.ts';

export interface MessageHeader {
  readonly id: number;
  /** The place of the message in its file: `1.0` is the first message in the second one. */
  readonly path: string;
  /** Of the header, in bytes. */
  readonly length: number;
}

/** The header of a message: behind the id how many places there are, and these; nothing is the first message. */
export function messageHeader(bytes: Uint8Array): MessageHeader {
  const id = schemaIdOf(bytes) ?? raise('SCHEMA_REGISTRY_HEADER', {});
  const input = new WireBytes(bytes, idBytes);
  const next = (): number => {
    const value = input.varint();
    // Zigzag; no place is below 0.
    return typeof value === 'number' && value % 2 === 0 ? value / 2 : raise('SCHEMA_REGISTRY_HEADER', {});
  };
  const count = next();
  if (count > deepest) raise('SCHEMA_REGISTRY_HEADER', {});
  const places = count === 0 ? [0] : Array.from({ length: count }, next);
  return { id, path: places.join('.'), length: input.at };
}
