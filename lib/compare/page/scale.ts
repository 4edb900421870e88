import type { TimeSpan } from '../run-model.ts';

/** Times along one side of a drawing. */
export interface Scale {
  at(ms: number): number;
  readonly span: TimeSpan;
}

/** @example scaleOf({ fromMs: 0, untilMs: 10 }, 100, 200).at(5)   // => 150 */
export function scaleOf(span: TimeSpan, from: number, until: number): Scale {
  const perMs = (until - from) / Math.max(1, span.untilMs - span.fromMs);
  return { span, at: (ms) => from + (ms - span.fromMs) * perMs };
}

const stepsMs = [
  1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** Round times on a scale, at most so many. */
export function ticksOf({ fromMs, untilMs }: TimeSpan, most: number): number[] {
  const stepMs = stepsMs.find((step) => (untilMs - fromMs) / step <= most) ?? Math.ceil((untilMs - fromMs) / most);
  const ticks: number[] = [];
  for (let ms = Math.ceil(fromMs / stepMs) * stepMs; ms <= untilMs; ms += stepMs) ticks.push(ms);
  return ticks;
}
