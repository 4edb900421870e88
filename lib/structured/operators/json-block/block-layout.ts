/** How many records are scanned in one go: what they need stays in the processor's cache until it is read. */
export const rowsAtOnce = 256;
/** The bytes that they may take; a longer record is left to the scanner of single records. */
const dataBytes = 1 << 18;

/** What the scanner notes of a field. Texts and times: where they stand; numbers as such; truth values as 0 or 1. */
export type FieldKind = 'text' | 'int' | 'bigint' | 'double' | 'boolean' | 'timestamp' | 'nothing';

/**
 * The memory of a block scanner. The first bytes are zero for ever: what begins there is no record. Then a byte for each record (1: all
 * of it was plain), where each begins and ends, 8 bytes a record for each field, and the records themselves.
 */
export class BlockLayout {
  readonly sure = 64;
  readonly from = this.sure + rowsAtOnce;
  readonly until = this.from + 4 * rowsAtOnce;
  readonly data: number;
  readonly dataUntil: number;
  readonly size: number;

  constructor(fields: number) {
    this.data = this.field(fields);
    this.dataUntil = this.data + dataBytes;
    // Behind the records: zeros, which end every run over bytes.
    this.size = this.dataUntil + 64;
  }

  /** A field's places: doubles, or 32 bits for its start and, behind all starts, as many for its end. */
  field(index: number): number {
    return this.until + 4 * rowsAtOnce + 8 * rowsAtOnce * index;
  }

  ends(index: number): number {
    return this.field(index) + 4 * rowsAtOnce;
  }
}
