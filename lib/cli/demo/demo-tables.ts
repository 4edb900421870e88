import { banner, type Cell, showTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import type { DemoOutput } from './demo-program.ts';

type Pairs = readonly (readonly [string, number])[];

/**
 * Prints the parts of each batch below one banner. The batches of the time before this start in which nothing happened are only
 * counted, and told in one line before the first that is printed.
 */
export function demoTables(terminal: Terminal): DemoOutput {
  const write = (name: string, columns: readonly string[], time: number, rows: readonly (readonly Cell[])[]): void => {
    if (terminal.mode.json) terminal.event('rows', { time, table: name, columns, rows });
    else process.stdout.write(`${name}\n${showTable(columns, rows)}`);
  };
  let skipped = 0;
  let skippedUntil = 0;
  /** Whether the batch that is being printed is one of those that are only counted. */
  let isSkipping = false;
  const section =
    (name: string, columns: readonly string[], shown: (value: number) => Cell) =>
    (time: number, pairs: Pairs): void => {
      if (!isSkipping)
        write(
          name,
          columns,
          time,
          pairs.map(([key, value]) => [key, shown(value)]),
        );
    };
  const buyers = section('Spent so far, by the buyers of this batch', ['user', 'spent'], (cents) =>
    (cents / 100).toFixed(2),
  );
  return {
    batch(time, isPassed) {
      isSkipping = isPassed;
      if (isPassed) {
        skipped += 1;
        skippedUntil = time;
        return;
      }
      if (skipped > 0) tellSkipped(skipped, skippedUntil, terminal);
      skipped = 0;
      if (!terminal.mode.json) process.stdout.write(banner(time));
    },
    events: section('Events of this batch', ['kind', 'events'], (count) => count),
    products: section('Products of the last 30 s', ['product', 'events'], (count) => count),
    buyers(time, pairs) {
      buyers(time, pairs);
      if (!isSkipping && !terminal.mode.json) process.stdout.write('\n');
    },
  };
}

function tellSkipped(batches: number, until: number, terminal: Terminal): void {
  if (terminal.mode.json) terminal.event('progress', { caughtUp: batches, until });
  else terminal.result(`${batches.toLocaleString('en-US')} empty batches of the time between were caught up.\n`);
}
