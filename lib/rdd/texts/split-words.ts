import type { Emit } from '../../kernel/evaluation.ts';
import type { TextRows } from '../../io/text-rows.ts';
import { alsoOnRows } from './byte-function.ts';
import { PartRows } from './derived-rows.ts';
import { type TextElement, textOf } from './text-element.ts';

/** Space, and the characters from tab to carriage return: what `\s` means in a regular expression of Java. */
function isBlank(code: number): boolean {
  return code === 32 || (code < 14 && code > 8);
}

/**
 * A function for `flatMap`: the words of a text, or of the `value` of a record. Words are what stands between blanks (space, tab, line
 * feed, vertical tab, form feed, carriage return), so none is empty; null has no words.
 *
 * @example
 * lines.flatMap(splitWords())   // 'to  be' => 'to', 'be'
 */
export function splitWords(): (element: TextElement) => string[] {
  return alsoOnRows(
    (element: TextElement) => {
      const text = textOf(element, 'splitWords');
      return text === null ? [] : wordsOf(text);
    },
    (rows: TextRows) => new WordRows(rows),
  );
}

function wordsOf(text: string): string[] {
  const words: string[] = [];
  let start = -1;
  for (let i = 0; i < text.length; i++) {
    if (!isBlank(text.charCodeAt(i))) {
      if (start < 0) start = i;
    } else if (start >= 0) {
      words.push(text.slice(start, i));
      start = -1;
    }
  }
  if (start >= 0) words.push(start === 0 ? text : text.slice(start));
  return words;
}

/**
 * The words of texts. A blank is one byte that occurs in no other character, also where bytes are no UTF-8: bytes are cut where their
 * text would be.
 *
 * Where the words lie is worked out only when somebody asks: who counts them finds them by itself in `lines`.
 */
export class WordRows implements TextRows<string> {
  readonly areTexts = true;
  /** The texts that the words are in. */
  readonly lines: TextRows;
  #rows: PartRows | undefined;

  constructor(lines: TextRows) {
    this.lines = lines;
  }

  get bytes(): Uint8Array {
    return this.lines.bytes;
  }

  get count(): number {
    return this.#words().count;
  }

  get from(): Int32Array {
    return this.#words().from;
  }

  get size(): Int32Array {
    return this.#words().size;
  }

  textOf(from: number, size: number): string {
    return this.lines.textOf(from, size);
  }

  find(pattern: Uint8Array, from: number, until: number): number {
    return this.lines.find(pattern, from, until);
  }

  forEach(emit: Emit<string>): void {
    const { lines } = this;
    let row = 0;
    try {
      this.#visit((from, size, line) => {
        row = line;
        emit(lines.textOf(from, size));
      });
    } catch (error) {
      throw lines.located(error, row);
    }
  }

  emitRows(rows: Int32Array, emit: Emit<string>): void {
    this.#words().emitRows(rows, emit as Emit<string | null>);
  }

  located(error: unknown, row: number): unknown {
    return this.#words().located(error, row);
  }

  #words(): PartRows {
    if (this.#rows !== undefined) return this.#rows;
    const [from, size, origin]: [number[], number[], number[]] = [[], [], []];
    this.#visit((start, length, line) => {
      from.push(start);
      size.push(length);
      origin.push(line);
    });
    this.#rows = new PartRows(this.lines, {
      from: Int32Array.from(from),
      size: Int32Array.from(size),
      origin: Int32Array.from(origin),
    });
    return this.#rows;
  }

  #visit(visit: (from: number, size: number, line: number) => void): void {
    const { bytes, count, from, size } = this.lines;
    for (let line = 0; line < count; line++) {
      let start = from[line] as number;
      const end = start + (size[line] as number);
      for (let at = start; at < end; at++) {
        if (!isBlank(bytes[at] as number)) continue;
        if (at > start) visit(start, at - start, line);
        start = at + 1;
      }
      if (end > start) visit(start, end - start, line);
    }
  }
}
