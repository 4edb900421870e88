import { clockText, reasonText, rowName, sideText, spanText } from '../../compare/reason-text.ts';
import { settingsText, verdictText } from '../../compare/report-texts.ts';
import type { ComparedRow, Reason, RowStatus, RunModel, TimeSpan } from '../../compare/run-model.ts';
import { showTable } from '../output/table.ts';
import { fitText, textWidth } from '../output/text-width.ts';
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

/** As much of the windows as there is room for. */
function tableText(model: RunModel, columns: number): string {
  const widths = [...(model.rows.some(hasOwnWindows) ? [bothWindows] : []), oneWindow, start];
  const tables = widths.map((windows) => tableLines(model, windows));
  const fitting = tables.find((lines) => lines.every((line) => textWidth(line) <= columns)) ?? tables.at(-1) ?? [];
  return fitting.map((line) => fitText(line, columns)).join('\n');
}

type WindowColumn = readonly [title: string, text: (row: ComparedRow) => string];

const start: readonly WindowColumn[] = [
  ['from', ({ window }) => (window === undefined ? '' : clockText(window.fromMs))],
];
const oneWindow: readonly WindowColumn[] = [['window', ({ window }) => windowText(window)]];
const bothWindows: readonly WindowColumn[] = [
  ['DStream window', ({ dstream }) => windowText(dstream?.row.window)],
  ['structured window', ({ structured }) => windowText(structured?.row.window)],
];

function windowText(window: TimeSpan | undefined): string {
  return window === undefined ? '' : spanText(window);
}

function tableLines({ rows, settings }: RunModel, windows: readonly WindowColumn[]): readonly string[] {
  const shown = rows.some(({ window }) => window !== undefined) ? windows : [];
  const names = [...shown.map(([title]) => title), 'row', 'DStream', 'structured', ''];
  const cells = rows.map((row) => [
    ...shown.map(([, text]) => text(row)),
    row.label,
    sideText(row.dstream, settings.top),
    sideText(row.structured, settings.top),
    [marks[row.status], row.structured?.isWaiting === true ? 'waiting' : ''].filter((mark) => mark !== '').join(', '),
  ]);
  return showTable(names, cells, widestCell).trimEnd().split('\n');
}

function rowHead({ settings, measure }: RunModel, row: ComparedRow): string {
  const sides = [sideText(row.dstream, settings.top), sideText(row.structured, settings.top)];
  const own = row.structured?.row.window;
  const where = own === undefined || !hasOwnWindows(row) ? '' : ` in ${spanText(own)}`;
  return `${rowName(row)}: DStream ${measure} ${sides[0] ?? ''}, structured ${measure} ${sides[1] ?? ''}${where}`;
}

/** Sessions of the same records have other bounds there and here. */
function hasOwnWindows({ dstream, structured }: ComparedRow): boolean {
  const [there, here] = [dstream?.row.window, structured?.row.window];
  return there !== undefined && here !== undefined && spanText(there) !== spanText(here);
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
