import type { History } from '../../monitor/history.ts';
import type { Terminal } from '../output/terminal.ts';
import { dashboardFrame, type DashboardSubject } from './frame.ts';

/** The part of a terminal that the dashboard draws on. */
export interface Screen {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** The other screen of the terminal, without a cursor, and back. What was there before is there again. */
const enter = '\u001B[?1049h\u001B[?25l';
const leave = '\u001B[?25h\u001B[?1049l';
const drawEveryMs = 250;
const keptLines = 200;

/**
 * Draws what is known of a program on the terminal, over and over, until it is closed.
 *
 * - A frame is written over the one before it, line by line: nothing flickers and nothing scrolls.
 * - What the program prints meanwhile is shown below; `taken` gives all of it that is kept for the time after.
 * - `close` may be called twice, and is also called when the process ends in any way that runs its exit handlers.
 */
export class Dashboard {
  readonly #history: History;
  readonly #screen: Screen;
  readonly #terminal: Terminal;
  readonly #printed: string[] = [];
  readonly #unsubscribe: () => void;
  readonly #clock: NodeJS.Timeout;
  #isDirty = true;
  #isOpen = true;

  constructor(history: History, screen: Screen, terminal: Terminal) {
    this.#history = history;
    this.#screen = screen;
    this.#terminal = terminal;
    screen.write(enter);
    screen.on('resize', this.#redraw);
    this.#unsubscribe = history.subscribe(() => {
      this.#isDirty = true;
    });
    let ticks = 0;
    this.#clock = setInterval(() => {
      // The time goes on between batches, too.
      ticks += 1;
      if (this.#isDirty || ticks % 4 === 0) this.#draw();
    }, drawEveryMs);
    this.#clock.unref();
    process.on('exit', this.#close);
    this.#draw();
  }

  /** Takes text that would have gone to the terminal. */
  print(text: string): void {
    this.#printed.push(...text.split('\n').filter((line) => line !== ''));
    this.#printed.splice(0, Math.max(0, this.#printed.length - keptLines));
    this.#isDirty = true;
  }

  /** The last lines that the program printed. */
  get printed(): readonly string[] {
    return this.#printed;
  }

  close(): void {
    this.#close();
  }

  readonly #close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#clock);
    this.#unsubscribe();
    this.#screen.off('resize', this.#redraw);
    process.off('exit', this.#close);
    this.#screen.write(leave);
  };

  readonly #redraw = (): void => {
    // What a smaller terminal has broken is cleared first.
    this.#screen.write('\u001B[2J');
    this.#draw();
  };

  #draw(): void {
    this.#isDirty = false;
    const { columns = 80, rows = 24 } = this.#screen;
    const { streams, queries, facts } = this.#history;
    const subjects: DashboardSubject[] = [
      ...streams.map((one): DashboardSubject => ({ kind: 'stream', facts: one.facts, batches: one.batches(120) })),
      ...queries.map((one): DashboardSubject => ({ kind: 'query', facts: one.facts, batches: one.progress(120) })),
    ];
    const lines = dashboardFrame(facts, subjects, this.#printed, { columns, rows }, (style, text) =>
      this.#terminal.style(style, text),
    );
    this.#screen.write(`\u001B[H${lines.map((line) => `${line}\u001B[K`).join('\r\n')}\u001B[J`);
  }
}

/** Opens the dashboard on standard error and shows there what the process prints; puts everything back when it is closed. */
export function openDashboard(history: History, terminal: Terminal): { close(): Promise<void> } {
  const write = { out: process.stdout.write.bind(process.stdout), err: process.stderr.write.bind(process.stderr) };
  const dashboard = new Dashboard(
    history,
    {
      get columns() {
        return process.stderr.columns;
      },
      get rows() {
        return process.stderr.rows;
      },
      write: (text) => write.err(text),
      on: (event, listener) => process.stderr.on(event, listener),
      off: (event, listener) => process.stderr.off(event, listener),
    },
    terminal,
  );
  const divert = (...args: Parameters<typeof process.stdout.write>): boolean => {
    const [chunk] = args;
    dashboard.print(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const done = args.find((arg) => typeof arg === 'function');
    if (done !== undefined) queueMicrotask(done);
    return true;
  };
  terminal.endStatus();
  terminal.hasScreen = true;
  const isShared = process.stdout.isTTY;
  if (isShared) process.stdout.write = divert as typeof process.stdout.write;
  process.stderr.write = divert as typeof process.stderr.write;
  const restore = (): void => {
    if (isShared) process.stdout.write = write.out;
    process.stderr.write = write.err;
    terminal.hasScreen = false;
    dashboard.close();
  };
  process.once('exit', restore);
  return {
    close: () => {
      process.off('exit', restore);
      restore();
      // The last that the program said is not lost with the other screen.
      if (dashboard.printed.length > 0) write.err(`${dashboard.printed.slice(-20).join('\n')}\n`);
      return Promise.resolve();
    },
  };
}
