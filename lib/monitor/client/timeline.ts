import uPlot from 'uplot';
import { el, svg } from './element.ts';

export interface Series {
  readonly label: string;
  /** Which of the page's colours. */
  readonly colour: 1 | 2 | 3 | 4 | 5 | 6;
  readonly values: readonly (number | null)[];
}

export interface TimelineData {
  /** Milliseconds. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** A horizontal line: the batch interval. */
  readonly limit?: { readonly label: string; readonly value: number };
}

interface TimelineSpec {
  readonly title: string;
  readonly hint: string;
  readonly format: (value: number | undefined) => string;
  readonly isStacked?: boolean;
}

/** A chart over time with its histogram beside it. Made once, and given data as often as there is some. */
export class Timeline {
  readonly element: HTMLElement;
  readonly #spec: TimelineSpec;
  readonly #plotArea: HTMLElement;
  readonly #histogramArea: HTMLElement;
  readonly #latest: HTMLElement;
  #plot: uPlot | undefined;
  #shape = '';
  #data: TimelineData | undefined;

  constructor(spec: TimelineSpec) {
    this.#spec = spec;
    this.#plotArea = el('div', { class: 'plot', role: 'img' });
    this.#histogramArea = el('div', { class: 'histogram' });
    this.#latest = el('span', { class: 'latest' });
    this.element = el(
      'section',
      { class: 'chart' },
      el('h3', { title: spec.hint }, spec.title, this.#latest),
      el('div', { class: 'chart-body' }, this.#plotArea, this.#histogramArea),
    );
    new ResizeObserver(() => {
      this.#resize();
    }).observe(this.#plotArea);
  }

  show(given: TimelineData): void {
    const data = withGaps(given);
    this.#data = data;
    const shape = data.series.map(({ label }) => label).join('|') + String(data.limit === undefined);
    if (this.#plot === undefined || shape !== this.#shape) this.#make(shape);
    this.#plot?.setData(this.#columns(data));
    const last = data.series.map(({ values }) => values.findLast((value) => value !== null) ?? undefined);
    const text = last.length === 1 ? this.#spec.format(last[0]) : '';
    this.#latest.textContent =
      data.limit === undefined ? text : `${text}, ${data.limit.label} ${this.#spec.format(data.limit.value)}`;
    this.#plotArea.setAttribute(
      'aria-label',
      `${this.#spec.title}: ${data.series.map(({ label }, i) => `${label} ${this.#spec.format(last[i])}`).join(', ')}`,
    );
    this.#histogram(data);
  }

  /** Colours come from the sheet: made anew when the page turns dark or light. */
  recolour(): void {
    if (this.#data === undefined) return;
    this.#shape = '';
    this.show(this.#data);
  }

  #columns({ times, series, limit }: TimelineData): uPlot.AlignedData {
    const columns = series.map(({ values }) => values.slice());
    if (this.#spec.isStacked === true) {
      for (let i = columns.length - 2; i >= 0; i--) {
        columns[i] = (columns[i] ?? []).map((value, k) => (value ?? 0) + (columns[i + 1]?.[k] ?? 0));
      }
    }
    const limits = limit === undefined ? [] : [times.map(() => limit.value)];
    return [times.map((ms) => ms / 1000), ...columns, ...limits] as uPlot.AlignedData;
  }

  #make(shape: string): void {
    const data = this.#data;
    if (data === undefined) return;
    this.#shape = shape;
    this.#plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const { format, isStacked } = this.#spec;
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--grid'), width: 1 },
      ticks: { stroke: colour('--grid'), width: 1 },
      font: '11px system-ui, sans-serif',
    };
    const raw = (at: number, index: number | null): number | undefined =>
      index === null ? undefined : (this.#data?.series[at]?.values[index] ?? undefined);
    const options: uPlot.Options = {
      width: Math.max(200, this.#plotArea.clientWidth),
      height: 150,
      cursor: { points: { size: 6 }, drag: { x: false, y: false } },
      legend: { show: data.series.length > 1, live: true },
      scales: { y: { range: (_, min, max) => [Math.min(0, min ?? 0), max === null || max <= 0 ? 1 : max * 1.08] } },
      axes: [
        {
          ...axis,
          values: (_, splits) => splits.map((s) => new Date(s * 1000).toLocaleTimeString('en-GB')),
          space: 80,
          size: 28,
        },
        { ...axis, size: 64, values: (_, splits) => distinct(splits.map((value) => format(value))), space: 32 },
      ],
      series: [
        { label: 'Batch', value: (_, s) => (s === null ? '–' : new Date(s * 1000).toLocaleTimeString('en-GB')) },
        ...data.series.map(({ label, colour: number }, i): uPlot.Series => {
          const tone = colour(`--c${number}`);
          return {
            label,
            stroke: tone,
            width: 1.5,
            fill:
              isStacked === true || data.series.length === 1 ? `${tone}${isStacked === true ? 'cc' : '26'}` : undefined,
            points: { show: data.times.length < 30, size: 4 },
            value: (_, __, ___, index) => format(raw(i, index ?? null)),
          } as uPlot.Series;
        }),
        ...(data.limit === undefined
          ? []
          : [
              {
                label: data.limit.label,
                stroke: colour('--limit'),
                width: 1,
                dash: [5, 4],
                points: { show: false },
                value: () => format(this.#data?.limit?.value),
              } as uPlot.Series,
            ]),
      ],
    };
    this.#plotArea.replaceChildren();
    this.#plot = new uPlot(options, this.#columns(data), this.#plotArea);
  }

  #resize(): void {
    const width = this.#plotArea.clientWidth;
    if (this.#plot !== undefined && width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: 150 });
  }

  #histogram({ series }: TimelineData): void {
    const [only] = series;
    if (only === undefined || series.length > 1) {
      this.#histogramArea.replaceChildren();
      return;
    }
    const values = only.values.filter((value): value is number => value !== null);
    this.#histogramArea.replaceChildren(histogram(values, this.#spec));
  }
}

/** The same label twice says nothing: fractions of what is counted. */
function distinct(labels: readonly string[]): (string | null)[] {
  return labels.map((label, i) => (label === labels[i + 1] ? null : label));
}

/** Where batches are far apart the program was down: the line is broken there and says nothing of the time between. */
function withGaps(data: TimelineData): TimelineData {
  const { times, series } = data;
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const gaps = steps.flatMap((step, i) => (step > Math.max(30 * usual, 10_000) ? [i + 1] : []));
  if (gaps.length === 0) return data;
  const insert = <T>(values: readonly T[], between: (at: number) => T): readonly T[] =>
    values.flatMap((value, i) => (gaps.includes(i) ? [between(i), value] : [value]));
  return {
    ...data,
    times: insert(times, (i) => (times[i - 1] ?? 0) + 1),
    series: series.map(({ label, colour, values }) => ({
      label,
      colour,
      values: insert<number | null>(values, () => null),
    })),
  };
}

const bars = 8;

/** How often values fell into each of eight equal parts of their range. */
function histogram(values: readonly number[], { title, format }: TimelineSpec): SVGElement {
  const [least, most] = [Math.min(...values, Infinity), Math.max(...values, 0)];
  const low = Number.isFinite(least) && least > most * 0.5 ? least : 0;
  const width = (most - low) / bars || 1;
  const counts = Array.from({ length: bars }, () => 0);
  for (const value of values) {
    const at = Math.min(bars - 1, Math.floor((value - low) / width));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const highest = Math.max(1, ...counts);
  const rows = counts.toReversed().map((times, i) => {
    const y = 4 + i * 17;
    const from = low + (bars - 1 - i) * width;
    return svg(
      'g',
      {},
      svg('title', {}, `${format(from)} to ${format(from + width)}: ${times} batches`),
      svg(
        'text',
        { x: 62, y: y + 11, 'text-anchor': 'end', class: 'tick' },
        most === 0 && i < bars - 1 ? '' : format(from),
      ),
      svg('rect', {
        x: 68,
        y,
        width: Math.max(times > 0 ? 2 : 0, (times / highest) * 86),
        height: 13,
        rx: 2,
        class: 'bar',
      }),
      svg('text', { x: 72 + (times / highest) * 86, y: y + 11, class: 'tick' }, times > 0 ? times : ''),
    );
  });
  return svg(
    'svg',
    { viewBox: '0 0 190 144', role: 'img', 'aria-label': `Histogram of ${title} over ${values.length} batches` },
    ...rows,
  );
}
