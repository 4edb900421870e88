import type { RecordKind } from '../record-kind.ts';
import { html, svg } from './elements.ts';
import { kindTexts, mark } from './mark.ts';

const kinds: readonly RecordKind[] = ['same', 'moved', 'late', 'left-out'];

/** What the signs of the figure mean. */
export function legend(): HTMLElement {
  return html(
    'ul',
    { class: 'legend', 'aria-label': 'What the signs mean' },
    ...kinds.map((kind) => html('li', {}, markSample(kind), kindTexts[kind])),
    html('li', {}, boxSample('box-sample'), 'window of event time, until the watermark closes it'),
    html('li', {}, boxSample('slot-sample'), 'window of the DStream, made of batches'),
    html('li', {}, lineSample('watermark-sample'), 'watermark'),
    html('li', {}, lineSample('on-time-sample'), 'an event that arrives at once'),
  );
}

function markSample(kind: RecordKind): SVGElement {
  return svg('svg', { viewBox: '-8 -8 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, mark(kind, 0, 0, 4.8));
}

function boxSample(name: string): SVGElement {
  return sample(name, svg('rect', { x: 1, y: 1, width: 24, height: 12 }));
}

function lineSample(name: string): SVGElement {
  return sample(name, svg('line', { x1: 1, y1: 7, x2: 25, y2: 7 }));
}

function sample(name: string, drawn: SVGElement): SVGElement {
  const size = { viewBox: '0 0 26 14', width: 26, height: 14 };
  return svg('svg', { ...size, 'aria-hidden': 'true', class: `sample ${name}` }, drawn);
}
