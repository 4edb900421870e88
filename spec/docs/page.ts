/** A piece of TypeScript on a page, and what the page says of it. */
export interface PageExample {
  /** The names in the headings above it, outermost first. */
  readonly headings: readonly string[];
  readonly code: string;
  /** What it prints, from the block of plain text right below; undefined where there is none. */
  readonly output: string | undefined;
  /** What it is fed with: marbles from a line `Input: ...` between code and output. */
  readonly input: string | undefined;
  /** Of its first line of code, from 1. */
  readonly line: number;
}

/** What running an example showed: its code with the results written in, and what it printed. */
export interface ExampleResult {
  readonly code: string;
  readonly output: string;
}

interface Fence {
  readonly language: string;
  /** Of the lines between the fences. */
  readonly from: number;
  readonly until: number;
}

/** A page of the documentation as its examples, which can be written back with what they show. */
export class Page {
  readonly examples: readonly PageExample[];
  readonly #lines: readonly string[];
  readonly #places: { readonly code: Fence; readonly output: Fence | undefined }[] = [];

  constructor(text: string) {
    this.#lines = text.split('\n');
    const fences = fencesOf(this.#lines);
    const examples: PageExample[] = [];
    for (const [i, code] of fences.entries()) {
      if (code.language !== 'ts') continue;
      const next = fences[i + 1];
      const between = this.#lines.slice(code.until + 1, (next?.from ?? 0) - 1).filter((line) => line !== '');
      const isOutput = next?.language === 'text' && between.every((line) => line.startsWith('Input: '));
      this.#places.push({ code, output: isOutput ? next : undefined });
      examples.push({
        headings: headingsAbove(this.#lines, code.from),
        code: this.#text(code),
        output: isOutput ? this.#text(next) : undefined,
        input: isOutput ? between[0]?.replace(/^Input: `(.*)`.*$/u, '$1') : undefined,
        line: code.from + 1,
      });
    }
    this.examples = examples;
  }

  /** The page with what its examples showed, in their order. */
  with(results: readonly ExampleResult[]): string {
    const lines: (string | readonly string[])[] = [...this.#lines];
    for (const [i, { code, output }] of this.#places.entries()) {
      const result = results[i];
      if (result === undefined) continue;
      put(lines, code, result.code);
      if (output !== undefined) put(lines, output, result.output);
    }
    return lines.flat().join('\n');
  }

  #text({ from, until }: Fence): string {
    return this.#lines.slice(from, until).join('\n');
  }
}

function put(lines: (string | readonly string[])[], { from, until }: Fence, text: string): void {
  // The lines in between give way to all of them at once, so that the places of the other blocks stay.
  for (let line = from; line < until; line++) lines[line] = [];
  if (until > from) lines[from] = text.split('\n');
  else lines[until] = [...text.split('\n'), '```'];
}

function fencesOf(lines: readonly string[]): readonly Fence[] {
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const language = /^```(\w*)$/u.exec(lines[at] ?? '')?.[1];
    if (language === undefined) continue;
    const until = lines.indexOf('```', at + 1);
    fences.push({ language, from: at + 1, until });
    at = until;
  }
  return fences;
}

function headingsAbove(lines: readonly string[], at: number): readonly string[] {
  const headings: string[] = [];
  let isCode = false;
  for (const line of lines.slice(0, at)) {
    if (line.startsWith('```')) isCode = !isCode;
    const heading = isCode ? null : /^(#+) (.*)$/u.exec(line);
    if (heading === null) continue;
    const [, marks = '', name = ''] = heading;
    headings.length = marks.length - 1;
    headings.push(name);
  }
  return [...headings].map((heading) => heading ?? '');
}
