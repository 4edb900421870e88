import { reasonText, rowName, sideText, spanText } from '../reason-text.ts';
import { rowIdOf } from '../results.ts';
import { Results } from '../results.ts';
import type { ComparedRow, EngineName, EngineRun, RunModel, SideRow } from '../run-model.ts';
import { html } from './elements.ts';

/**
 * Both results in one table, as they stood at a time, with what the last batch changed marked; and under each row that differs in the end,
 * the records that make the difference.
 */
export class ResultsTable {
  readonly element = html('div', { class: 'results' });
  readonly #onSelect: (record: number) => void;
  #rows = new Map<string, HTMLElement>();

  constructor(onSelect: (record: number) => void) {
    this.#onSelect = onSelect;
  }

  draw(model: RunModel, nowMs: number): void {
    const isEnd = nowMs >= model.span.untilMs;
    const [now, before] = [upTo(model, nowMs), upTo(model, nowMs - model.settings.batchMs)];
    const hasWindow = model.rows.some(({ window }) => window !== undefined);
    const head = html(
      'tr',
      {},
      ...(hasWindow ? [html('th', { scope: 'col' }, 'Window')] : []),
      html('th', { scope: 'col' }, 'Row'),
      html('th', { scope: 'col', class: 'number' }, 'DStream'),
      html('th', { scope: 'col', class: 'number' }, 'Structured'),
      html('th', { scope: 'col' }, isEnd ? 'In the end' : 'So far'),
    );
    const body = html('tbody');
    this.#rows = new Map();
    for (const row of model.rows) {
      const cells = (['dstream', 'structured'] as const).map((engine) =>
        this.#value(model, row, engine, now, before, isEnd),
      );
      const line = html(
        'tr',
        { class: isEnd ? row.status : 'running' },
        ...(hasWindow ? [html('td', {}, row.window === undefined ? '' : spanText(row.window))] : []),
        html('th', { scope: 'row' }, row.label),
        ...cells,
        html('td', { class: 'status' }, isEnd ? statusText(row) : ''),
      );
      this.#rows.set(row.id, line);
      body.append(line);
      if (isEnd && row.reasons.length > 0) body.append(this.#reasons(model, row, hasWindow ? 5 : 4));
    }
    const caption = html(
      'caption',
      {},
      `Both results: ${model.measure}${isEnd ? '' : ', as they stand at this batch'}`,
    );
    this.element.replaceChildren(html('table', {}, caption, html('thead', {}, head), body));
  }

  /** Marks the rows that a record is in, on either side. */
  select(model: RunModel, record: number | undefined): void {
    for (const { id, dstream, structured } of model.rows) {
      const isIn = [dstream, structured].some(
        (side) => record !== undefined && side?.row.records.includes(record) === true,
      );
      this.#rows.get(id)?.classList.toggle('selected', isIn);
    }
  }

  #value(
    model: RunModel,
    row: ComparedRow,
    engine: EngineName,
    now: Results,
    before: Results,
    isEnd: boolean,
  ): HTMLElement {
    const final = row[engine];
    const text = (results: Results): string =>
      sideText(isEnd && results === now ? final : standing(results, engine, final), model.settings.top);
    const shown = text(now);
    const isChanged = !isEnd && shown !== text(before);
    return html(
      'td',
      { class: `number${isChanged ? ' changed' : ''}` },
      shown === '-' ? '–' : shown,
      ...(isChanged ? [html('span', { class: 'hidden' }, ' changed')] : []),
    );
  }

  #reasons(model: RunModel, row: ComparedRow, columns: number): HTMLElement {
    const list = html('ul');
    for (const reason of row.reasons) {
      const button = html('button', { type: 'button', class: 'reason' }, reasonText(model, row, reason));
      for (const name of ['pointerenter', 'focus', 'click']) {
        button.addEventListener(name, () => {
          this.#onSelect(reason.record);
        });
      }
      list.append(html('li', { class: reason.counted }, button));
    }
    const summary = html(
      'summary',
      {},
      `Why: ${row.reasons.length} record${row.reasons.length === 1 ? '' : 's'}`,
      html('span', { class: 'hidden' }, ` of ${rowName(row)}`),
    );
    const details = html('details', { open: row.status === 'differs' }, summary, list);
    return html('tr', { class: `why ${row.status}` }, html('td', { colspan: columns }, details));
  }
}

function statusText(row: ComparedRow): string {
  const waiting = row.structured?.isWaiting === true ? 'waiting for the watermark' : '';
  const status = { same: '= same', 'by-chance': '≈ same by chance', differs: '≠ differs' }[row.status];
  return [status, waiting].filter((part) => part !== '').join(', ');
}

function standing(results: Results, engine: EngineName, final: SideRow | undefined): SideRow | undefined {
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
