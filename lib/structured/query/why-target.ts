import { raise } from '../../kernel/errors.ts';
import { parseTimestamp } from '../types/timestamp.ts';
import type { TimeZone } from '../types/time-zone.ts';

/** What somebody asks about. Microseconds. */
export type WhyTarget =
  /** Every window with this event time in it. */
  | { readonly kind: 'time'; readonly timeUs: number }
  | { readonly kind: 'window'; readonly startUs: number; readonly endUs: number }
  | { readonly kind: 'record'; readonly partition: string; readonly offset: number };

/** A question as programs ask it: text, a time, or a window as rows have it. */
export type WhyQuestion = string | Date | { readonly start: Date | string; readonly end: Date | string };

/**
 * Reads a question.
 *
 * - `2026-01-01 12:00:05`: the windows with this event time in them. Texts without a zone are in `zone`.
 * - `2026-01-01 12:00:00/2026-01-01 12:10:00`: the window from the one until the other.
 * - `orders-0:17`: the record of a topic, partition and offset.
 */
export function whyTarget(question: WhyQuestion, zone: TimeZone): WhyTarget {
  if (question instanceof Date) return { kind: 'time', timeUs: question.getTime() * 1000 };
  if (typeof question !== 'string') {
    return window(
      timeUs(question.start, zone),
      timeUs(question.end, zone),
      `${String(question.start)}/${String(question.end)}`,
    );
  }
  const text = question.trim();
  const [start, end, ...more] = text.split('/').map((part) => part.trim());
  if (end !== undefined && more.length === 0) return window(timeUs(start ?? '', zone), timeUs(end, zone), text);
  const time = parseTimestamp(text, zone);
  if (time !== undefined) return { kind: 'time', timeUs: Number(time) };
  const record = /^(?<partition>.*[^:\s]):(?<offset>\d+)$/u.exec(text)?.groups;
  if (record === undefined) return raise('WHY_QUESTION', { question: text });
  return { kind: 'record', partition: record['partition'] ?? '', offset: Number(record['offset']) };
}

function window(startUs: number, endUs: number, question: string): WhyTarget {
  return endUs > startUs ? { kind: 'window', startUs, endUs } : raise('WHY_QUESTION', { question });
}

function timeUs(time: Date | string, zone: TimeZone): number {
  if (time instanceof Date) return time.getTime() * 1000;
  const parsed = parseTimestamp(time, zone);
  return parsed === undefined ? raise('WHY_QUESTION', { question: time }) : Number(parsed);
}
