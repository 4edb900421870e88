/**
 * The last things of a kind, in order: what is too old makes room.
 *
 * @example
 * const ring = new Ring<number>(2); ring.push(1); ring.push(2); ring.push(3); ring.items   // => [2, 3]
 */
export class Ring<T> {
  readonly capacity: number;
  readonly #slots: T[] = [];
  #next = 0;
  #pushed = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  push(item: T): void {
    this.#slots[this.#next] = item;
    this.#next = (this.#next + 1) % this.capacity;
    this.#pushed += 1;
  }

  /** How many were ever put in. */
  get pushed(): number {
    return this.#pushed;
  }

  /** Oldest first. */
  get items(): readonly T[] {
    return this.last(this.capacity);
  }

  /** The newest so many, oldest of them first. */
  last(count: number): readonly T[] {
    const held = this.#slots.length;
    const wanted = Math.min(count, held);
    const begin = this.#next - wanted;
    return Array.from({ length: wanted }, (_, i) => this.#slots[(begin + i + held) % held] as T);
  }
}
