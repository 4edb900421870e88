import type { TimeType } from './data-type.ts';
import { MICROS_PER_SECOND } from './interval.ts';
import { parseTimestampParts } from './timestamp.ts';

export const NANOS_PER_MICRO = 1000;
export const NANOS_PER_SECOND = MICROS_PER_SECOND * NANOS_PER_MICRO;

/** The precision of literals, and of `current_time()`. */
export const MICRO_DIGITS = 6;

export function timeType(precision = MICRO_DIGITS): TimeType {
  return { kind: 'time', precision };
}

/** Nanoseconds since midnight of `12:34`, `1:2:3.5`, `T12` or `11:30 PM`; `undefined` for anything else. */
export function parseTime(text: string): number | undefined {
  const [, clock = text, half] = /^([^]*)([ap])m\s*$/iu.exec(text) ?? [];
  const parsed = parseTimestampParts(clock);
  if (parsed === undefined || !parsed.isTimeOnly || parsed.zone !== undefined) return undefined;
  const nanos = Number(parsed.local) * NANOS_PER_MICRO;
  if (half === undefined) return nanos;
  const hour = Math.floor(nanos / (3600 * NANOS_PER_SECOND));
  if (hour < 1 || hour > 12) return undefined;
  const shift = (half.toLowerCase() === 'p' ? 12 : 0) - (hour === 12 ? 12 : 0);
  return nanos + shift * 3600 * NANOS_PER_SECOND;
}

/** `12:34:56.5`: without trailing zeros. */
export function timeText(nanos: number): string {
  const seconds = Math.floor(nanos / NANOS_PER_SECOND);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const fraction = String(nanos % NANOS_PER_SECOND)
    .padStart(9, '0')
    .replace(/0+$/u, '');
  return parts.map((part) => String(part).padStart(2, '0')).join(':') + (fraction === '' ? '' : `.${fraction}`);
}
