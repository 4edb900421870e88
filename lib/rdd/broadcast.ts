/**
 * A value that functions on elements read. Here it lives in one process, so this only keeps Spark programs as they are.
 *
 * @example
 * const names = sc.broadcast(new Map([[1, 'one']])); names.value.get(1)   // => 'one'
 */
export class Broadcast<T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  /** Nothing to do: there are no copies elsewhere. */
  unpersist(): void {
    // One process holds the one value.
  }

  destroy(): void {
    this.unpersist();
  }
}
