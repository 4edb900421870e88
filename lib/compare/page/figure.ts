import { type RecordKind, recordKind } from '../record-kind.ts';
import { clockText, recordText, spanText } from '../reason-text.ts';
import type { CompareRecord, RunModel, TimeSpan } from '../run-model.ts';
import { svg } from './elements.ts';
import { closingMs, overlap, windowsOf } from './figure-windows.ts';
import { mark } from './mark.ts';
import { type Scale, scaleOf, ticksOf } from './scale.ts';

const narrowPx = 560;
const laneHeightPx = 16;
const mostLanes = 3;
/** So wide are the words in a window of the DStream. */
const labelPx = 92;

interface Drawing {
  readonly model: RunModel;
  readonly nowMs: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly isNarrow: boolean;
}

/**
 * Processing time across, event time up: batches are bands, windows of event time are boxes that end where the watermark closes them, the
 * windows of the DStream stand below the axis, and each record is a mark where it was and when it came.
 *
 * One mark can be tabbed to; arrow keys go to its neighbours in order of arrival.
 */
export class Figure {
  readonly element = svg('svg', { class: 'figure', role: 'group', 'aria-label': 'Records by arrival and event time' });
  readonly #onSelect: (record: number | undefined) => void;
  #marks = new Map<number, SVGElement>();
  #order: readonly number[] = [];
  #selected: number | undefined;
  #redraw: (() => void) | undefined;

  constructor(onSelect: (record: number | undefined) => void) {
    this.#onSelect = onSelect;
    new ResizeObserver(() => this.#redraw?.()).observe(this.element);
  }

  /** Draws what has happened by a time; what comes later is faint. */
  draw(model: RunModel, nowMs: number): void {
    this.#redraw = () => {
      this.#drawNow(model, nowMs);
    };
    this.#redraw();
  }

  /** Rings a record and shows where it went. */
  select(record: number | undefined): void {
    this.#selected = record;
    for (const [id, element] of this.#marks) {
      element.classList.toggle('selected', id === record);
      element.setAttribute('aria-selected', String(id === record));
    }
  }

  #drawNow(model: RunModel, nowMs: number): void {
    const width = Math.max(280, this.element.clientWidth);
    const isNarrow = width < narrowPx;
    const height = Math.round(Math.min(560, Math.max(300, width * (isNarrow ? 1 : 0.56))));
    const left = isNarrow ? 44 : 66;
    const bottom = height - 62;
    const drawing: Drawing = {
      model,
      nowMs,
      isNarrow,
      x: scaleOf(model.span, left, width - 10),
      y: scaleOf(eventSpan(model), bottom, 14),
    };
    const hadFocus = this.element.contains(document.activeElement);
    this.element.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.element.style.height = `${height}px`;
    this.element.replaceChildren(
      patterns(),
      bands(drawing),
      ...downtime(drawing),
      boxes(drawing),
      axes(drawing, height),
      lane(drawing),
      onTime(drawing),
      watermark(drawing),
      this.#records(drawing),
      cursor(drawing),
    );
    this.select(this.#selected);
    if (hadFocus) this.#focus(this.#selected);
  }

  #records(drawing: Drawing): SVGElement {
    const { model } = drawing;
    this.#order = model.records.toSorted((a, b) => a.arrivalMs - b.arrivalMs).map(({ id }) => id);
    this.#marks = new Map(model.records.map((record) => [record.id, this.#record(record, drawing)]));
    const list = svg('g', {
      role: 'listbox',
      'aria-label': 'Records, in order of arrival; arrow keys go from one to the next',
    });
    for (const id of this.#order) {
      const element = this.#marks.get(id);
      if (element !== undefined) list.append(element);
    }
    const entry = this.#marks.get(this.#selected ?? this.#order[0] ?? 0);
    entry?.setAttribute('tabindex', '0');
    return list;
  }

  #record(record: CompareRecord, { model, nowMs, x, y, isNarrow }: Drawing): SVGElement {
    const kind: RecordKind = recordKind(model, record.id);
    const isHere = record.arrivalMs <= nowMs;
    const [atX, atY] = [x.at(record.arrivalMs), y.at(record.eventMs)];
    const size = isNarrow ? 4 : 5.2;
    const element = svg(
      'g',
      {
        role: 'option',
        tabindex: -1,
        class: isHere ? 'record' : 'record later',
        'aria-label': recordText(model, record.id),
      },
      svg('circle', { class: 'ring', cx: atX, cy: atY, r: size + 6 }),
      mark(kind, atX, atY, size),
    );
    const choose = (): void => {
      this.#onSelect(record.id);
    };
    element.addEventListener('pointerenter', choose);
    element.addEventListener('focus', choose);
    element.addEventListener('click', choose);
    element.addEventListener('keydown', (event) => {
      this.#key(event, record.id);
    });
    return element;
  }

  #key(event: KeyboardEvent, id: number): void {
    const at = this.#order.indexOf(id);
    const last = this.#order.length - 1;
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    this.#focus(this.#order[Math.min(last, Math.max(0, next))]);
  }

  #focus(id: number | undefined): void {
    const element = this.#marks.get(id ?? -1);
    if (element === undefined) return;
    for (const other of this.#marks.values()) other.setAttribute('tabindex', '-1');
    element.setAttribute('tabindex', '0');
    element.focus();
  }
}

