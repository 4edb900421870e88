import type { GraphOperatorFacts, OperatorFigures } from '../../facts.ts';
import { getJson } from '../api.ts';
import { el, morph, svg } from '../element.ts';
import { count, duration } from '../format.ts';
import { badge, table } from '../table.ts';
import type { Model } from '../model.ts';
import type { Subject, View } from '../view.ts';

/** Steps of a context are measured while somebody says so, and this section does as long as it is open. */
const askEveryMs = 5000;
const [boxWidth, boxHeight, gapX, gapY] = [236, 54, 24, 34] as const;
/** So many letters of a name go into a box. */
const nameLength = 24;

interface Placed {
  readonly operator: GraphOperatorFacts;
  readonly x: number;
  readonly y: number;
}

/** The steps of the program from its inputs down, with what each gave and how long it took in the last batch that was measured. */
export class OperatorsView implements View {
  readonly element: HTMLElement = el('div', { class: 'view' });

  #askedMs = Number.NEGATIVE_INFINITY;

  show(subject: Subject, { program }: Model): void {
    if (subject.kind === 'stream') this.#ask(subject.facts.id, program?.nowMs ?? 0);
    const { operators } = subject.facts.graph;
    const measured = subject.batches.findLast((batch) => batch.operators !== undefined)?.operators ?? [];
    const figures = new Map(measured.map((one) => [one.id, one]));
    morph(
      this.element,
      el(
        'div',
        { class: 'view' },
        el('h2', {}, subject.kind === 'stream' ? 'Operator graph' : 'Plan'),
        el(
          'p',
          { class: 'quiet' },
          measured.length === 0
            ? 'Counts and times appear with the first batch that is measured.'
            : subject.kind === 'stream'
              ? 'Counts and times are those of the last batch that was measured: one in ten seconds, while this section is open. Waiting for a source counts as its time.'
              : 'Counts and times are those of the last batch. Waiting for a source counts as its time.',
        ),
        el(
          'div',
          { class: 'scroll graph', tabindex: 0, role: 'region', 'aria-label': 'Drawing of the operators' },
          drawing(operators, figures),
        ),
        table(
          'Operators',
          [
            { title: 'Step', cell: ({ id }) => id },
            {
              title: 'Kind',
              cell: ({ kind, isOutput }) => el('span', {}, isOutput ? `${kind} (output)` : kind),
            },
            { title: 'State', cell: ({ keepsState }) => (keepsState ? badge('keeps state', 'busy') : '') },
            { title: 'Given', isNumber: true, cell: ({ id }) => count(figures.get(id)?.rows) },
            { title: 'Time', isNumber: true, cell: ({ id }) => duration(figures.get(id)?.timeMs) },
            { title: 'Detail', isLong: true, cell: ({ detail }) => el('code', {}, detail ?? '') },
          ],
          operators,
          'The program has no steps.',
        ),
      ),
    );
  }

  /** What it answers comes with the batches, too. */
  #ask(id: string, nowMs: number): void {
    if (nowMs - this.#askedMs < askEveryMs) return;
    this.#askedMs = nowMs;
    void getJson(`/api/v1/streams/${encodeURIComponent(id)}/operators`).catch(() => undefined);
  }
}

function drawing(operators: readonly GraphOperatorFacts[], figures: ReadonlyMap<string, OperatorFigures>): SVGElement {
  const placed = layout(operators);
  const at = new Map(placed.map((one) => [one.operator.id, one]));
  const width = Math.max(...placed.map(({ x }) => x), 0) + boxWidth + 2;
  const height = Math.max(...placed.map(({ y }) => y), 0) + boxHeight + 2;
  const slowest = Math.max(0, ...Array.from(figures.values(), ({ timeMs }) => timeMs ?? 0));
  const lines = placed.flatMap(({ operator, x, y }) =>
    operator.inputs.flatMap((input) => {
      const from = at.get(input);
      if (from === undefined) return [];
      const [x1, y1, x2, y2] = [from.x + boxWidth / 2, from.y + boxHeight, x + boxWidth / 2, y];
      const middle = (y1 + y2) / 2;
      return [
        svg('path', {
          d: `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`,
          class: 'edge',
          'marker-end': 'url(#arrow)',
        }),
      ];
    }),
  );
  const boxes = placed.map(({ operator, x, y }) => {
    const found = figures.get(operator.id);
    const share = slowest === 0 ? 0 : (found?.timeMs ?? 0) / slowest;
    const tone = operator.isOutput
      ? 'output'
      : operator.inputs.length === 0
        ? 'source'
        : operator.keepsState
          ? 'state'
          : '';
    return svg(
      'g',
      { class: `box ${tone}`, transform: `translate(${x} ${y})` },
      svg('title', {}, operator.detail === undefined ? operator.id : `${operator.id}: ${operator.detail}`),
      svg('rect', { width: boxWidth, height: boxHeight, rx: 6 }),
      svg('text', { x: 10, y: 21, class: 'name' }, shorten(operator.kind, nameLength)),
      svg(
        'text',
        { x: 10, y: 40, class: 'figures' },
        found === undefined
          ? ''
          : `${count(found.rows)} given${found.timeMs === undefined ? '' : `, ${duration(found.timeMs)}`}`,
      ),
      svg('rect', { x: 0, y: boxHeight - 3, width: Math.round(boxWidth * share), height: 3, class: 'share' }),
    );
  });
  const arrow = svg(
    'marker',
    { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
    svg('path', { d: 'M0 0L8 4L0 8z', class: 'arrow' }),
  );
  return svg(
    'svg',
    {
      width,
      height,
      viewBox: `-1 -1 ${width} ${height}`,
      role: 'img',
      'aria-label': `Graph of ${operators.length} operators; the table below has the same figures`,
    },
    svg('defs', {}, arrow),
    ...lines,
    ...boxes,
  );
}

/** Each below all of its inputs; those of one depth side by side. */
function layout(operators: readonly GraphOperatorFacts[]): readonly Placed[] {
  const depths = new Map<string, number>();
  for (const { id, inputs } of operators)
    depths.set(
      id,
      inputs.reduce((depth, input) => Math.max(depth, (depths.get(input) ?? -1) + 1), 0),
    );
  const columns = new Map<string, number>();
  const taken = new Map<number, Set<number>>();
  return operators.map((operator) => {
    const depth = depths.get(operator.id) ?? 0;
    const row = taken.get(depth) ?? new Set<number>();
    let column = operator.inputs.reduce(
      (least, input) => Math.min(least, columns.get(input) ?? 0),
      operator.inputs.length === 0 ? 0 : Infinity,
    );
    while (row.has(column)) column += 1;
    row.add(column);
    taken.set(depth, row);
    columns.set(operator.id, column);
    return { operator, x: column * (boxWidth + gapX), y: depth * (boxHeight + gapY) };
  });
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
