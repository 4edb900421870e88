import { raise } from '../kernel/errors.ts';

/**
 * Changed keys of one table, packed: for each the key's length, the value's length plus 1 (0 for a removed key), the key, the
 * value; lengths as unsigned LEB128. A base has the same form with no key removed.
 *
 * The result comes in parts of about `partBytes`, cut between keys, so that none is a burden on whoever stores it.
 */
export class DeltaWriter {
  readonly parts: Uint8Array[] = [];
  /** Keys written so far. */
  count = 0;
  private readonly partBytes: number;
  private bytes: Uint8Array;
  private length = 0;

  constructor(partBytes: number) {
    this.partBytes = partBytes;
    this.bytes = new Uint8Array(Math.min(partBytes, 4096));
  }

  /** Bytes written so far. */
  get sizeBytes(): number {
    return this.parts.reduce((sum, part) => sum + part.length, this.length);
  }

  /** Key and value stand side by side in `source` from `at`; `valueBytes` is negative for a removed key. */
  add(source: Uint8Array, at: number, keyBytes: number, valueBytes: number): void {
    this.begin(keyBytes, valueBytes);
    this.copy(source, at, keyBytes + Math.max(0, valueBytes));
  }

  /** As `add`, with the value standing elsewhere. */
  addApart(
    source: Uint8Array,
    at: number,
    keyBytes: number,
    value: Uint8Array,
    valueAt: number,
    valueBytes: number,
  ): void {
    this.begin(keyBytes, valueBytes);
    this.copy(source, at, keyBytes);
    this.copy(value, valueAt, Math.max(0, valueBytes));
  }

  /** Ends the last part. */
  finish(): readonly Uint8Array[] {
    if (this.length > 0) this.parts.push(this.bytes.slice(0, this.length));
    this.length = 0;
    return this.parts;
  }

  private begin(keyBytes: number, valueBytes: number): void {
    const needed = 10 + keyBytes + Math.max(0, valueBytes);
    if (this.length > 0 && this.length + needed > this.partBytes) this.finish();
    if (this.length + needed > this.bytes.length) this.grow(needed);
    this.count++;
    this.varint(keyBytes);
    this.varint(valueBytes + 1);
  }

  private copy(source: Uint8Array, at: number, sizeBytes: number): void {
    const { bytes, length } = this;
    if (sizeBytes > 64) bytes.set(source.subarray(at, at + sizeBytes), length);
    else for (let i = 0; i < sizeBytes; i++) bytes[length + i] = source[at + i] as number;
    this.length = length + sizeBytes;
  }

  private varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(this.length + needed, Math.min(this.bytes.length * 2, this.partBytes)));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

export interface DeltaVisitor {
  /** `valueBytes` is negative for a removed key; the value follows the key. */
  (source: Uint8Array, at: number, keyBytes: number, valueBytes: number): void;
}

/** Visits the entries of a part. One that is damaged raises `STATE_BYTES_DAMAGED`; entries before the damage were visited. */
export function readDelta(bytes: Uint8Array, visit: DeltaVisitor): void {
  const end = bytes.length;
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (at >= end) break;
      const byte = bytes[at++] as number;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    return raise('STATE_BYTES_DAMAGED', { what: 'a broken length', position: at });
  };
  while (at < end) {
    const keyBytes = varint();
    const valueBytes = varint() - 1;
    const next = at + keyBytes + Math.max(0, valueBytes);
    if (next > end) raise('STATE_BYTES_DAMAGED', { what: 'an entry beyond the end', position: at });
    visit(bytes, at, keyBytes, valueBytes);
    at = next;
  }
}
