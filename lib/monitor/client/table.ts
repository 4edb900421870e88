import { el } from './element.ts';

export interface Column<T> {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  /** Sentences have room for some words, also where the table has to scroll. */
  readonly isLong?: boolean;
  readonly cell: (row: T) => Node | string;
}

/** A table with a caption for those who cannot see where it stands. Wide ones scroll by themselves, also by keyboard. */
export function table<T>(
  caption: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  empty: string,
): HTMLElement {
  if (rows.length === 0) return el('p', { class: 'empty' }, empty);
  return el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    el(
      'table',
      {},
      el('caption', { class: 'unseen' }, caption),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ...columns.map(({ title, isNumber }) =>
            el('th', { scope: 'col', class: isNumber === true ? 'number' : undefined }, title),
          ),
        ),
      ),
      el(
        'tbody',
        {},
        ...rows.map((row) =>
          el(
            'tr',
            {},
            ...columns.map(({ cell, isNumber, isLong }) =>
              el('td', { class: isNumber === true ? 'number' : isLong === true ? 'long' : undefined }, cell(row)),
            ),
          ),
        ),
      ),
    ),
  );
}

/** A figure with its name: the row at the top of a section. */
export function tile(name: string, value: string, note = '', tone: 'plain' | 'bad' = 'plain'): HTMLElement {
  return el(
    'div',
    { class: `tile ${tone}` },
    el('dt', {}, name),
    el('dd', {}, el('span', { class: 'value' }, value), el('span', { class: 'note' }, note)),
  );
}

export function tiles(...items: readonly HTMLElement[]): HTMLElement {
  return el('dl', { class: 'tiles' }, ...items);
}

export function badge(text: string, tone: 'good' | 'bad' | 'busy' | 'quiet'): HTMLElement {
  return el('span', { class: `badge ${tone}` }, text);
}
