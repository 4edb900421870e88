import { type MillraceError, raise } from '../../kernel/errors.ts';
import { buffersOf, type PackedBlock, sizeOfBlock } from './packed-block.ts';
import { partitionKey, type TopicPartition } from './partition-key.ts';
import type { ReadOrder, ToReader } from './read-protocol.ts';

/** A stretch of a block that belongs to a range: records `[first, end)`. */
export interface BlockSlice {
  readonly block: PackedBlock;
  readonly first: number;
  readonly end: number;
  /** Says that nobody looks at the bytes of the slice any more: they may be read into anew. */
  readonly release: () => void;
}

/**
 * One partition on the consuming side: the blocks that were read ahead, in order, and the position up to which they are used.
 *
 * A range that begins where the last one ended goes on in the same blocks, also in the middle of one; any other is a jump, which
 * drops them.
 */
export class PartitionCursor implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  readonly #key: string;
  readonly #post: (message: ToReader) => void;
  #generation = 0;
  /** Next offset to consume, undefined when no read-ahead may be used. */
  #position: number | undefined;
  #blocks: PackedBlock[] = [];
  /** Slices that were given and not released. */
  readonly #inUse = new Map<PackedBlock, number>();
  #failure: MillraceError | undefined;
  #arrived: (() => void) | undefined;

  constructor({ topic, partition }: TopicPartition, post: (message: ToReader) => void) {
    this.topic = topic;
    this.partition = partition;
    this.#key = partitionKey(topic, partition);
    this.#post = post;
  }

  /** Turns to `[from, until)`. What follows is consumed with `next`. */
  order(from: number, until: number): ReadOrder {
    if (this.#position !== from || this.#failure !== undefined) {
      for (const block of this.#blocks) this.#credit(block);
      this.#blocks = [];
      this.#failure = undefined;
      this.#generation += 1;
      this.#position = from;
    }
    return { topic: this.topic, partition: this.partition, from, until, generation: this.#generation };
  }

  /** Takes a block of the reader; what an earlier jump made useless is given back at once. */
  receive(generation: number, block: PackedBlock): void {
    if (generation !== this.#generation) {
      this.#credit(block);
      return;
    }
    this.#blocks.push(block);
    this.#arrived?.();
  }

  /** Without a generation the reader itself is gone, and with it what it had sent. */
  fail(generation: number | undefined, error: MillraceError): void {
    if (generation === undefined) this.#blocks = [];
    else if (generation !== this.#generation) return;
    this.#failure = error;
    this.#arrived?.();
  }

  /**
   * The slices of `[from, until)`, each valid until the next is asked for as far as memory goes: then its bytes may be read anew.
   * Left early, or with an error, the position is unknown and the next range jumps.
   */
  async *slices(until: number): AsyncGenerator<BlockSlice, void, undefined> {
    const generation = this.#generation;
    let position = this.#position ?? until;
    this.#position = undefined;
    while (position < until) {
      const block = this.#blocks[0] ?? (await this.#arrival());
      this.#checkAlone(generation);
      if (block.from > position) this.#lost(position, block);
      const next = Math.min(until, block.next);
      const first = indexOf(block, position);
      const end = next === block.next ? block.count : indexOf(block, next);
      if (end > first) yield this.#slice(block, first, end);
      this.#checkAlone(generation);
      position = next;
      if (position === block.next) {
        this.#blocks.shift();
        this.#credit(block);
      }
    }
    this.#position = position;
  }

  /** Blocks first, failures when they are used up: what was read before a failure is still good. */
  async #arrival(): Promise<PackedBlock> {
    for (;;) {
      const block = this.#blocks[0];
      if (block !== undefined) return block;
      if (this.#failure !== undefined) throw this.#failure;
      this.#post({ kind: 'want', key: this.#key });
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
      this.#arrived = undefined;
    }
  }

  #lost(position: number, { from }: PackedBlock): never {
    return raise('INTERNAL_INVARIANT', { what: `${this.#key} goes on at ${from} instead of ${position}` });
  }

  /** Two readers of one partition would share its blocks and both end early. */
  #checkAlone(generation: number): void {
    if (generation !== this.#generation) {
      raise('INTERNAL_INVARIANT', { what: `${this.#key} is read by two at once` });
    }
  }

  #slice(block: PackedBlock, first: number, end: number): BlockSlice {
    this.#inUse.set(block, (this.#inUse.get(block) ?? 0) + 1);
    let isInUse = true;
    const release = (): void => {
      const count = this.#inUse.get(block);
      if (isInUse && count !== undefined) this.#inUse.set(block, count - 1);
      isInUse = false;
    };
    return { block, first, end, release };
  }

  #credit(block: PackedBlock): void {
    const sizeBytes = sizeOfBlock(block);
    const isReleased = (this.#inUse.get(block) ?? 0) === 0;
    this.#inUse.delete(block);
    this.#post({ kind: 'credit', sizeBytes, memory: isReleased ? buffersOf(block) : [] });
  }
}

/** The index of the first record at or behind `offset`. */
function indexOf({ offsets, firstOffset, count }: PackedBlock, offset: number): number {
  if (offsets === undefined) return Math.min(count, Math.max(0, offset - firstOffset));
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
