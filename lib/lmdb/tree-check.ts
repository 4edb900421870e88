import { type DataFile, type MetaPage, noPage, pageNumber } from './data-file.ts';
import { unseal } from './seal.ts';

const headerBytes = 24;
const branchFlag = 1;
const leafFlag = 2;
const overflowFlag = 4;
const kindMask = 7;
const valueElsewhere = 1;
const valueIsTree = 2;
const maxDepth = 64;
const rowLetter = 's'.charCodeAt(0);

/**
 * Walks the trees of a data file: every page that LMDB would follow must be the page it says it is, its pointers must stay inside of
 * it, no page may be reached twice, and none that is in use may be listed as free. LMDB's native code trusts all of this, and ends
 * the process with a signal where it does not hold.
 *
 * What values contain is checked when they are read, by their seals. Rows of tables are the exception: one whose key is damaged would
 * not be found, and its key taken for a new one; so their seals are checked here. Other values take pages of their own, so of a file
 * without rows this reads little.
 *
 * Gives what is wrong, or undefined.
 */
export function faultInTrees(file: DataFile, meta: MetaPage): string | undefined {
  const walk = new TreeWalk(file, meta);
  try {
    walk.tree(meta.mainRoot, true);
    walk.freeList();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.what;
    throw error;
  }
}

class Fault {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

interface Node {
  readonly page: Buffer;
  readonly flags: number;
  readonly keyAt: number;
  readonly valueAt: number;
  readonly valueBytes: number;
}

class TreeWalk {
  private readonly file: DataFile;
  private readonly meta: MetaPage;
  private readonly used: Uint8Array;
  private readonly sizeBytes: number;

  constructor(file: DataFile, meta: MetaPage) {
    this.file = file;
    this.meta = meta;
    this.sizeBytes = file.sizeBytes;
    this.used = new Uint8Array(meta.lastPage + 1);
    this.used.fill(1, 0, 2);
  }

  /** Visits a tree; with `named`, also the trees whose roots are values of it. */
  tree(root: number, named: boolean, visit?: (node: Node) => void): void {
    if (root !== noPage) this.subtree(root, named, visit, 0);
  }

  /** The lists of free pages, by transaction: a count, then pages; 0 is a gap, and -n says that n pages begin with the next. */
  freeList(): void {
    const free: (readonly [from: number, count: number])[] = [];
    this.tree(this.meta.freeRoot, false, (node) => {
      const list = this.value(node);
      const count = list.length < 8 ? Infinity : pageNumber(list, 0);
      if (count > list.length / 8 - 1) throw new Fault('its list of free pages is damaged');
      for (let i = 1; i <= count; i++) {
        const entry = Number(list.readBigInt64LE(i * 8));
        if (entry > 0) free.push([entry, 1]);
        else if (entry < 0 && i < count) free.push([pageNumber(list, ++i * 8), -entry]);
        else if (entry < 0) throw new Fault('its list of free pages is damaged');
      }
    });
    // Pages of the list itself are in use as well, so this comes after the whole list was walked.
    for (const [from, count] of free) {
      if (from + count - 1 > this.meta.lastPage) throw new Fault(`page ${from} is beyond the end and listed as free`);
      for (let page = from; page < from + count; page++) {
        if (this.used[page] !== 0) throw new Fault(`page ${page} is in use and listed as free`);
      }
    }
  }

  private subtree(number: number, named: boolean, visit: ((node: Node) => void) | undefined, depth: number): void {
    if (depth > maxDepth) throw new Fault('its tree has no end');
    this.use(number, 1);
    const page = this.file.page(number, this.meta.pageBytes);
    const kind = this.header(page, number);
    if (kind !== branchFlag && kind !== leafFlag) throw new Fault(`page ${number} is no page of a tree`);
    for (const node of this.nodes(page, number, kind === branchFlag)) {
      if (kind === branchFlag) this.subtree(childOf(node), named, visit, depth + 1);
      else this.leafNode(node, named, visit);
    }
  }

