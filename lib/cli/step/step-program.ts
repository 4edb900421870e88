import { createInterface } from 'node:readline/promises';
import { countText } from '../output/amounts.ts';
import { columnsOf, type Terminal } from '../output/terminal.ts';
import { fitText } from '../output/text-width.ts';
import { openLivePage, type UiAddress } from '../monitor/live-page.ts';
import { valueText } from '../state/value-text.ts';
import { stepActions } from './step-actions.ts';
import { StepDesk, type StepResult } from './step-desk.ts';
import { Stepper, type StepperOptions, type SteppedBatch } from './stepper.ts';

const help = [
  'next, n or an empty line   run the next batch',
  'to N                       run batches up to the batch N, or up to N more with +N',
  'back, b                    return the state to what it was before the last batch',
  'show STEP                  what one step gave, all of its sample',
  'quit, q                    end',
];

/**
 * `millrace run --step`: batches on demand. Words come from standard input, also from a file; what is shown goes to standard output. With a
 * page its buttons do the same, and the end of the input leaves it to them.
 */
export async function stepThrough(
  options: StepperOptions,
  terminal: Terminal,
  ui: UiAddress | undefined,
): Promise<number> {
  const stepper = new Stepper(options);
  const desk = new StepDesk(stepper, (batch) => {
    terminal.result(batchText(batch, columnsOf(process.stdout)));
  });
  const input = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY });
  // From here on: lines that come before somebody iterates would be lost.
  const lines = input[Symbol.asyncIterator]();
  // The clock of the program stands still: nothing else keeps the process from ending while a step is under way.
  const alive = setInterval(() => undefined, 60_000);
  let page: { close(): Promise<void> } | undefined;
  try {
    await stepper.start();
    if (ui !== undefined) page = await openLivePage(stepper.watched, ui, stepActions(desk), terminal);
    terminal.note(`Batches run when you say so. ${help.length} words are known; help lists them.`);
    await Promise.race([desk.ended, obey(lines, desk, terminal, ui !== undefined)]);
    return 0;
  } finally {
    clearInterval(alive);
    input.close();
    await page?.close();
    await stepper.close();
  }
}

async function obey(lines: AsyncIterator<string>, desk: StepDesk, terminal: Terminal, hasPage: boolean): Promise<void> {
  prompt(desk.stepper);
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
    const [word = '', argument = ''] = line.value.trim().split(/\s+/u);
    if (word === 'quit' || word === 'q') return;
    if (word === '' || word === 'next' || word === 'n') say(await desk.next(), terminal);
    else if (word === 'to') say((await desk.to(argument)) ?? noNumber, terminal);
    else if (word === 'back' || word === 'b') say(await desk.back(), terminal);
    else if (word === 'show') terminal.result(desk.show(argument));
    else terminal.result(help.join('\n'));
    prompt(desk.stepper);
  }
  if (hasPage) await desk.ended;
}

const noNumber: StepResult = { batches: [], said: 'to needs the number of a batch, or +N.' };

function say({ said }: StepResult, terminal: Terminal): void {
  if (said !== undefined) terminal.result(said);
}

function prompt({ version }: Stepper): void {
  if (process.stdin.isTTY) process.stderr.write(`version ${version}> `);
}

/**
 * A batch for people: each step with how much it gave and the first of it. What goes into a step is what the steps before it gave.
 */
export function batchText({ batch, version, records, operators }: SteppedBatch, columns: number): string {
  const width = Math.max(0, ...operators.map(({ id }) => id.length));
  const lines = operators.map(({ id, rows, sample = [] }) => {
    const more = rows > sample.length ? ', ...' : '';
    return `  ${id.padEnd(width)}  ${String(rows).padStart(6)}  ${sample.map(valueText).join(', ')}${sample.length > 0 ? more : ''}`.trimEnd();
  });
  return [`Batch ${batch}, ${countText(records, 'record')}, version ${version}`, ...lines]
    .map((line) => (Number.isFinite(columns) ? fitText(line, columns - 1) : line))
    .join('\n');
}
