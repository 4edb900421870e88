import type { RecordKind } from '../record-kind.ts';
import { svg } from './elements.ts';

/** The sign of a record: another shape for each kind, so that nothing depends on colour. */
export function mark(kind: RecordKind, x: number, y: number, size: number): SVGElement {
  const place = { transform: `translate(${x} ${y})`, class: `mark ${kind}` };
  switch (kind) {
    case 'same':
      return svg('circle', { ...place, r: size });
    case 'moved':
      return svg('path', { ...place, d: `M0 ${-size * 1.35}L${size * 1.35} 0L0 ${size * 1.35}L${-size * 1.35} 0Z` });
    case 'late': {
      const arm = size * 0.95;
      return svg('path', { ...place, d: `M${-arm} ${-arm}L${arm} ${arm}M${-arm} ${arm}L${arm} ${-arm}` });
    }
    case 'left-out':
    default:
      return svg('rect', { ...place, x: -size, y: -size, width: 2 * size, height: 2 * size });
  }
}

export const kindTexts: Readonly<Record<RecordKind, string>> = {
  same: 'in the same rows in both',
  moved: 'in different rows',
  late: 'too late for structured, which dropped it',
  'left-out': 'left out by one of them',
};