function eventSpan({ records, span }: RunModel): TimeSpan {
  const times = records.map(({ eventMs }) => eventMs);
  const first = times.reduce((least, ms) => Math.min(least, ms), span.untilMs);
  const last = times.reduce((most, ms) => Math.max(most, ms), span.fromMs);
  const room = Math.max(1000, (last - first) * 0.05);
  return { fromMs: first < span.fromMs ? first - room : Math.max(first - room, span.fromMs), untilMs: last + room };
}

function patterns(): SVGElement {
  const hatch = svg(
    'pattern',
    { id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    svg('line', { class: 'hatch', y2: 6 }),
  );
  return svg('defs', {}, hatch);
}

function bands({ model, nowMs, x, y }: Drawing): SVGElement {
  const [top, bottom] = [y.at(y.span.untilMs), y.at(y.span.fromMs)];
  const group = svg('g', { class: 'bands', 'aria-hidden': 'true' });
  for (const [i, { timeMs }] of model.dstream.batches.entries()) {
    const fromMs = Math.max(model.span.fromMs, timeMs - model.settings.batchMs);
    const [from, until] = [x.at(fromMs), x.at(timeMs)];
    const kind = timeMs >= nowMs && fromMs < nowMs ? 'now' : i % 2 === 0 ? 'even' : 'odd';
    group.append(
      svg('rect', { class: `band ${kind}`, x: from, y: top, width: Math.max(0, until - from), height: bottom - top }),
    );
  }
  return group;
}

function* downtime({ model: { restart }, x, y }: Drawing): Generator<SVGElement> {
  if (restart === undefined) return;
  const [from, until, top] = [x.at(restart.fromMs), x.at(restart.untilMs), y.at(y.span.untilMs)];
  yield svg('rect', { class: 'down', x: from, y: top, width: until - from, height: y.at(y.span.fromMs) - top });
  yield svg('text', { class: 'note', x: (from + until) / 2, y: top + 12, 'text-anchor': 'middle' }, 'down');
}

/** The windows of event time: from the moment that their first event could come until the watermark closes them. */
function boxes({ model, nowMs, x, y, isNarrow }: Drawing): SVGElement {
  const group = svg('g', { class: 'boxes', 'aria-hidden': 'true' });
  const windows = windowsOf(model, 'structured');
  const hasWords = !isNarrow && !overlap(windows);
  for (const [i, window] of windows.entries()) {
    const closes = closingMs(model, window.untilMs);
    const endMs = Math.min(closes ?? model.span.untilMs, Math.max(nowMs, model.span.fromMs));
    const fromMs = Math.max(model.span.fromMs, window.fromMs);
    if (endMs <= fromMs) continue;
    const [left, right] = [x.at(fromMs), x.at(endMs)];
    const [top, bottom] = [
      y.at(Math.min(window.untilMs, y.span.untilMs)),
      y.at(Math.max(window.fromMs, y.span.fromMs)),
    ];
    if (bottom <= top) continue;
    group.append(
      svg('rect', {
        class: `box ${i % 2 === 0 ? 'even' : 'odd'}`,
        x: left,
        y: top,
        width: right - left,
        height: bottom - top,
      }),
    );
    if (closes === undefined || closes > nowMs) continue;
    group.append(svg('line', { class: 'closed', x1: right, x2: right, y1: top, y2: bottom }));
    if (hasWords && bottom - top > 12 && right + 70 < x.at(model.span.untilMs)) {
      group.append(
        svg('text', { class: 'note', x: right + 4, y: (top + bottom) / 2 + 4 }, `closed ${clockText(closes)}`),
      );
    }
  }
  return group;
}

function axes({ model, x, y, isNarrow }: Drawing, height: number): SVGElement {
  const group = svg('g', { class: 'axes', 'aria-hidden': 'true' });
  const [left, bottom, right] = [x.at(x.span.fromMs), y.at(y.span.fromMs), x.at(x.span.untilMs)];
  const text = (ms: number): string => (isNarrow ? clockText(ms).slice(3) : clockText(ms));
  for (const ms of ticksOf(x.span, isNarrow ? 4 : 9)) {
    group.append(svg('line', { x1: x.at(ms), x2: x.at(ms), y1: bottom, y2: bottom + 4 }));
    const isLast = x.at(ms) > right - (isNarrow ? 14 : 24);
    group.append(
      svg('text', { x: isLast ? right : x.at(ms), y: bottom + 16, 'text-anchor': isLast ? 'end' : 'middle' }, text(ms)),
    );
  }
  for (const ms of ticksOf(y.span, isNarrow ? 6 : 8)) {
    group.append(svg('line', { class: 'grid', x1: left - 4, x2: right, y1: y.at(ms), y2: y.at(ms) }));
    group.append(svg('text', { x: left - 7, y: y.at(ms) + 4, 'text-anchor': 'end' }, text(ms)));
  }
  group.append(
    svg('line', { x1: left, x2: right, y1: bottom, y2: bottom }),
    svg('line', { x1: left, x2: left, y1: y.at(y.span.untilMs), y2: bottom }),
  );
  group.append(
    svg(
      'text',
      { class: 'title', x: right, y: height - 4, 'text-anchor': 'end' },
      `arrival (processing time), batches of ${model.settings.batchMs / 1000} s →`,
    ),
  );
  group.append(svg('text', { class: 'title', x: left + 6, y: y.at(y.span.untilMs) + 12 }, '↑ event time'));
  return group;
}

/** The windows of the DStream, which are made of batches: under the axis, those that overlap one below the other. */
function lane({ model, nowMs, x, y, isNarrow }: Drawing): SVGElement {
  const group = svg('g', { class: 'lane', 'aria-hidden': 'true' });
  const top = y.at(y.span.fromMs) + 24;
  const windows = windowsOf(model, 'dstream').filter(
    ({ untilMs, fromMs }) => untilMs <= x.span.untilMs && fromMs >= x.span.fromMs,
  );
  const lanes = overlap(windows) ? mostLanes : 1;
  const heightPx = laneHeightPx / lanes;
  for (const [i, window] of windows.entries()) {
    const [from, until] = [x.at(window.fromMs), x.at(window.untilMs)];
    const kind = `${i % 2 === 0 ? 'even' : 'odd'}${window.untilMs <= nowMs ? '' : ' later'}`;
    const place = {
      x: from + 0.5,
      y: top + (i % lanes) * heightPx,
      width: Math.max(1, until - from - 1),
      height: heightPx - 1,
    };
    group.append(
      svg('rect', { class: `slot ${kind}`, ...place }, svg('title', {}, `DStream window ${spanText(window)}`)),
    );
    if (lanes > 1) continue;
    group.append(
      svg('line', { class: 'edge', x1: until, x2: until, y1: y.at(y.span.untilMs), y2: top + laneHeightPx }),
    );
    if (isNarrow || until - from < labelPx) continue;
    group.append(
      svg(
        'text',
        { class: 'slot-label', x: (from + until) / 2, y: top + 12, 'text-anchor': 'middle' },
        'DStream window',
      ),
    );
  }
  return group;
}

function onTime({ x, y }: Drawing): SVGElement {
  const fromMs = Math.max(x.span.fromMs, y.span.fromMs);
  const untilMs = Math.min(x.span.untilMs, y.span.untilMs);
  return svg('line', {
    class: 'on-time',
    'aria-hidden': 'true',
    x1: x.at(fromMs),
    y1: y.at(fromMs),
    x2: x.at(untilMs),
    y2: y.at(untilMs),
  });
}

function watermark({ model, nowMs, x, y }: Drawing): SVGElement {
  const group = svg('g', { class: 'watermark', 'aria-hidden': 'true' });
  let path = '';
  let last: readonly [x: number, y: number] | undefined;
  for (const { timeMs, watermarkMs, isAfterEnd } of model.structured.batches) {
    if (watermarkMs === undefined || isAfterEnd || timeMs > nowMs || watermarkMs < y.span.fromMs) continue;
    const level = y.at(Math.min(watermarkMs, y.span.untilMs));
    path += last === undefined ? `M${x.at(timeMs)} ${level}` : `H${x.at(timeMs)}V${level}`;
    last = [x.at(timeMs), level];
  }
  if (last === undefined) return group;
  const until = x.at(Math.min(nowMs, model.span.untilMs));
  group.append(svg('path', { d: `${path}H${until}` }));
  const isRight = until > x.at(x.span.fromMs) + 90;
  group.append(svg('text', { x: until - 4, y: last[1] + 14, 'text-anchor': isRight ? 'end' : 'start' }, 'watermark'));
  return group;
}

function cursor({ model, nowMs, x, y }: Drawing): SVGElement {
  const at = x.at(Math.min(nowMs, model.span.untilMs));
  return svg('line', {
    class: 'cursor',
    'aria-hidden': 'true',
    x1: at,
    x2: at,
    y1: y.at(y.span.untilMs),
    y2: y.at(y.span.fromMs) + 42,
  });
}
