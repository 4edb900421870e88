import { raise } from '../kernel/errors.ts';

const lengthBytes = 4;

/**
 * Cuts the bytes of a connection into requests.
 *
 * Chunks are kept as they came and joined once when a request is complete, so a large one costs one copy and a claimed size costs nothing.
 */
export class FrameReader {
  readonly #maxFrameBytes: number;
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;
  #frameBytes: number | undefined;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
  }

  /** The next whole request without its length; undefined until it has arrived. Raises BROKER_PROTOCOL for a length that cannot be. */
  next(): Buffer | undefined {
    if (this.#frameBytes === undefined) {
      if (this.#bufferedBytes < lengthBytes) return undefined;
      this.#frameBytes = this.#take(lengthBytes).readInt32BE(0);
      if (this.#frameBytes < 0 || this.#frameBytes > this.#maxFrameBytes) {
        raise('BROKER_PROTOCOL', { what: `a request of ${this.#frameBytes} bytes` });
      }
    }
    if (this.#bufferedBytes < this.#frameBytes) return undefined;
    const frame = this.#take(this.#frameBytes);
    this.#frameBytes = undefined;
    return frame;
  }

  #take(size: number): Buffer {
    this.#bufferedBytes -= size;
    const [first] = this.#chunks;
    if (first === undefined) return Buffer.alloc(0);
    if (first.length >= size) {
      if (first.length === size) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(size);
      return first.subarray(0, size);
    }
    return this.#join(size);
  }

  #join(size: number): Buffer {
    const joined = Buffer.allocUnsafe(size);
    let at = 0;
    let used = 0;
    while (at < size) {
      const chunk = this.#chunks[used] as Buffer;
      const part = Math.min(chunk.length, size - at);
      chunk.copy(joined, at, 0, part);
      at += part;
      if (part === chunk.length) used++;
      else this.#chunks[used] = chunk.subarray(part);
    }
    this.#chunks = this.#chunks.slice(used);
    return joined;
  }
}
