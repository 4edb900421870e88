import { raise } from '../kernel/errors.ts';
import { kindOf } from './function-failure.ts';

/** Refuses what is no function when the RDD is described: at an action the mistake would be far from its place. */
export function requireFunction(operator: string, name: string, value: unknown): void {
  if (typeof value !== 'function') refuse(operator, name, value, 'a function');
}

/** As `requireFunction`, for what may be left out. */
export function requireFunctionOrNone(operator: string, name: string, value: unknown): void {
  if (value !== undefined) requireFunction(operator, name, value);
}

/** Refuses what cannot be gone over. A text is a list of characters, which nobody means. */
export function requireIterable(operator: string, name: string, value: unknown): void {
  const isIterable =
    typeof value === 'object' && value !== null && typeof Reflect.get(value, Symbol.iterator) === 'function';
  if (!isIterable) refuse(operator, name, value, 'an array or another iterable');
}

/** Refuses what is no text, or an empty one. */
export function requireText(operator: string, name: string, value: unknown, expected: string): void {
  if (typeof value !== 'string' || value === '') refuse(operator, name, value, expected);
}

/** Refuses what is no object of options, and options that do not exist: a misspelt one would be as good as none. */
export function requireOptions(operator: string, options: unknown, known: readonly string[]): void {
  const expected = known.join(', ');
  if (typeof options !== 'object' || options === null) {
    refuse(operator, 'its options', options, `an object of ${expected}`);
    return;
  }
  for (const given of Object.keys(options)) {
    if (!known.includes(given)) raise('RDD_ARGUMENT', { operator, name: 'an option', given, expected });
  }
}

export function refuse(operator: string, name: string, value: unknown, expected: string): never {
  const given = typeof value === 'number' ? String(value) : value === '' ? 'an empty text' : kindOf(value);
  return raise('RDD_ARGUMENT', { operator, name, given, expected });
}
