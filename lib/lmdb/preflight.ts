import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { raise } from '../kernel/errors.ts';

const magic = 0xbeefc0de;
const pageSizes: ReadonlySet<number> = new Set([4096, 8192, 16_384, 32_768, 65_536]);

interface MetaPage {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: number;
}

/**
 * Checks a data file before native code sees it: that code ends the process with a signal on a damaged header or a cut file, and
 * takes an empty file for an empty store. Raises `CHECKPOINT_DAMAGED` with what is wrong.
 */
export function checkDataFile(file: string): void {
  const what = faultOf(file);
  if (what !== undefined) raise('CHECKPOINT_DAMAGED', { file, what });
}

function faultOf(file: string): string | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const sizeBytes = fstatSync(descriptor).size;
    if (sizeBytes === 0) return 'it is empty';
    const first = readMeta(descriptor, 0);
    if (first === undefined) return 'its first page is not that of a store';
    if (!pageSizes.has(first.pageBytes)) return `its page size of ${first.pageBytes} bytes is not possible`;
    const second = readMeta(descriptor, first.pageBytes);
    if (second === undefined) return 'its second page is not that of a store';
    if (first.pageBytes !== second.pageBytes) return 'its first two pages contradict each other';
    const newest = first.transaction > second.transaction ? first : second;
    const neededBytes = (newest.lastPage + 1) * newest.pageBytes;
    if (neededBytes > sizeBytes) return `it was cut: ${neededBytes} bytes are in use and ${sizeBytes} are there`;
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** LMDB's data version 2 with 64-bit fields: 24 bytes page header, then magic, version, address, map size, page size ... */
function readMeta(descriptor: number, at: number): MetaPage | undefined {
  const page = Buffer.alloc(192);
  const length = readSync(descriptor, page, 0, page.length, at);
  if (length < page.length || page.readUInt32LE(24) !== magic) return undefined;
  return {
    pageBytes: page.readUInt32LE(48),
    lastPage: Number(page.readBigUInt64LE(144)),
    transaction: Number(page.readBigUInt64LE(152)),
  };
}
