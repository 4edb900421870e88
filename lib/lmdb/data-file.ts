import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const magic = 0xbeefc0de;
const pageSizes: ReadonlySet<number> = new Set([4096, 8192, 16_384, 32_768, 65_536]);
const metaBytes = 192;

/** The part of a meta page that leads to everything else. */
export interface MetaPage {
  readonly pageBytes: number;
  readonly freeRoot: number;
  readonly mainRoot: number;
  readonly lastPage: number;
  readonly transaction: number;
}

/**
 * An LMDB data file (data version 2 of lmdb-js, 64 bit, little endian), read without native code. A page begins with its number (8
 * bytes), a transaction (8), a spare (2), flags (2), and on trees the ends of the pointers and of the free space (2 each).
 */
export class DataFile {
  private readonly descriptor: number;

  constructor(file: string) {
    this.descriptor = openSync(file, 'r');
  }

  get sizeBytes(): number {
    return fstatSync(this.descriptor).size;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** The newest of the two meta pages, or what is wrong with them. */
  meta(): MetaPage | string {
    if (this.sizeBytes === 0) return 'it is empty';
    const first = this.readMeta(0);
    if (first === undefined) return 'its first page is not that of a store';
    if (!pageSizes.has(first.pageBytes)) return `its page size of ${first.pageBytes} bytes is not possible`;
    const second = this.readMeta(first.pageBytes);
    if (second === undefined) return 'its second page is not that of a store';
    if (first.pageBytes !== second.pageBytes) return 'its first two pages contradict each other';
    // The last page that was ever given out may be beyond the end: one that was freed before it was written never is.
    return first.transaction > second.transaction ? first : second;
  }

  /** `count` bytes from the beginning of a page; fewer at the end of the file. */
  page(number: number, pageBytes: number, count: number = pageBytes): Buffer {
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, readSync(this.descriptor, bytes, 0, count, number * pageBytes));
  }

  /** 24 bytes page header, then magic, version, address, map size, two trees of 48 bytes, last page, transaction. */
  private readMeta(at: number): MetaPage | undefined {
    const page = Buffer.alloc(metaBytes);
    const length = readSync(this.descriptor, page, 0, metaBytes, at);
    if (length < metaBytes || page.readUInt32LE(24) !== magic) return undefined;
    return {
      pageBytes: page.readUInt32LE(48),
      freeRoot: pageNumber(page, 88),
      mainRoot: pageNumber(page, 136),
      lastPage: pageNumber(page, 144),
      transaction: pageNumber(page, 152),
    };
  }
}

/** Numbers beyond what a file can have come out as such; all ones stand for "none". */
export function pageNumber(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

export const noPage: number = Number(2n ** 64n - 1n);
