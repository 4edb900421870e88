import { el } from '../../monitor/client/element.ts';

/** A text with its own lines, which scrolls sideways by itself, with the keyboard too. */
export function programView(label: string, text: string): HTMLElement {
  return el('pre', { tabindex: 0, role: 'region', 'aria-label': label }, el('code', {}, text.trimEnd()));
}
