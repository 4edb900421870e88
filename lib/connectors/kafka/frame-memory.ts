/** Smaller frames are not worth keeping: a small buffer costs nothing. */
const smallestBytes = 64 << 10;
const pageBytes = 4 << 10;
/** What is kept for the next frames at most. */
const largestTotalBytes = 32 << 20;

/**
 * Memory for large frames, used again when it comes back. Without it a gigabyte a second is asked of the system and given back, and each
 * engine's collector runs for buffers that it knows to be outside of its heap.
 */
export class FrameMemory {
  readonly #free: ArrayBuffer[] = [];
  #freeBytes = 0;

  /** Bytes at the start of a buffer of their own, of any content. */
  take(size: number): Buffer {
    if (size < smallestBytes) return Buffer.allocUnsafeSlow(size);
    // The one that came back last, which may still be in the processor's cache: in the others reading and checking take twice as long.
    // One that is much too large would count as much as it is until it comes back.
    const at = this.#free.findLastIndex(({ byteLength }) => byteLength >= size && byteLength <= 2 * size);
    const [buffer] = at < 0 ? [] : this.#free.splice(at, 1);
    if (buffer === undefined) return Buffer.allocUnsafeSlow(roundedUp(size)).subarray(0, size);
    this.#freeBytes -= buffer.byteLength;
    return Buffer.from(buffer, 0, size);
  }

  /** Nobody looks at the buffer any more. */
  giveBack(buffer: ArrayBuffer): void {
    if (buffer.byteLength < smallestBytes) return;
    this.#free.push(buffer);
    this.#freeBytes += buffer.byteLength;
    while (this.#freeBytes > largestTotalBytes) this.#freeBytes -= this.#free.shift()?.byteLength ?? 0;
  }
}

/** Answers to the same question have about the same size, and not quite. */
function roundedUp(size: number): number {
  return Math.ceil(size / pageBytes) * pageBytes;
}
