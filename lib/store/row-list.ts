const chunkBits = 14;
const chunkRows = 1 << chunkBits;
const firstRows = 16;
/** No block begins there: it is the last word of the last slab. */
const hole = -1;

/** The address of each row's block, in the order in which the rows came; in chunks, so that growing never copies more than one. */
export class RowList {
  private chunks: Int32Array[] = [];
  count = 0;

  /** `hole` where the row is no more. */
  get(row: number): number {
    return (this.chunks[row >>> chunkBits] as Int32Array)[row & (chunkRows - 1)] as number;
  }

  set(row: number, address: number): void {
    (this.chunks[row >>> chunkBits] as Int32Array)[row & (chunkRows - 1)] = address;
  }

  isHole(row: number): boolean {
    return this.get(row) === hole;
  }

  empty(row: number): void {
    this.set(row, hole);
  }

  push(address: number): number {
    const row = this.count++;
    const at = row & (chunkRows - 1);
    let chunk = this.chunks[row >>> chunkBits];
    if (chunk === undefined || at >= chunk.length) chunk = this.grow(row >>> chunkBits);
    chunk[at] = address;
    return row;
  }

  truncate(count: number): void {
    this.count = count;
    this.chunks.length = Math.ceil(count / chunkRows);
  }

  private grow(index: number): Int32Array {
    const old = this.chunks[index];
    const rows = old === undefined ? (index === 0 ? firstRows : chunkRows) : old.length * 2;
    const larger = new Int32Array(Math.min(rows, chunkRows));
    if (old !== undefined) larger.set(old);
    this.chunks[index] = larger;
    return larger;
  }
}
