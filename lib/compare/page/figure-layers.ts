import { svg } from './elements.ts';
import { clockText, spanText } from '../reason-text.ts';
import type { RunModel, TimeSpan } from '../run-model.ts';
import { closingMs, overlap, windowsOf } from './figure-windows.ts';
import { type Scale, ticksOf } from './scale.ts';

const laneHeightPx = 16;
const mostLanes = 3;
/** So wide are the words in a window of the DStream. */
const labelPx = 92;

/** What is drawn, how far it has come, and where times stand. */
export interface Drawing {
  readonly model: RunModel;
  readonly nowMs: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly isNarrow: boolean;
}

/** Everything below the records. */
export function layersBelow(drawing: Drawing, height: number): readonly SVGElement[] {
  return [
    patterns(),
    bands(drawing),
    ...downtime(drawing),
    boxes(drawing),
    axes(drawing, height),
    lane(drawing),
    onTime(drawing),
    watermark(drawing),
  ];
}

/** The event times that are shown: those of the records, with room. */
export function eventSpan({ records, span }: RunModel): TimeSpan {
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

/** The time that is looked at. */
export function cursor({ model, nowMs, x, y }: Drawing): SVGElement {
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
