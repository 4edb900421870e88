import { el, morph } from '../element.ts';
import { count, moment } from '../format.ts';
import { badge, table } from '../table.ts';
import type { Subject, View } from '../view.ts';

/** Where the inputs are: lag of every partition, receivers, records by input. */
export class InputView implements View {
  readonly element: HTMLElement = el('div', { class: 'view' });

  show(subject: Subject): void {
    const { facts } = subject;
    const most = Math.max(1, ...facts.lag.map(({ lag }) => lag));
    morph(
      this.element,
      el(
        'div',
        { class: 'view' },
        el('h2', {}, 'Lag by partition'),
        table(
          'Lag by partition',
          [
            { title: 'Partition', cell: ({ partition }) => partition },
            { title: 'Position', isNumber: true, cell: ({ position }) => count(position) },
            { title: 'End', isNumber: true, cell: ({ end }) => count(end) },
            { title: 'Lag', isNumber: true, cell: ({ lag }) => count(lag) },
            {
              title: 'Share of the longest',
              cell: ({ lag, partition }) =>
                el('meter', { min: 0, max: most, value: lag, 'aria-label': `Lag of ${partition}` }),
            },
          ],
          facts.lag,
          'No source of this program has partitions with ends.',
        ),
        ...(subject.kind === 'stream'
          ? [
              el('h2', {}, 'Inputs'),
              table(
                'Inputs',
                [
                  { title: 'Input', cell: ({ name }) => name },
                  { title: 'Records since the start', isNumber: true, cell: ({ records }) => count(records) },
                ],
                subject.facts.inputs,
                'The program has no inputs.',
              ),
              el('h2', {}, 'Receivers'),
              table(
                'Receivers',
                [
                  { title: 'Receiver', cell: ({ name }) => name },
                  {
                    title: 'Status',
                    cell: ({ isActive }) => badge(isActive ? 'active' : 'stopped', isActive ? 'good' : 'quiet'),
                  },
                  { title: 'Errors', isNumber: true, cell: ({ errors }) => count(errors) },
                  { title: 'Last error', cell: ({ lastError }) => lastError ?? '' },
                  { title: 'At', cell: ({ lastErrorMs }) => (lastErrorMs === undefined ? '' : moment(lastErrorMs)) },
                ],
                subject.facts.receivers,
                'The program has no receivers: its inputs are read directly.',
              ),
            ]
          : [
              el('h2', {}, 'Sources of the last batch'),
              table(
                'Sources',
                [
                  { title: 'Source', cell: ({ description }) => description },
                  { title: 'Rows', isNumber: true, cell: ({ rows }) => count(rows) },
                  {
                    title: 'Ranges',
                    cell: ({ ranges }) =>
                      ranges
                        .map(({ partition, from, until }) => `${partition}: ${count(from)} to ${count(until)}`)
                        .join(', '),
                  },
                ],
                facts.last === undefined || !('sources' in facts.last) ? [] : facts.last.sources,
                'No batch has been completed yet.',
              ),
            ]),
      ),
    );
  }
}
