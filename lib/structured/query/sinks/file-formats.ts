import { raise } from '../../../kernel/errors.ts';
import { TextOptions } from '../../../io/text-options.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import { jsonWriter } from '../../functions/json/to-json.ts';
import { schemaOf } from '../../operators/row-objects.ts';
import type { InternalRow } from '../../types/data-type.ts';
import { typeText } from '../../types/type-text.ts';
import { csvLine, csvRules } from '../../functions/csv/csv-text.ts';
import { rowTexts } from '../row-texts.ts';

export type FileFormat = 'json' | 'csv' | 'text';

export function isFileFormat(name: string): name is FileFormat {
  return name === 'json' || name === 'csv' || name === 'text';
}

/** Rows as the lines of a file. */
export interface LineWriter {
  /** What stands at the beginning of each file. */
  readonly head: string;
  line(row: InternalRow): string;
}

/** How rows of these columns become lines; columns that a format cannot hold are refused. */
export function lineWriter(
  format: FileFormat,
  output: readonly Attribute[],
  options: Readonly<Record<string, string>>,
  timeZone: string,
): LineWriter {
  return makers[format](output, options, timeZone);
}

type MakeWriter = (
  output: readonly Attribute[],
  options: Readonly<Record<string, string>>,
  timeZone: string,
) => LineWriter;

const makers: Readonly<Record<FileFormat, MakeWriter>> = {
  json(output, options, timeZone) {
    const write = jsonWriter(schemaOf(output), timeZone, options);
    return { head: '', line: (row) => `${write(row)}\n` };
  },

  text(output) {
    const [only] = output;
    if (output.length !== 1 || only?.type.kind !== 'string') {
      const found = output.map(({ name, type }) => `${name} ${typeText(type)}`).join(', ');
      raise('SINK_COLUMNS', { format: 'text', problem: found, expected: 'Select one column of the type string.' });
    }
    return { head: '', line: ([value]) => `${typeof value === 'string' ? value : ''}\n` };
  },

  csv(output, options, timeZone) {
    const nested = output.find(({ type }) => type.kind === 'array' || type.kind === 'map' || type.kind === 'struct');
    if (nested !== undefined) {
      const problem = `${nested.name} is ${typeText(nested.type)}`;
      raise('SINK_COLUMNS', { format: 'csv', problem, expected: 'Write it with to_json, or select its parts.' });
    }
    const given = new TextOptions(options);
    const rules = csvRules(given);
    const texts = rowTexts(output, timeZone);
    const hasHeader = given.get('header')?.toLowerCase() === 'true';
    const names = output.map(({ name }) => name);
    const valuesOf = (row: InternalRow): readonly (string | null)[] =>
      texts(row).map((text, i) => ((row[i] ?? null) === null ? null : text));
    return { head: hasHeader ? csvLine(names, rules) : '', line: (row) => csvLine(valuesOf(row), rules) };
  },
};
