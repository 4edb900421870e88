import { FrameMemory } from './frame-memory.ts';

export interface FrameEvents {
  /** A whole frame without its length, in memory of its own that may be transferred. */
  frame(payload: Buffer): void;
  /** The peer announced a frame that is refused; nothing was allocated for it. */
  refuse(sizeBytes: number, reason: string | undefined): void;
}

/**
 * Cuts the bytes of a connection into Kafka's frames, each copied once to the start of an `ArrayBuffer` of its own.
 *
 * kafkajs joins its chunks into a buffer that other frames may share; ours can be handed to another thread. A frame above
 * `maxBytes()` is refused when its length is known, before memory is taken.
 */
export class FrameReader {
  readonly #maxBytes: () => number;
  readonly #events: FrameEvents;
  readonly #memory: FrameMemory;
  readonly #head = Buffer.alloc(4);
  #headSize = 0;
  #frame: Buffer | undefined;
  #filled = 0;

  constructor(maxBytes: () => number, events: FrameEvents, memory = new FrameMemory()) {
    this.#memory = memory;
    this.#maxBytes = maxBytes;
    this.#events = events;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#frame === undefined) {
        while (this.#headSize < 4 && at < chunk.length) this.#head[this.#headSize++] = chunk[at++] ?? 0;
        if (this.#headSize < 4) return;
        const size = this.#head.readInt32BE(0);
        if (size < 4 || size > this.#maxBytes()) {
          this.#events.refuse(size, nameForeign(size));
          return;
        }
        this.#frame = this.#memory.take(size);
        this.#filled = 0;
      }
      const take = Math.min(this.#frame.length - this.#filled, chunk.length - at);
      chunk.copy(this.#frame, this.#filled, at, at + take);
      this.#filled += take;
      at += take;
      if (this.#filled === this.#frame.length) {
        const frame = this.#frame;
        this.#frame = undefined;
        this.#headSize = 0;
        this.#events.frame(frame);
      }
    }
  }
}

/** A peer that is not a Kafka broker shows in the first bytes: `HTTP`, or the record header of a TLS alert. */
function nameForeign(size: number): string | undefined {
  if (size === 0x48545450) return 'it answers HTTP';
  return size >>> 16 === 0x1503 ? 'it answers TLS' : undefined;
}
