import type { LateRowFacts } from '../../facts.ts';
import type { OpenWindowFacts, StateVersionFacts } from '../../state-facts.ts';
import { getJson } from '../api.ts';
import { el, morph, svg } from '../element.ts';
import { count, duration, moment } from '../format.ts';
import { table } from '../table.ts';
import { keyOf, stateIdOf, type Subject, type View } from '../view.ts';

/** The event-time windows that are open, on their axis, with the watermark and what would close each. */
export class WindowsView implements View {
  readonly element: HTMLElement = el('div', { class: 'view' });
  #key = '';
  #batch = -1;
  #windows: readonly OpenWindowFacts[] = [];
  #late: readonly LateRowFacts[] = [];
  #problem = '';
  #isLoading = false;
  /** What is to be loaded once the load under way is over: something has changed since it began. */
  #next: Extract<Subject, { kind: 'query' }> | undefined;

  show(subject: Subject): void {
    if (subject.kind !== 'query') return;
    const batch = subject.facts.last?.batchId ?? -1;
    if (keyOf(subject) !== this.#key || batch !== this.#batch) {
      this.#key = keyOf(subject);
      this.#batch = batch;
      void this.#load(subject);
    }
    this.#draw(subject);
  }

  async #load(subject: Extract<Subject, { kind: 'query' }>): Promise<void> {
    if (this.#isLoading) {
      this.#next = subject;
      return;
    }
    this.#isLoading = true;
    const { facts } = subject;
    const base = `/api/v1/state/${encodeURIComponent(stateIdOf(subject))}/versions`;
    try {
      this.#late = await getJson<readonly LateRowFacts[]>(`/api/v1/queries/${encodeURIComponent(facts.runId)}/late`);
      const { versions } = await getJson<{ versions: readonly StateVersionFacts[] }>(base);
      const newest = versions.at(-1);
      this.#windows =
        newest === undefined ? [] : await getJson<readonly OpenWindowFacts[]>(`${base}/${newest.version}/windows`);
      this.#problem = '';
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.#isLoading = false;
    }
    const next = this.#next;
    this.#next = undefined;
    this.#draw(next ?? subject);
    if (next !== undefined) await this.#load(next);
  }

  #draw({ facts }: Extract<Subject, { kind: 'query' }>): void {
    const watermarkMs = facts.last?.watermarkMs;
    const hasWatermark = watermarkMs !== undefined && watermarkMs > 0;
    morph(
      this.element,
      el(
        'div',
        { class: 'view' },
        el('h2', {}, `Open windows (${this.#windows.length})`),
        el(
          'p',
          { class: 'quiet' },
          hasWatermark
            ? `The watermark of the last batch is ${moment(watermarkMs)}, ${duration(Math.abs(facts.last?.watermarkGapMs ?? 0))} ${(facts.last?.watermarkGapMs ?? 0) < 0 ? 'ahead of' : 'behind'} the clock. A window closes when the watermark reaches its end.`
            : 'No watermark has been reached: nothing closes by event time.',
        ),
        this.#problem === '' ? undefined : el('p', { class: 'problem', role: 'alert' }, this.#problem),
        this.#windows.length === 0
          ? undefined
          : el(
              'div',
              { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Windows on the axis of event time' },
              axis(this.#windows, hasWatermark ? watermarkMs : undefined, facts.last?.maxEventTimeMs),
            ),
        table(
          'Open windows',
          [
            { title: 'Operator', cell: ({ operator }) => operator },
            { title: 'Start', cell: ({ startMs }) => moment(startMs) },
            { title: 'End', cell: ({ endMs }) => moment(endMs) },
            { title: 'Rows of state', isNumber: true, cell: ({ rows }) => count(rows) },
            {
              title: 'What closes it',
              isLong: true,
              cell: ({ closesAtEventMs }) =>
                closesAtEventMs === undefined
                  ? 'nothing: the query has no watermark'
                  : `an event of ${moment(closesAtEventMs)} or later, then the next batch`,
            },
          ],
          this.#windows,
          'No operator of this query holds rows of an open window.',
        ),
        el('h2', {}, 'Late rows'),
        table(
          'Late rows by operator, in the last batch',
          [
            { title: 'Operator', cell: ({ operator }) => operator },
            { title: 'Late rows', isNumber: true, cell: ({ lateRows }) => count(lateRows) },
            { title: 'Dropped, as Spark counts', isNumber: true, cell: ({ droppedRows }) => count(droppedRows) },
          ],
          facts.last?.state ?? [],
          'No operator of this query judges rows by the watermark.',
        ),
        el('h3', {}, 'One by one'),
        table(
          'The last 200 late rows, newest first',
          [
            { title: 'Batch', isNumber: true, cell: ({ batchId }) => String(batchId) },
            { title: 'Event time', cell: ({ eventTimeMs }) => moment(eventTimeMs) },
            { title: 'Watermark', cell: ({ watermarkMs }) => moment(watermarkMs) },
            { title: 'Operator', cell: ({ operator }) => operator },
            { title: 'Window', cell: (late) => windowText(late) },
            { title: 'Key', cell: ({ key }) => el('code', {}, key ?? '') },
            { title: 'Row', isLong: true, cell: ({ row }) => el('code', {}, row) },
          ],
          this.#late.toReversed(),
          'No row has come too late since the query began.',
        ),
      ),
    );
  }
}

