import { type RecordKind, recordKind } from '../record-kind.ts';
import { recordText } from '../reason-text.ts';
import type { CompareRecord, RunModel } from '../run-model.ts';
import { svg } from './elements.ts';
import { cursor, type Drawing, eventSpan, layersBelow } from './figure-layers.ts';
import { mark } from './mark.ts';
import { scaleOf } from './scale.ts';

const narrowPx = 560;
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
    this.element.replaceChildren(...layersBelow(drawing, height), this.#records(drawing), cursor(drawing));
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
