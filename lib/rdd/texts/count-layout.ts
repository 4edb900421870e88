/** Rows that are counted in one call at most, and the bytes that they may lie in. */
export const rowsAtOnce = 8192;
export const bytesAtOnce = 128 << 10;

/** Bits of a slot that have the number of a key, plus 1; 0 is a free slot. The others have as many bits of its hash. */
export const numberBits = 18;
export const mostSlots = 1 << numberBits;
/** A quarter of the slots stays free, so that a search ends soon. */
export const mostKeys = mostSlots * 0.75;
export const mostKeyBytes = 4 << 20;

/** Loads of 16 bytes reach behind the last byte. */
const margin = 32;

/** What both sides know, at the beginning of the memory. */
export const head = {
  /** How many slots are in use, less one. */
  mask: 0,
  keys: 4,
  limit: 8,
  /** How many keys have a count. */
  counted: 12,
  keyBytes: 16,
  /** The row at work, and the position in it to go on from; -1: its beginning. */
  row: 20,
  at: 24,
  /** Two odd numbers of 64 bits, which make the hash one that nobody can foresee. */
  seeds: 32,
} as const;

/** For each length from -1 to 16, what of 16 bytes belongs to the text. */
export const masksAt = 64;
export const fromAt = 512;
export const sizeAt = fromAt + 4 * rowsAtOnce;
export const inputAt = sizeAt + 4 * rowsAtOnce;
/** The numbers of the keys that have a count, in order of first appearance. */
export const countedAt = inputAt + bytesAtOnce + margin;
export const slotsAt = countedAt + 4 * mostKeys;
export const keysAt = slotsAt + 4 * mostSlots;
export const keyBytesAt = keysAt + 32 * mostKeys;
export const memoryBytes = keyBytesAt + mostKeyBytes + margin;

/**
 * A key, of 32 bytes. They stand in the order in which they came, so that those which come often stand together: slots and frequent keys
 * of 100,000 words stay in a cache of 2 MiB, which takes half the time for a word.
 */
export const key = { first: 0, second: 8, size: 16, count: 20, bytesAt: 24, hash: 28 } as const;

/** How a call ended. */
export const ended = { done: 0, full: 1, crowded: 2 } as const;
