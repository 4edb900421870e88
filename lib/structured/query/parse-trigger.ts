import { raise } from '../../kernel/errors.ts';
import type { Trigger } from '../backend.ts';
import { dayTimeMicros, parseInterval } from '../types/interval.ts';

/** What `trigger` takes: exactly one of these. */
export interface TriggerOptions {
  readonly processingTime?: string | number;
  readonly once?: boolean;
  readonly availableNow?: boolean;
  /** Not supported; refused by name. */
  readonly continuous?: string | number;
  /** Not supported; refused by name. */
  readonly realTime?: string | number;
}

const names = ['processingTime', 'once', 'availableNow', 'continuous', 'realTime'] as const;

/** Reads a trigger; a program that leaves it out wants each batch as soon as there is data. */
export function parseTrigger(options: TriggerOptions): Trigger {
  const given = names.filter((name) => options[name] !== undefined);
  const [name] = given;
  if (name === undefined)
    raise('QUERY_TRIGGER_UNKNOWN', { given: Object.keys(options).join(', ') || 'without a kind' });
  if (given.length > 1) raise('ONLY_ALLOW_SINGLE_TRIGGER', { given: given.join(' and ') });
  if (name === 'continuous' || name === 'realTime') raise('QUERY_TRIGGER_UNSUPPORTED', { trigger: name });
  if (name === 'processingTime') return { kind: name, intervalMs: intervalMs(options.processingTime ?? 0) };
  if (options[name] !== true) raise('QUERY_TRIGGER_UNKNOWN', { given: `${name}: ${String(options[name])}` });
  return { kind: name };
}

function intervalMs(value: string | number): number {
  const ms = typeof value === 'number' ? value : textMs(value);
  if (ms < 0) raise('QUERY_TRIGGER_NEGATIVE', { interval: String(value) });
  if (!Number.isFinite(ms)) unrecognized(String(value));
  return Math.floor(ms);
}

function textMs(text: string): number {
  const interval = parseInterval(text.trim());
  if (interval === undefined || interval.months !== 0) return unrecognized(text);
  return Number(dayTimeMicros(interval)) / 1000;
}

function unrecognized(input: string): never {
  const [number = input] = input.trim().split(/\s+/u);
  return raise('INVALID_INTERVAL_FORMAT.UNRECOGNIZED_NUMBER', { input, number });
}
