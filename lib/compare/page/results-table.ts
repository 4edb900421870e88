import { sideText, spanText } from '../reason-text.ts';
import { Results, rowIdOf } from '../results.ts';
import type { ComparedRow, EngineName, EngineRun, RunModel, SideRow } from '../run-model.ts';
import { html } from './elements.ts';
import { reasonsView } from './reasons-view.ts';

const engines: readonly (readonly [EngineName, string])[] = [
  ['dstream', 'DStream'],
  ['structured', 'Structured'],
];

/**
 * Both results as two tables side by side, row by row the same, as they stood at a time: rows that the last batch changed are marked. In the
 * end rows that differ are, and below stand the records that make the difference.
 */
export class ResultsTable {
  readonly element = html('div', { class: 'results' });
  readonly #onSelect: (record: number) => void;
  #lines = new Map<string, HTMLElement[]>();

  constructor(onSelect: (record: number) => void) {
    this.#onSelect = onSelect;
  }

  draw(model: RunModel, nowMs: number): void {
    const isEnd = nowMs >= model.span.untilMs;
    const standing = { now: upTo(model, nowMs), before: upTo(model, nowMs - model.settings.batchMs) };
    this.#lines = new Map(model.rows.map(({ id }) => [id, []]));
    const tables = engines.map(([engine, name]) =>
      html(
        'div',
        { class: 'result', tabindex: 0, role: 'region', 'aria-label': `Result of ${name}` },
        this.#table(model, engine, name, isEnd ? undefined : standing),
      ),
    );
    this.element.replaceChildren(
      html('div', { class: 'pair' }, ...tables),
      ...(isEnd ? reasonsView(model, this.#onSelect) : []),
    );
  }

  /** Marks the rows that a record is in, on either side. */
  select(model: RunModel, record: number | undefined): void {
    for (const row of model.rows) {
      engines.forEach(([engine], i) => {
        const isIn = record !== undefined && row[engine]?.row.records.includes(record) === true;
        this.#lines.get(row.id)?.[i]?.classList.toggle('selected', isIn);
      });
    }
  }

  /** Without `standing` the result is complete. */
  #table(model: RunModel, engine: EngineName, name: string, standing: Standing | undefined): HTMLElement {
    const { rows, measure, settings } = model;
    const hasWindow = rows.some(({ window }) => window !== undefined);
    const body = html('tbody');
    for (const row of rows) {
      const valueAt = (results: Results): string => sideText(sideOf(results, engine, row), settings.top);
      const shown = standing === undefined ? sideText(row[engine], settings.top) : valueAt(standing.now);
      const isChanged = standing !== undefined && shown !== valueAt(standing.before);
      const line = html(
        'tr',
        { class: standing === undefined ? row.status : isChanged ? 'changed' : '' },
        ...(hasWindow ? [html('td', { class: 'window' }, windowText(row, engine))] : []),
        html('th', { scope: 'row' }, row.label),
        html('td', { class: 'number' }, shown === '-' ? '–' : shown),
        html('td', { class: 'status' }, standing === undefined ? statusText(row, engine) : isChanged ? 'changed' : ''),
      );
      this.#lines.get(row.id)?.push(line);
      body.append(line);
    }
    const head = html(
      'tr',
      {},
      ...(hasWindow ? [html('th', { scope: 'col' }, 'Window')] : []),
      html('th', { scope: 'col' }, 'Row'),
      html('th', { scope: 'col', class: 'number' }, measure),
      html('th', { scope: 'col' }, standing === undefined ? 'In the end' : 'This batch'),
    );
    const caption = standing === undefined ? name : `${name}, as it stands at this batch`;
    return html('table', {}, html('caption', {}, caption), html('thead', {}, head), body);
  }
}

/** The engine's own window: sessions of the same records have other bounds there and here. */
function windowText(row: ComparedRow, engine: EngineName): string {
  const window = row[engine]?.row.window ?? row.window;
  return window === undefined ? '' : spanText(window);
}

/** Both results at the batch that is looked at, and at the one before. */
interface Standing {
  readonly now: Results;
  readonly before: Results;
}

function statusText(row: ComparedRow, engine: EngineName): string {
  const isWaiting = engine === 'structured' && row.structured?.isWaiting === true;
  const status = { same: '= same', 'by-chance': '≈ same by chance', differs: '≠ differs' }[row.status];
  return isWaiting ? `${status}, waiting` : status;
}

function sideOf(results: Results, engine: EngineName, row: ComparedRow): SideRow | undefined {
  const final = row[engine];
  return final === undefined ? undefined : results.rows[engine].get(rowIdOf(final.row));
}

/** Both results as they stood at a time. */
function upTo(model: RunModel, ms: number): Results {
  const cut = ({ batches }: EngineRun): EngineRun => ({
    batches: batches.filter(({ timeMs, isAfterEnd }) => timeMs <= ms && !isAfterEnd),
  });
  return new Results(
    { dstream: cut(model.dstream), structured: cut(model.structured) },
    model.settings.mode,
    model.rowsAdd,
  );
}
