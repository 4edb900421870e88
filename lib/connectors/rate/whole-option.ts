import type { TextOptions } from '../../io/text-options.ts';

/** A whole number from `min` up; what is wrong goes to the list of problems. */
export function wholeOption(
  options: TextOptions,
  name: string,
  otherwise: number,
  min: number,
  problems: string[],
): number {
  const text = options.get(name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= min) return value;
  problems.push(`${name} must be a whole number from ${min} up, not ${text}`);
  return otherwise;
}
