/** Integers of one row. */
const rowInts = 6;
/** Hash of the key. */
export const hashField = 0;
/** Address of the block that holds the key and, behind it, the value. */
export const addressField = 1;
/** Negative for a row that is no more. */
export const keyBytesField = 2;
/** Negative for a key that was removed in this batch. */
export const valueBytesField = 3;
/** Bytes of the block. */
export const capacityField = 4;
/** Number of the row among the changes of this batch, from 1; 0 for an unchanged row. */
export const changeField = 5;

const chunkBits = 14;
const chunkRows = 1 << chunkBits;
const firstRows = 16;

/** Rows of integers in chunks, so that growing never copies more than one chunk. */
export class RowList {
  private chunks: Int32Array[] = [];
  count = 0;

  /** The chunk that holds `row`; its integers begin at `at(row)`. May be replaced by `push`. */
  chunk(row: number): Int32Array {
    return this.chunks[row >>> chunkBits] as Int32Array;
  }

  at(row: number): number {
    return (row & (chunkRows - 1)) * rowInts;
  }

  get(row: number, field: number): number {
    return this.chunk(row)[this.at(row) + field] as number;
  }

  set(row: number, field: number, value: number): void {
    this.chunk(row)[this.at(row) + field] = value;
  }

  push(hash: number, address: number, keyBytes: number, capacity: number, valueBytes: number): number {
    const row = this.count++;
    let chunk = this.chunks[row >>> chunkBits];
    const at = this.at(row);
    if (chunk === undefined || at >= chunk.length) chunk = this.grow(row >>> chunkBits);
    chunk[at + hashField] = hash;
    chunk[at + addressField] = address;
    chunk[at + keyBytesField] = keyBytes;
    chunk[at + valueBytesField] = valueBytes;
    chunk[at + capacityField] = capacity;
    chunk[at + changeField] = 0;
    return row;
  }

  /** Moves a row to an earlier place. */
  move(from: number, to: number): void {
    const source = this.at(from);
    this.chunk(to).set(this.chunk(from).subarray(source, source + rowInts), this.at(to));
  }

  truncate(count: number): void {
    this.count = count;
    this.chunks.length = Math.ceil(count / chunkRows);
  }

  private grow(index: number): Int32Array {
    const old = this.chunks[index];
    const rows = old === undefined ? (index === 0 ? firstRows : chunkRows) : (old.length / rowInts) * 2;
    const larger = new Int32Array(Math.min(rows, chunkRows) * rowInts);
    if (old !== undefined) larger.set(old);
    this.chunks[index] = larger;
    return larger;
  }
}
