import { raise } from './errors.ts';

/**
 * The places where a test can stop the program, in the order in which a batch passes them.
 *
 * ```text
 * after-plan       the plan is durable, nothing has run
 * mid-run          the work of a batch has begun
 * before-commit    the work is done, nothing of it is durable
 * in-early-write   inside the transaction that writes a part of the changes before the commit (a store with a row per key)
 * in-commit        inside the transaction, before its end
 * after-commit     the batch is durable, nobody was told
 * in-compaction    a part of a new base is written, it is not in use
 * after-compaction the new base is in use
 * ```
 */
export const faultPoints = [
  'after-plan',
  'mid-run',
  'before-commit',
  'in-early-write',
  'in-commit',
  'after-commit',
  'in-compaction',
  'after-compaction',
] as const;

export type FaultPoint = (typeof faultPoints)[number];

interface Armed {
  readonly point: FaultPoint;
  left: number;
  readonly strike: (point: FaultPoint) => void;
}

let armed: Armed | undefined;

/** Strikes when `point` is passed for the `count`th time, once. Done by the wiring of the program (`MILLRACE_FAULT`) and by specs. */
export function armFault(point: FaultPoint, count: number, strike: (point: FaultPoint) => void): void {
  armed = { point, left: count, strike };
}

export function disarmFault(): void {
  armed = undefined;
}

/** Passes a fault point: does nothing unless it was armed. */
export function passFaultPoint(point: FaultPoint): void {
  if (armed === undefined || armed.point !== point || --armed.left > 0) return;
  const { strike } = armed;
  armed = undefined;
  strike(point);
}

export interface FaultOrder {
  readonly point: FaultPoint;
  readonly count: number;
  readonly how: 'kill' | 'throw';
}

/**
 * Reads `MILLRACE_FAULT`: the point, `:` and how often it is passed before it strikes, and `:throw` for an error in place of SIGKILL.
 *
 * @example
 * parseFault('after-commit:3')   // => { point: 'after-commit', count: 3, how: 'kill' }
 */
export function parseFault(text: string): FaultOrder {
  const [name, count = '1', how = 'kill', ...rest] = text.split(':');
  const point = faultPoints.find((known) => known === name);
  const times = Number(count);
  if (
    point === undefined ||
    !Number.isInteger(times) ||
    times < 1 ||
    (how !== 'kill' && how !== 'throw') ||
    rest.length > 0
  ) {
    raise('CONFIG_VALUE', {
      name: 'MILLRACE_FAULT',
      value: text,
      expected: `name:count or name:count:throw with one of ${faultPoints.join(', ')}`,
    });
  }
  return { point, count: times, how };
}
