import { openReadOnly } from '../../lmdb/open-read-only.ts';
import { summarize } from '../checkpoint/summary.ts';
import { summaryText } from '../checkpoint/summary-text.ts';
import type { CommandRequest } from '../command.ts';
import { columnsOf, hasColour } from '../output/terminal.ts';
import { styleText } from 'node:util';

/** `millrace checkpoint inspect DIR`: reads only, beside the program that owns the directory or without it. */
export async function checkpoint({ words, terminal }: CommandRequest): Promise<number> {
  const view = openReadOnly(String(words['dir']));
  try {
    const summary = summarize(view);
    if (terminal.mode.json) {
      process.stdout.write(`${JSON.stringify({ v: 1, type: 'checkpoint', ...summary })}\n`);
      return 0;
    }
    const isColoured = hasColour(terminal.mode, process.env, process.stdout.isTTY);
    const heading = (text: string): string => (isColoured ? styleText('bold', text, { validateStream: false }) : text);
    process.stdout.write(summaryText(summary, { columns: columnsOf(process.stdout), heading }));
    return 0;
  } finally {
    await view.close();
  }
}
