import { styleText } from 'node:util';
import { plainText } from './plain-text.ts';
import { StatusLine } from './status-line.ts';
import { fitText } from './text-width.ts';

/** How the command was asked to speak. */
export interface OutputMode {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** `--no-color` was given. */
  readonly noColor: boolean;
}

/** Events of the `--json` stream. Its version is 1: fields are added, never changed. */
export type EventType =
  | 'start'
  | 'batch'
  | 'rows'
  | 'output'
  | 'progress'
  | 'queryProgress'
  | 'pair'
  | 'comparison'
  | 'lesson'
  | 'warning'
  | 'error'
  | 'stop';

type Write = typeof process.stdout.write;
type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';

/**
 * All that a command says: results to standard output, everything else to standard error.
 *
 * With `--json` every line on both is one object with `v` and `type`; `--quiet` keeps notes back, never warnings or errors.
 */
export class Terminal {
  readonly mode: OutputMode;
  #status: StatusLine | undefined;
  #restore: (() => void) | undefined;
  /** Something else draws on the terminal: there is no status line meanwhile. */
  hasScreen = false;

  constructor(mode: OutputMode) {
    this.mode = mode;
  }

  /** A result, for people. */
  result(text: string): void {
    process.stdout.write(`${plainText(text)}\n`);
  }

  /** A result, for programs: one line of JSON on standard output. Nothing without `--json`. */
  event(type: EventType, fields: Readonly<Record<string, unknown>>): void {
    if (this.mode.json) process.stdout.write(`${eventLine(type, fields)}\n`);
  }

  /** What is going on, for people. */
  note(text: string): void {
    if (this.mode.quiet) return;
    this.#say('progress', text, 'dim');
  }

  warn(text: string): void {
    this.#say('warning', text, 'yellow');
  }

  /** The line at the bottom of the terminal; nothing where standard error is no terminal. */
  status(text: string): void {
    if (this.mode.quiet || this.mode.json || this.hasScreen || !process.stderr.isTTY) return;
    this.#openStatus().show(plainText(text));
  }

  endStatus(): void {
    this.#status?.close();
    this.#restore?.();
    this.#status = undefined;
    this.#restore = undefined;
  }

  style(style: Style, text: string): string {
    return hasColour(this.mode, process.env, process.stderr.isTTY)
      ? styleText(style, text, { validateStream: false })
      : text;
  }

  #say(type: 'progress' | 'warning', text: string, style: Style): void {
    const line = this.mode.json ? eventLine(type, { ...codeIn(text), text }) : this.style(style, plainText(text));
    process.stderr.write(`${line}\n`);
  }

  /** From here on whatever the process writes, users' `console.log` too, goes above the status line. */
  #openStatus(): StatusLine {
    if (this.#status !== undefined) return this.#status;
    const write = { out: process.stdout.write.bind(process.stdout), err: process.stderr.write.bind(process.stderr) };
    const status = new StatusLine({
      get columns() {
        return process.stderr.columns;
      },
      write: (text) => write.err(text),
      on: (event, listener) => process.stderr.on(event, listener),
      off: (event, listener) => process.stderr.off(event, listener),
    });
    const above = (original: Write): Write => {
      const write = (...args: Parameters<Write>): boolean => {
        status.erase();
        const more = original(...args);
        // Text without an end of line would be glued to the status: it waits for the next whole line.
        if (typeof args[0] !== 'string' || args[0].endsWith('\n')) status.draw();
        return more;
      };
      return write as Write;
    };
    if (process.stdout.isTTY) process.stdout.write = above(write.out);
    process.stderr.write = above(write.err);
    this.#restore = () => {
      process.stdout.write = write.out;
      process.stderr.write = write.err;
    };
    this.#status = status;
    return status;
  }
}

/** The code that a coded text begins with. */
function codeIn(text: string): { readonly code?: string } {
  const code = /^\[([A-Z][A-Z0-9_.]+)\] /u.exec(text)?.[1];
  return code === undefined ? {} : { code };
}

/** `--no-color` before `FORCE_COLOR` before `NO_COLOR` before what the stream is. */
export function hasColour(
  mode: Pick<OutputMode, 'json' | 'noColor'>,
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (mode.noColor || mode.json) return false;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  return isTerminal && environment['TERM'] !== 'dumb';
}

/** How wide lines may be: as the terminal, 80 where it does not tell, and without an end where nobody watches. */
export function columnsOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number {
  if (stream.isTTY !== true) return Number.POSITIVE_INFINITY;
  return stream.columns === undefined || stream.columns < 20 ? 80 : stream.columns;
}

/**
 * Columns of one line: set apart and cut to fit for somebody who watches, with a tab between and whole for whatever reads them.
 *
 * @example
 * rowText(['a', '1'], {})   // => 'a\t1'
 */
export function rowText(
  cells: readonly string[],
  stream: { readonly isTTY?: boolean; readonly columns?: number },
): string {
  return stream.isTTY === true ? fitText(cells.join('  '), columnsOf(stream)) : cells.join('\t');
}

/** One line of the `--json` stream, without its end. */
export function eventLine(type: EventType, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ v: 1, type, ...fields }, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}
