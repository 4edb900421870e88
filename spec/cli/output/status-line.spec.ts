import { describe, expect, it } from '@jest/globals';
import { type LineStream, StatusLine } from '../../../lib/cli/output/status-line.ts';

/** A terminal that keeps what was written, and that can be resized. */
class Screen implements LineStream {
  columns: number;
  written: string[] = [];
  #listeners: (() => void)[] = [];

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    this.written.push(text.replaceAll('\u001B', 'ESC'));
  }

  on(_: 'resize', listener: () => void): void {
    this.#listeners.push(listener);
  }

  off(_: 'resize', listener: () => void): void {
    this.#listeners = this.#listeners.filter((known) => known !== listener);
  }

  resize(columns: number): void {
    this.columns = columns;
    for (const listener of this.#listeners) listener();
  }
}

describe('the status line', () => {
  it.each([
    ['fits', 20, 'batch 1', 'batch 1'],
    ['is cut to one column less than the terminal', 8, 'batch 12 of many', 'batch …'],
    ['counts wide characters twice', 6, '水流水流', '水流…'],
    ['takes a terminal that tells no width for one of 80 columns', 0, 'batch', 'batch'],
  ])('%s', (_, columns, text, expected) => {
    const screen = new Screen(columns);
    new StatusLine(screen).show(text);
    expect(screen.written).toEqual([expected]);
  });

  it('is written over in place', () => {
    const screen = new Screen(80);
    const line = new StatusLine(screen);
    line.show('one');
    line.show('two');
    expect(screen.written).toEqual(['one', '\rESC[J', 'two']);
  });

  it('is erased over all rows that a narrower terminal has broken it into', () => {
    const screen = new Screen(30);
    new StatusLine(screen).show('a status of 25 characters');
    screen.resize(10);
    expect(screen.written).toEqual(['a status of 25 characters', 'ESC[2A\rESC[J', 'a status…']);
  });

  it('leaves nothing behind', () => {
    const screen = new Screen(30);
    const line = new StatusLine(screen);
    line.show('one');
    line.close();
    screen.resize(10);
    expect(screen.written).toEqual(['one', '\rESC[J']);
  });
});
