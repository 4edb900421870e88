/**
 * A sum that functions on elements add to and the program reads after an action.
 *
 * A batch that runs again, and a chain that is evaluated by two output operations, add again: use it to watch a program, not for its results.
 *
 * @example
 * const bad = sc.longAccumulator('bad lines'); bad.add(2); bad.value   // => 2
 */
export class NumberAccumulator {
  readonly name: string | undefined;
  #sum = 0;
  #count = 0;

  constructor(name?: string) {
    this.name = name;
  }

  add(amount: number): void {
    this.#sum += amount;
    this.#count += 1;
  }

  get value(): number {
    return this.#sum;
  }

  get sum(): number {
    return this.#sum;
  }

  /** How often something was added. */
  get count(): number {
    return this.#count;
  }

  get avg(): number {
    return this.#sum / this.#count;
  }

  get isZero(): boolean {
    return this.#count === 0;
  }

  reset(): void {
    this.#sum = 0;
    this.#count = 0;
  }
}

/** A list that functions on elements add to and the program reads after an action. Adds again wherever a function runs again. */
export class CollectionAccumulator<T> {
  readonly name: string | undefined;
  #values: T[] = [];

  constructor(name?: string) {
    this.name = name;
  }

  add(value: T): void {
    this.#values.push(value);
  }

  /** A copy of what was added, in order. */
  get value(): T[] {
    return [...this.#values];
  }

  get isZero(): boolean {
    return this.#values.length === 0;
  }

  reset(): void {
    this.#values = [];
  }
}
