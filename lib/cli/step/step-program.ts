import { createInterface } from 'node:readline/promises';
import { messageOf, MillraceError } from '../../kernel/errors.ts';
import { countText } from '../output/amounts.ts';
import { columnsOf, type Terminal } from '../output/terminal.ts';
import { fitText } from '../output/text-width.ts';
import { valueText } from '../state/value-text.ts';
import { Stepper, type StepperOptions, type SteppedBatch } from './stepper.ts';

const help = [
  'next, n or an empty line   run the next batch',
  'to N                       run batches up to the batch N, or up to N more with +N',
  'back, b                    return the state to what it was before the last batch',
  'show STEP                  what one step gave, all of its sample',
  'quit, q                    end',
];

/** `millrace run --step`: batches on demand. Words come from standard input, also from a file; what is shown goes to standard output. */
export async function stepThrough(options: StepperOptions, terminal: Terminal): Promise<number> {
  const stepper = new Stepper(options);
  const input = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY });
  // From here on: lines that come before somebody iterates would be lost.
  const lines = input[Symbol.asyncIterator]();
  // The clock of the program stands still: nothing else keeps the process from ending while a step is under way.
  const alive = setInterval(() => undefined, 60_000);
  let last: SteppedBatch | undefined;
  try {
    await stepper.start();
    terminal.note(`Batches run when you say so. ${help.length} words are known; help lists them.`);
    prompt(stepper);
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
      const [word = '', argument = ''] = line.value.trim().split(/\s+/u);
      if (word === 'quit' || word === 'q') break;
      if (word === '' || word === 'next' || word === 'n') last = (await next(stepper, terminal)) ?? last;
      else if (word === 'to') last = (await runTo(stepper, argument, terminal)) ?? last;
      else if (word === 'back' || word === 'b') await back(stepper, terminal);
      else if (word === 'show') show(last, argument, terminal);
      else terminal.result(help.join('\n'));
      prompt(stepper);
    }
    return 0;
  } finally {
    clearInterval(alive);
    input.close();
    await stepper.close();
  }
}

function prompt({ version }: Stepper): void {
  if (process.stdin.isTTY) process.stderr.write(`version ${version}> `);
}

async function next(stepper: Stepper, terminal: Terminal): Promise<SteppedBatch | undefined> {
  const batch = await stepper.next();
  if (batch === undefined) terminal.result('There is nothing new.');
  else terminal.result(batchText(batch, columnsOf(process.stdout)));
  return batch;
}

/** `to 1767225600000` runs until that batch was run, `to +5` five batches. */
async function runTo(stepper: Stepper, text: string, terminal: Terminal): Promise<SteppedBatch | undefined> {
  const [, plus, digits] = /^(\+?)(\d+)$/u.exec(text) ?? [];
  if (digits === undefined) {
    terminal.result('to needs the number of a batch, or +N.');
    return undefined;
  }
  let last: SteppedBatch | undefined;
  for (let count = 1; count <= 100_000; count++) {
    const batch = await next(stepper, terminal);
    if (batch === undefined) break;
    last = batch;
    if (plus === '+' ? count >= Number(digits) : batch.batch >= Number(digits)) break;
  }
  return last;
}

/** Why there may be no way back. */
const refusals: ReadonlySet<string> = new Set(['STATE_VERSION_NOT_RETAINED', 'STREAM_QUEUE_NOT_RECOVERABLE']);

async function back(stepper: Stepper, terminal: Terminal): Promise<void> {
  try {
    const version = await stepper.back();
    terminal.result(
      `The state is that of version ${version}. The next batch is the one that was run last, over the same ranges.`,
    );
  } catch (error) {
    // What cannot be gone back to leaves the program where it is.
    if (!(error instanceof MillraceError) || !refusals.has(error.code)) throw error;
    terminal.result(messageOf(error));
  }
}

function show(last: SteppedBatch | undefined, step: string, terminal: Terminal): void {
  const found = last?.operators.find(({ id }) => id === step);
  if (found === undefined)
    terminal.result(
      `Steps: ${(last?.operators ?? []).map(({ id }) => id).join(', ') || 'none yet; run a batch first'}.`,
    );
  else
    terminal.result(
      [
        `${found.id} gave ${countText(found.rows, 'value')}`,
        ...(found.sample ?? []).map((value) => `  ${valueText(value)}`),
      ].join('\n'),
    );
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
