import { compactSize, updatableSize } from './kll-bytes.ts';
import type { KllSketch } from './kll-sketch.ts';

/** The error of ranks that DataSketches measured, in percent: of one, or of several at once. */
function errorText(k: number, coefficient: number, exponent: number): string {
  return `${((100 * coefficient) / k ** exponent).toFixed(3)}%`;
}

/** The summary that DataSketches prints of a sketch. */
export function kllText(sketch: KllSketch): string {
  const { kind, k, minK, m, n, levels, capacity, retained, isEmpty } = sketch;
  const lines: readonly (readonly [name: string, value: string | number | bigint | boolean])[] = [
    ['K', k],
    ['Dynamic min K', minK],
    ['M', m],
    ['N', n],
    ['Epsilon', errorText(minK, 2.296, 0.9723)],
    ['Epsilon PMF', errorText(minK, 2.446, 0.9433)],
    ['Empty', isEmpty],
    ['Estimation Mode', levels.length > 1],
    ['Levels', levels.length],
    ['Level 0 Sorted', sketch.isLevelZeroSorted],
    ['Capacity Items', capacity],
    ['Retained Items', retained],
    ['Free Space', capacity - retained],
    ['ReadOnly', false],
    ['Updatable Storage Bytes', updatableSize(sketch)],
    ['Compact Storage Bytes', compactSize(sketch)],
    ['Min Item', isEmpty ? 'NaN' : kind.text(sketch.min)],
    ['Max Item', isEmpty ? 'NaN' : kind.text(sketch.max)],
  ];
  const shown = lines.map(([name, value]) => `   ${name.padEnd(23)}: ${value}\n`).join('');
  return `\n### Kll${kind.sketchName} Summary:\n${shown}### End sketch summary\n`;
}
