import { raise } from '../../../kernel/errors.ts';

/** Whether a text fits a pattern of LIKE. */
export type LikePattern = (text: string) => boolean;

/** A character, or any one character. */
const anyOne = Symbol('_');
type Piece = readonly (string | typeof anyOne)[];

const compiled = new Map<string, LikePattern>();

/**
 * A pattern of LIKE, compiled once: `%` is any text, `_` one character, the escape takes the next as it is.
 *
 * What stands between two `%` is looked for from left to right and never given back, so the steps are at most the length of the text
 * times that of the pattern, whatever the pattern.
 */
export function likePattern(pattern: string, escape: string): LikePattern {
  const id = `${escape}/${pattern}`;
  const known = compiled.get(id);
  if (known !== undefined) return known;
  const made = matcherOf(piecesOf(pattern, escape));
  if (compiled.size >= 500) compiled.clear();
  compiled.set(id, made);
  return made;
}

function piecesOf(pattern: string, escape: string): readonly Piece[] {
  const pieces: (string | typeof anyOne)[][] = [[]];
  const characters = Array.from(pattern);
  for (let i = 0; i < characters.length; i++) {
    const char = characters[i] as string;
    if (char === escape) {
      const next = characters[++i];
      if (next === undefined) raise('INVALID_FORMAT.ESC_AT_THE_END', { format: pattern });
      if (next !== '_' && next !== '%' && next !== escape)
        raise('INVALID_FORMAT.ESC_IN_THE_MIDDLE', { format: pattern, char: next });
      pieces.at(-1)?.push(next);
    } else if (char === '%') pieces.push([]);
    else pieces.at(-1)?.push(char === '_' ? anyOne : char);
  }
  return pieces;
}

interface Finder {
  /** The end of a match that begins at a place, -1 when there is none. */
  readonly at: (text: string, from: number) => number;
  /** The end of the first match at or behind a place. */
  readonly find: (text: string, from: number) => number;
  readonly isEnd: (text: string, from: number) => boolean;
}

function matcherOf(pieces: readonly Piece[]): LikePattern {
  const [first, ...rest] = pieces.map(finderOf) as [Finder, ...Finder[]];
  const last = rest.pop();
  if (last === undefined) return (text) => first.at(text, 0) === text.length;
  return (text) => {
    let from = first.at(text, 0);
    for (const piece of rest) {
      if (from < 0) return false;
      from = piece.find(text, from);
    }
    return from >= 0 && last.isEnd(text, from);
  };
}

function finderOf(piece: Piece): Finder {
  if (piece.every((item) => typeof item === 'string')) return textFinder(piece.join(''));
  const at = (text: string, from: number): number => {
    let place = from;
    for (const item of piece) {
      const code = text.codePointAt(place);
      if (code === undefined) return -1;
      const char = String.fromCodePoint(code);
      if (item !== anyOne && item !== char) return -1;
      place += char.length;
    }
    return place;
  };
  return {
    at,
    find(text, from) {
      for (let place = from; place <= text.length; place += widthAt(text, place)) {
        const end = at(text, place);
        if (end >= 0) return end;
      }
      return -1;
    },
    isEnd(text, from) {
      let start = text.length;
      for (let i = 0; i < piece.length && start > 0; i++) start -= isLowAt(text, start - 1) ? 2 : 1;
      return start >= from && at(text, start) === text.length;
    },
  };
}

function textFinder(wanted: string): Finder {
  return {
    at: (text, from) => (text.startsWith(wanted, from) ? from + wanted.length : -1),
    find(text, from) {
      const place = text.indexOf(wanted, from);
      return place < 0 ? -1 : place + wanted.length;
    },
    isEnd: (text, from) => text.length - wanted.length >= from && text.endsWith(wanted),
  };
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function isLowAt(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
