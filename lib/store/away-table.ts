import type { PackedTable } from './state-store.ts';

/** What a batch has changed in a table, packed. */
export interface PackedChanges {
  /** Keys. */
  readonly count: number;
  readonly sizeBytes: number;
  finish(): readonly Uint8Array[];
}

/**
 * A table whose keys are in another thread. Here is what the thread has said of it: how large it is, and, until their batch is over, the
 * changes that are to be committed.
 */
export class AwayTable {
  size: number;
  /** Bytes of keys and values. */
  sizeBytes: number;
  #parts: Uint8Array[] = [];
  #count = 0;
  /** As they were before the batch. */
  #before: Pick<PackedTable, 'size' | 'sizeBytes'>;

  /** As it is committed; what else it has is to be taken. */
  constructor({ size, sizeBytes }: Pick<PackedTable, 'size' | 'sizeBytes'>) {
    this.size = size;
    this.sizeBytes = sizeBytes;
    this.#before = { size, sizeBytes };
  }

  /** Changed keys; some may be counted twice. */
  get touched(): number {
    return this.#count;
  }

  /** Changes that are not committed yet. */
  get pending(): readonly Uint8Array[] {
    return this.#parts;
  }

  /** Takes what a batch has changed. */
  take({ size, sizeBytes, count, parts }: Omit<PackedTable, 'operator' | 'name' | 'partition'>): void {
    this.size = size;
    this.sizeBytes = sizeBytes;
    this.#count += count;
    this.#parts.push(...parts);
  }

  packDelta(): PackedChanges {
    const parts = this.#parts;
    return {
      count: this.#count,
      sizeBytes: parts.reduce((sum, part) => sum + part.length, 0),
      finish: () => parts,
    };
  }

  accept(): void {
    this.#parts = [];
    this.#count = 0;
    this.#before = { size: this.size, sizeBytes: this.sizeBytes };
  }

  discard(): void {
    this.#parts = [];
    this.#count = 0;
    Object.assign(this, this.#before);
  }
}
