import type { JavaPattern, PatternMatch } from './java-pattern.ts';
import type { Replacement } from './replacement.ts';

/** All matches of a text from left to right; behind an empty one the search goes on a character further. */
export function* matchesOf(pattern: JavaPattern, text: string): Iterable<PatternMatch> {
  for (let from = 0; from <= text.length;) {
    const match = pattern.find(text, from);
    if (match === undefined) return;
    yield match;
    from = match.until > match.from ? match.until : match.until + widthAt(text, match.until);
  }
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

export function replaceAll(pattern: JavaPattern, text: string, by: Replacement): string {
  let result = '';
  let from = 0;
  for (const match of matchesOf(pattern, text)) {
    result += text.slice(from, match.from) + by(match);
    from = match.until;
  }
  return from === 0 && result === '' ? text : result + text.slice(from);
}

/** The parts between matches, as Java's split with a limit gives them: empty ones at the end stay. The last part has the rest. */
export function splitBy(pattern: JavaPattern, text: string, limit = -1): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of matchesOf(pattern, text)) {
    if (limit > 0 && parts.length === limit - 1) break;
    // An empty match at the start gives no empty text in front.
    if (match.until === 0) continue;
    parts.push(text.slice(from, match.from));
    from = match.until;
  }
  parts.push(text.slice(from));
  return parts;
}

/** Each character for itself; the last has the rest when there is a limit. */
export function charactersOf(text: string, limit: number): string[] {
  if (text === '') return [''];
  const characters = Array.from(text);
  return limit > 0 && characters.length > limit
    ? [...characters.slice(0, limit - 1), characters.slice(limit - 1).join('')]
    : characters;
}
