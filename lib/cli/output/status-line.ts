import { fitText, textWidth } from './text-width.ts';

/** The part of a terminal's stream that a status line uses. */
export interface LineStream {
  readonly columns?: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/**
 * One line at the bottom of a terminal that is written over in place.
 *
 * - Never longer than the terminal is wide, so it never wraps by itself.
 * - Whoever writes anything else calls `erase` first and `draw` after; `Terminal` does that for all of the process.
 * - When the terminal becomes narrower the old line may have been broken into several rows: all of them are erased.
 */
export class StatusLine {
  readonly #stream: LineStream;
  readonly #onResize = (): void => {
    this.erase();
    this.draw();
  };
  #text = '';
  #drawnWidth = 0;

  constructor(stream: LineStream) {
    this.#stream = stream;
    stream.on('resize', this.#onResize);
  }

  show(text: string): void {
    this.erase();
    this.#text = text;
    this.draw();
  }

  draw(): void {
    if (this.#text === '' || this.#drawnWidth > 0) return;
    // The last column stays free: some terminals wrap when it is written.
    const line = fitText(this.#text, this.#columns() - 1);
    this.#drawnWidth = textWidth(line);
    this.#stream.write(line);
  }

  erase(): void {
    if (this.#drawnWidth === 0) return;
    const rowsAbove = Math.ceil(this.#drawnWidth / this.#columns()) - 1;
    this.#drawnWidth = 0;
    this.#stream.write(`${rowsAbove > 0 ? `\u001B[${rowsAbove}A` : ''}\r\u001B[J`);
  }

  close(): void {
    this.erase();
    this.#text = '';
    this.#stream.off('resize', this.#onResize);
  }

  #columns(): number {
    return Math.max(2, this.#stream.columns || 80);
  }
}
