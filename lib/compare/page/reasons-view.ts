import { reasonText, rowName, sideText } from '../reason-text.ts';
import type { ComparedRow, RunModel } from '../run-model.ts';
import { html } from './elements.ts';

/** Why rows differ, by record: pointing at a reason, or going to it, tells its record. */
export function reasonsView(model: RunModel, onSelect: (record: number) => void): readonly HTMLElement[] {
  const notes = model.notes.map((note) => html('p', { class: 'note' }, note));
  const rows = model.rows.filter(({ reasons }) => reasons.length > 0);
  if (rows.length === 0) return notes;
  return [html('h2', {}, 'Why, by record'), ...notes, ...rows.map((row) => reasonsOfRow(model, row, onSelect))];
}

function reasonsOfRow(model: RunModel, row: ComparedRow, onSelect: (record: number) => void): HTMLElement {
  const list = html('ul');
  for (const reason of row.reasons) {
    const button = html('button', { type: 'button', class: 'reason' }, reasonText(model, row, reason));
    for (const name of ['pointerenter', 'focus', 'click']) {
      button.addEventListener(name, () => {
        onSelect(reason.record);
      });
    }
    const side = reason.counted === 'dstream' ? 'only in DStream’s row' : 'only in Structured’s row';
    list.append(html('li', { class: reason.counted }, html('span', { class: 'side' }, side), ' ', button));
  }
  const { measure, settings } = model;
  const values = [sideText(row.dstream, settings.top), sideText(row.structured, settings.top)];
  const summary = html(
    'summary',
    {},
    html('strong', {}, rowName(row)),
    ` ${measure} ${values[0] ?? ''} in DStream, ${values[1] ?? ''} in Structured`,
    row.status === 'by-chance' ? ': the same by chance' : '',
  );
  return html('details', { class: `why ${row.status}`, open: row.status === 'differs' }, summary, list);
}