function windowText({ window }: LateRowFacts): string {
  return window === undefined ? '' : `${moment(window.startMs)} to ${moment(window.endMs)}`;
}

function axis(
  windows: readonly OpenWindowFacts[],
  watermarkMs: number | undefined,
  maxEventMs: number | undefined,
): SVGElement {
  const marks = [watermarkMs, maxEventMs].filter((ms): ms is number => ms !== undefined);
  const from = Math.min(...windows.map(({ startMs }) => startMs), ...marks);
  const until = Math.max(...windows.map(({ endMs }) => endMs), ...marks);
  const rows = windows.slice(0, 40);
  const [width, left, rowHeight, top] = [900, 12, 20, 34] as const;
  const height = top + rows.length * rowHeight + 24;
  const x = (ms: number): number => left + ((ms - from) / Math.max(1, until - from)) * (width - 2 * left);
  const line = (ms: number, label: string, tone: string, y: number): SVGElement =>
    svg(
      'g',
      { class: tone },
      svg('line', { x1: x(ms), x2: x(ms), y1: y + 4, y2: height - 20 }),
      svg(
        'text',
        { x: x(ms), y, 'text-anchor': x(ms) > width * 0.8 ? 'end' : x(ms) < width * 0.2 ? 'start' : 'middle' },
        label,
      ),
    );
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      class: 'axis',
      role: 'img',
      'aria-label': `${windows.length} open windows; the table below has the same`,
    },
    ...rows.map(({ startMs, endMs, rows: held }, i) =>
      svg(
        'g',
        { class: watermarkMs !== undefined && endMs <= watermarkMs ? 'window closing' : 'window' },
        svg('title', {}, `${moment(startMs)} to ${moment(endMs)}, ${held} rows`),
        svg('rect', {
          x: x(startMs),
          y: top + i * rowHeight,
          width: Math.max(3, x(endMs) - x(startMs)),
          height: rowHeight - 5,
          rx: 3,
        }),
        svg('text', { x: x(startMs) + 5, y: top + i * rowHeight + 11 }, `${count(held)} rows`),
      ),
    ),
    watermarkMs === undefined ? undefined : line(watermarkMs, 'watermark', 'mark-watermark', 12),
    maxEventMs === undefined ? undefined : line(maxEventMs, 'latest event', 'mark-event', 26),
    svg('text', { x: left, y: height - 5, class: 'tick' }, moment(from)),
    svg('text', { x: width - left, y: height - 5, 'text-anchor': 'end', class: 'tick' }, moment(until)),
  );
}
