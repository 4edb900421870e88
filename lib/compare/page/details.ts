import { clockText, fateText } from '../reason-text.ts';
import { recordKind } from '../record-kind.ts';
import type { RunModel } from '../run-model.ts';
import { html, svg } from './elements.ts';
import { kindTexts, mark } from './mark.ts';

/** What each engine did with the record that is looked at, and why. Told to screen readers as it changes. */
export class Details {
  readonly element = html('section', { class: 'details', 'aria-live': 'polite', 'aria-label': 'The record' });

  draw(model: RunModel, id: number | undefined): void {
    const [record, fates] = [model.records[id ?? -1], model.fates[id ?? -1]];
    if (record === undefined || fates === undefined) {
      this.element.replaceChildren(
        html(
          'p',
          { class: 'empty' },
          'Point at a record, or tab to the figure and use the arrow keys, to see what each engine did with it and why.',
        ),
      );
      return;
    }
    const kind = recordKind(model, record.id);
    const sign = svg(
      'svg',
      { viewBox: '-10 -10 20 20', width: 20, height: 20, 'aria-hidden': 'true' },
      mark(kind, 0, 0, 5.5),
    );
    const came = record.arrivalMs - record.eventMs;
    const title = html('h3', {}, sign, `${record.key}, value ${record.value}: ${kindTexts[kind]}`);
    const when = `Event at ${clockText(record.eventMs)}, arrived at ${clockText(record.arrivalMs)}${came === 0 ? ', at once' : `, ${Number((came / 1000).toFixed(3))} s later`}; partition ${record.partition}.`;
    this.element.replaceChildren(
      title,
      html('p', {}, when),
      html('p', {}, html('strong', {}, 'DStream '), `${fateText(fates.dstream)}.`),
      html('p', {}, html('strong', {}, 'Structured '), `${fateText(fates.structured)}.`),
    );
  }
}
