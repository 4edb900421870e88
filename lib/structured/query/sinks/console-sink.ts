import { host } from '../../../io/host.ts';
import { TextOptions } from '../../../io/text-options.ts';
import { raise } from '../../../kernel/errors.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import type { QuerySink } from '../query-sink.ts';
import { type RowTexts } from '../row-texts.ts';
import { showTable, type TableLayout } from '../show-table.ts';
import { RowsSink } from './rows-sink.ts';

const line = '-------------------------------------------';

/** Prints each batch as Spark does: a heading with its number, then its rows as a table. Options `numRows` and `truncate`. */
export function consoleSink(
  options: Readonly<Record<string, string>>,
  output: readonly Attribute[],
  texts: RowTexts,
): QuerySink {
  const layout = layoutOf(new TextOptions(options));
  const names = output.map(({ name }) => name);
  return new RowsSink('org.apache.spark.sql.execution.streaming.ConsoleTable$', async (rows, { batchId }) => {
    const shown = rows.slice(0, layout.numRows ?? 20).map(texts);
    await host().write(`${line}\nBatch: ${batchId}\n${line}\n${showTable(names, shown, rows.length, layout)}\n`);
  });
}

function layoutOf(options: TextOptions): TableLayout {
  const truncate = options.get('truncate')?.toLowerCase();
  return {
    numRows: whole('numRows', options.get('numRows') ?? '20'),
    truncate:
      truncate === undefined || truncate === 'true' ? 20 : truncate === 'false' ? 0 : whole('truncate', truncate),
  };
}

function whole(name: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  return raise('SINK_OPTION', { name, format: 'console', value, expected: 'a whole number from 0 up' });
}