  private leafNode(node: Node, named: boolean, visit: ((node: Node) => void) | undefined): void {
    if ((node.flags & valueElsewhere) !== 0) this.overflow(node);
    if (named && (node.flags & valueIsTree) !== 0) {
      if (node.valueBytes !== 48) throw new Fault('the root of a table is damaged');
      this.tree(pageNumber(node.page, node.valueAt + 40), false, (inner) => {
        this.row(inner);
      });
    }
    visit?.(node);
  }

  private row(node: Node): void {
    if (node.page[node.keyAt] !== rowLetter) return;
    if (unseal(node.page.subarray(node.keyAt, node.valueAt), this.value(node)) === undefined) {
      throw new Fault('the checksum of a row does not match');
    }
  }

  private overflow(node: Node): void {
    const number = pageNumber(node.page, node.valueAt);
    const pages = Math.ceil((headerBytes + node.valueBytes) / this.meta.pageBytes);
    this.use(number, pages);
    const page = this.file.page(number, this.meta.pageBytes, headerBytes);
    if (this.header(page, number) !== overflowFlag || page.readUInt32LE(20) < pages) {
      throw new Fault(`page ${number} does not begin a value`);
    }
  }

  private value(node: Node): Buffer {
    if ((node.flags & valueElsewhere) === 0) return node.page.subarray(node.valueAt, node.valueAt + node.valueBytes);
    const number = pageNumber(node.page, node.valueAt);
    return this.file.page(number, this.meta.pageBytes, headerBytes + node.valueBytes).subarray(headerBytes);
  }

  private header(page: Buffer, number: number): number {
    if (page.length < headerBytes || pageNumber(page, 0) !== number) throw new Fault(`page ${number} is damaged`);
    return page.readUInt16LE(18) & kindMask;
  }

  private nodes(page: Buffer, number: number, isBranch: boolean): readonly Node[] {
    const pointerBytes = page.readUInt16LE(20);
    const upper = page.readUInt16LE(22);
    const room = page.length - headerBytes;
    if (page.length < this.meta.pageBytes || pointerBytes % 2 !== 0 || pointerBytes > upper || upper > room) {
      throw new Fault(`page ${number} is damaged`);
    }
    if (isBranch && pointerBytes < 4) throw new Fault(`page ${number} leads nowhere`);
    const found: Node[] = [];
    for (let at = 0; at < pointerBytes; at += 2) {
      const nodeAt = headerBytes + page.readUInt16LE(headerBytes + at);
      if (nodeAt < headerBytes + upper || nodeAt + 8 > page.length) throw new Fault(`page ${number} is damaged`);
      const flags = page.readUInt16LE(nodeAt + 4);
      const keyBytes = page.readUInt16LE(nodeAt + 6);
      const valueBytes = page.readUInt32LE(nodeAt);
      const valueAt = nodeAt + 8 + keyBytes;
      const inPage = isBranch ? 0 : (flags & valueElsewhere) === 0 ? valueBytes : 8;
      if (valueAt + inPage > page.length) throw new Fault(`page ${number} is damaged`);
      found.push({ page, flags, keyAt: nodeAt + 8, valueAt, valueBytes });
    }
    return found;
  }

  private use(number: number, count: number): void {
    if (number + count - 1 > this.meta.lastPage) throw new Fault(`page ${number} is beyond the end`);
    const neededBytes = (number + count) * this.meta.pageBytes;
    if (neededBytes > this.sizeBytes) {
      throw new Fault(`it was cut: a page ends at byte ${neededBytes}, and ${this.sizeBytes} are there`);
    }
    for (let page = number; page < number + count; page++) {
      if (this.used[page] !== 0) throw new Fault(`page ${page} is used twice`);
      this.used[page] = 1;
    }
  }
}

/** A branch node keeps its page number where a leaf keeps size and flags. */
function childOf(node: Node): number {
  return node.page.readUIntLE(node.keyAt - 8, 6);
}
