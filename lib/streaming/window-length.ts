import { raise } from '../kernel/errors.ts';
import { type Duration, durationMs } from '../kernel/time.ts';

/** Length and slide of a window, checked against the slide of its input: it can only cover and move by whole batches of it. */
export function windowOf(
  parentSlideMs: number,
  window: Duration,
  slide: Duration | undefined,
): { readonly lengthMs: number; readonly slideMs: number } {
  const lengthMs = durationMs(window);
  const slideMs = slide === undefined ? parentSlideMs : durationMs(slide);
  requireMultiple('window duration', lengthMs, parentSlideMs);
  requireMultiple('slide duration', slideMs, parentSlideMs);
  return { lengthMs, slideMs };
}

function requireMultiple(what: string, value: number, slide: number): void {
  if (value % slide === 0) return;
  const below = Math.floor(value / slide) * slide;
  const suggestion = below === 0 ? `${slide} ms` : `${below} ms or ${below + slide} ms`;
  raise('STREAM_WINDOW_NOT_MULTIPLE', { what, value, slide, suggestion });
}

/** The times of a stream in (`from`, `until`], oldest first. */
export function timesBetween(from: number, until: number, slideMs: number, zeroTime: number): number[] {
  const times: number[] = [];
  const start = Math.max(from, zeroTime);
  for (let time = zeroTime + (Math.floor((start - zeroTime) / slideMs) + 1) * slideMs; time <= until; time += slideMs) {
    times.push(time);
  }
  return times;
}

/** The first time of a stream that is not before `time`. */
export function timeAtOrAfter(time: number, slideMs: number, zeroTime: number): number {
  return zeroTime + Math.ceil((time - zeroTime) / slideMs) * slideMs;
}
