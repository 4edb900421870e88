// Without the flag u: units are looked at, not characters.
// oxlint-disable-next-line require-unicode-regexp
const surrogate = /[\uD800-\uDFFF]/;

/** Whether a text has characters outside of the basic plane: only then is a character more than one unit. */
function isWide(text: string): boolean {
  return surrogate.test(text);
}

/** How many characters (code points) a text has. */
export function lengthOf(text: string): number {
  if (!isWide(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The characters `[from, until)`, both in code points and not negative. */
export function sliceOf(text: string, from: number, until: number): string {
  if (!isWide(text)) return text.slice(from, Math.max(from, until));
  return Array.from(text).slice(from, Math.max(from, until)).join('');
}

/** Spark's `substring`: positions count from 1, 0 is like 1, negative ones from the end. */
export function substringOf(text: string, position: number, length: number): string {
  const count = lengthOf(text);
  const start = position > 0 ? position - 1 : position < 0 ? count + position : 0;
  const end = Math.min(count, start + length);
  return end <= 0 || end <= start ? '' : sliceOf(text, Math.max(0, start), end);
}

/** The position from 1 of the first occurrence at or behind the character `from` (from 0), 0 when there is none. */
export function positionOf(text: string, part: string, from: number): number {
  if (!isWide(text)) return text.indexOf(part, from) + 1;
  const units = sliceOf(text, 0, from).length;
  const at = text.indexOf(part, units);
  return at < 0 ? 0 : lengthOf(text.slice(0, at)) + 1;
}

export function reverseText(text: string): string {
  return Array.from(text).toReversed().join('');
}
