import { raise } from '../../kernel/errors.ts';
import { parseTimestamp } from '../types/timestamp.ts';
import type { TimeZone } from '../types/time-zone.ts';

/** What somebody asks about. Microseconds. */
export type WhyTarget =
  /** Every window with this event time in it. */
  | { readonly kind: 'time'; readonly timeUs: number }
  | { readonly kind: 'window'; readonly startUs: number; readonly endUs: number }
  | { readonly kind: 'record'; readonly partition: string; readonly offset: number }
  /** Groups and keys with these values, in these windows or in all. */
  | {
      readonly kind: 'key';
      readonly key: Readonly<Record<string, unknown>>;
      readonly span: Extract<WhyTarget, { kind: 'time' | 'window' }> | undefined;
    };

/** A window as rows have it. */
interface WindowOfRow {
  readonly start: Date | string;
  readonly end: Date | string;
}

/** A question as programs ask it: text, a time, a window as rows have it, or a key with or without a window (or a time in it). */
export type WhyQuestion =
  | string
  | Date
  | WindowOfRow
  | { readonly key: Readonly<Record<string, unknown>>; readonly window?: string | Date | WindowOfRow };

/**
 * Reads a question. A key is an object.
 *
 * - `2026-01-01 12:00:05`: the windows with this event time in them. Texts without a zone are in `zone`.
 * - `2026-01-01 12:00:00/2026-01-01 12:10:00`: the window from the one until the other.
 * - `orders-0:17`: the record of a topic, partition and offset; `in/a.json:3` a line of a file; `0:3` a row of a memory stream.
 */
export function whyTarget(question: WhyQuestion, zone: TimeZone): WhyTarget {
  const isKey = typeof question === 'object' && 'key' in question;
  return isKey ? keyTarget(question, zone) : placeTarget(question, zone);
}

function placeTarget(
  question: Exclude<WhyQuestion, { key: unknown }>,
  zone: TimeZone,
): Exclude<WhyTarget, { kind: 'key' }> {
  if (question instanceof Date) return { kind: 'time', timeUs: question.getTime() * 1000 };
  if (typeof question !== 'string') {
    return window(
      timeUs(question.start, zone),
      timeUs(question.end, zone),
      `${String(question.start)}/${String(question.end)}`,
    );
  }
  const text = question.trim();
  const [start = '', end, ...more] = text.split('/').map((part) => part.trim());
  // A file has dashes in its path, too: both sides have to begin as times do.
  const isWindow = more.length === 0 && [start, end].every((part) => /^[+-]?\d{4,}-\d/u.test(part ?? ''));
  if (isWindow) return window(timeUs(start, zone), timeUs(end ?? '', zone), text);
  const time = parseTimestamp(text, zone);
  if (time !== undefined) return { kind: 'time', timeUs: Number(time) };
  const record = /^(?<partition>.*[^:\s]):(?<offset>\d+)$/u.exec(text)?.groups;
  if (record === undefined) return raise('WHY_QUESTION', { question: text });
  return { kind: 'record', partition: record['partition'] ?? '', offset: Number(record['offset']) };
}

function keyTarget(
  { key, window: asked }: Extract<WhyQuestion, { key: unknown }>,
  zone: TimeZone,
): Extract<WhyTarget, { kind: 'key' }> {
  if (asked === undefined) return { kind: 'key', key, span: undefined };
  const span = placeTarget(asked, zone);
  if (span.kind !== 'record') return { kind: 'key', key, span };
  return raise('WHY_QUESTION', { question: `${span.partition}:${span.offset}` });
}

function window(startUs: number, endUs: number, question: string): Extract<WhyTarget, { kind: 'window' }> {
  return endUs > startUs ? { kind: 'window', startUs, endUs } : raise('WHY_QUESTION', { question });
}

function timeUs(time: Date | string, zone: TimeZone): number {
  if (time instanceof Date) return time.getTime() * 1000;
  const parsed = parseTimestamp(time, zone);
  return parsed === undefined ? raise('WHY_QUESTION', { question: time }) : Number(parsed);
}
