/** The result of work that may or may not need to wait. A plain call costs nothing extra where nothing waits. */
export type Done = void | Promise<void>;

/** Takes one value. Chains of operators call each other's `Emit` directly, so a value passes them without arrays between. */
export type Emit<T> = (value: T) => void;

/** Runs `next` when `first` is done: at once where it did not have to wait. */
export function after(first: Done, next: () => Done): Done {
  return first === undefined ? next() : first.then(next);
}
