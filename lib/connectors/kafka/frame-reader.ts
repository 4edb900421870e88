import { FrameMemory } from './frame-memory.ts';

export interface FrameEvents {
  /** A whole frame without its length, in memory of its own that may be transferred. */
  frame(payload: Buffer): void;
  /** The peer announced a frame that is refused; nothing was allocated for it. */
  refuse(sizeBytes: number, reason: string | undefined): void;
}

/** Room for the beginnings of frames: what has come of a frame when its length is known is copied, the rest is not. */
const headRoomBytes = 16 << 10;

/**
 * Cuts the bytes of a connection into Kafka's frames, each at the start of an `ArrayBuffer` of its own.
 *
 * A socket that reads into memory that it is given reads into `room` and says so with `filled`: then the bytes of a large frame are never
 * copied. Others hand over what they have read with `push`.
 *
 * kafkajs joins its chunks into a buffer that other frames may share; ours can be handed to another thread. A frame above
 * `maxBytes()` is refused when its length is known, before memory is taken.
 */
export class FrameReader {
  readonly #maxBytes: () => number;
  readonly #events: FrameEvents;
  readonly #memory: FrameMemory;
  readonly #headRoom = Buffer.allocUnsafeSlow(headRoomBytes);
  readonly #head = Buffer.alloc(4);
  #headSize = 0;
  #frame: Buffer | undefined;
  #filled = 0;

  constructor(maxBytes: () => number, events: FrameEvents, memory = new FrameMemory()) {
    this.#memory = memory;
    this.#maxBytes = maxBytes;
    this.#events = events;
  }

  /** Where the next bytes may be read into, until more are taken in. Never empty, and never beyond the end of a frame that has begun. */
  get room(): Buffer {
    return this.#frame?.subarray(this.#filled) ?? this.#headRoom;
  }

  /** So many bytes stand at the start of `room`. */
  filled(size: number): void {
    if (this.#frame === undefined) {
      this.push(this.#headRoom.subarray(0, size));
    } else {
      this.#filled += size;
      this.#giveWhole(this.#frame);
    }
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
      this.#giveWhole(this.#frame);
    }
  }

  #giveWhole(frame: Buffer): void {
    if (this.#filled < frame.length) return;
    this.#frame = undefined;
    this.#headSize = 0;
    this.#events.frame(frame);
  }
}

/** A peer that is not a Kafka broker shows in the first bytes: `HTTP`, or the record header of a TLS alert. */
function nameForeign(size: number): string | undefined {
  if (size === 0x48545450) return 'it answers HTTP';
  return size >>> 16 === 0x1503 ? 'it answers TLS' : undefined;
}
