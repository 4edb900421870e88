import { reasonText, rowName, sideText, spanText } from '../../compare/reason-text.ts';
import { settingsText, verdictText } from '../../compare/report-texts.ts';
import type { ComparedRow, Reason, RowStatus, RunModel } from '../../compare/run-model.ts';
import { showTable } from '../output/table.ts';
import { fitText } from '../output/text-width.ts';
import { wrapWords } from '../output/wrap-words.ts';

/** A window to the tenth of a second. */
const widestCell = 21;
const marks: Readonly<Record<RowStatus, string>> = { same: '', 'by-chance': 'by chance', differs: 'differs' };

/** A comparison for people: what was run, both results side by side, then each row that differs with its reasons, by record. */
export function reportText(model: RunModel, columns: number): string {
  const parts = [
    wrapped(`${model.pair}: ${model.title}, by ${model.measure}`, columns),
    wrapped(settingsText(model), columns),
    tableText(model, columns),
  ];
  parts.push(wrapped(verdictText(model), columns), ...model.notes.map((note) => wrapped(note, columns)));
  if (model.rows.some(({ reasons }) => reasons.length > 0)) {
    parts.push(wrapped("Why, by record: < is only in DStream's row, > only in structured's.", columns));
  }
  for (const row of model.rows) {
    if (row.reasons.length === 0 && row.status === 'same') continue;
    parts.push(['', ...wrapWords(rowHead(model, row), columns), ...reasonLines(model, row, columns)].join('\n'));
  }
  return parts.join('\n');
}

/** One line of JSON: the whole model, with the reasons as texts too. */
export function reportJson(model: RunModel): Readonly<Record<string, unknown>> {
  return {
    ...model,
    rows: model.rows.map((row) => ({
      ...row,
      reasons: row.reasons.map((reason) => ({ ...reason, text: reasonText(model, row, reason) })),
    })),
  };
}

function tableText({ rows, settings }: RunModel, columns: number): string {
  const hasWindow = rows.some(({ window }) => window !== undefined);
  const names = [...(hasWindow ? ['window'] : []), 'row', 'DStream', 'structured', ''];
  const cells = rows.map((row) => [
    ...(hasWindow ? [row.window === undefined ? '' : spanText(row.window)] : []),
    row.label,
    sideText(row.dstream, settings.top),
    sideText(row.structured, settings.top),
    [marks[row.status], row.structured?.isWaiting === true ? 'waiting' : ''].filter((mark) => mark !== '').join(', '),
  ]);
  return showTable(names, cells, widestCell)
    .trimEnd()
    .split('\n')
    .map((line) => fitText(line, columns))
    .join('\n');
}

function rowHead({ settings, measure }: RunModel, row: ComparedRow): string {
  const sides = [sideText(row.dstream, settings.top), sideText(row.structured, settings.top)];
  return `${rowName(row)}: DStream ${measure} ${sides[0] ?? ''}, structured ${measure} ${sides[1] ?? ''}`;
}

function reasonLines(model: RunModel, row: ComparedRow, columns: number): string[] {
  return row.reasons.flatMap((reason) => {
    const [first = '', ...more] = wrapWords(reasonText(model, row, reason), columns - 4);
    return [`  ${signOf(reason)} ${first}`, ...more.map((line) => `    ${line}`)];
  });
}

/** `<` adds to DStream's side, `>` to structured's. */
function signOf({ counted }: Reason): string {
  return counted === 'dstream' ? '<' : '>';
}

function wrapped(text: string, columns: number): string {
  return wrapWords(text, columns).join('\n');
}
