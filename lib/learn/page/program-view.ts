import { el } from '../../monitor/client/element.ts';

/** A program with its own lines, which scrolls sideways by itself, with the keyboard too. */
export function programView(label: string, text: string): HTMLElement {
  return view('program', label, text);
}

/** What a program printed, or what to type: errors are long sentences, so long lines go on below. */
export function linesView(label: string, lines: readonly string[]): HTMLElement {
  return view('lines', label, lines.join('\n'));
}

function view(kind: string, label: string, text: string): HTMLElement {
  return el('pre', { class: kind, tabindex: 0, role: 'region', 'aria-label': label }, el('code', {}, text.trimEnd()));
}
