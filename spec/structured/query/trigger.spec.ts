import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../lib/index.ts';
import { parseTrigger } from '../../../lib/structured/query/parse-trigger.ts';
import { driveTrigger, nextTriggerMs, type TurnOutcome } from '../../../lib/structured/query/trigger.ts';

describe('a trigger', () => {
  it.each([
    [12_345, 10_000, 20_000],
    [20_000, 10_000, 30_000],
    [0, 1000, 1000],
  ])('after %i the next multiple of %i is %i', (now, interval, next) => {
    expect(nextTriggerMs(now, interval)).toBe(next);
  });

  it.each([
    [{ processingTime: '10 seconds' }, { kind: 'processingTime', intervalMs: 10_000 }],
    [{ processingTime: '0 seconds' }, { kind: 'processingTime', intervalMs: 0 }],
    [{ processingTime: 250 }, { kind: 'processingTime', intervalMs: 250 }],
    [{ once: true }, { kind: 'once' }],
    [{ availableNow: true }, { kind: 'availableNow' }],
  ])('reads %j', (given, expected) => {
    expect(parseTrigger(given)).toEqual(expected);
  });

  it.each([
    [{}, 'QUERY_TRIGGER_UNKNOWN'],
    [{ once: false }, 'QUERY_TRIGGER_UNKNOWN'],
    [{ once: true, availableNow: true }, 'ONLY_ALLOW_SINGLE_TRIGGER'],
    [{ continuous: '1 second' }, 'QUERY_TRIGGER_UNSUPPORTED'],
    [{ processingTime: 'often' }, 'INVALID_INTERVAL_FORMAT.UNRECOGNIZED_NUMBER'],
    [{ processingTime: '1 month' }, 'INVALID_INTERVAL_FORMAT.UNRECOGNIZED_NUMBER'],
    [{ processingTime: '-1 second' }, 'QUERY_TRIGGER_NEGATIVE'],
  ])('refuses %j', (given, code) => {
    expect(() => parseTrigger(given)).toThrow(expect.objectContaining({ code }));
  });

  it('asks for a batch at each multiple of its interval; one that takes longer leaves the next to the next multiple', async () => {
    const clock = new ManualClock(2500);
    const times: number[] = [];
    const takesMs = [0, 1700, 0, 0];
    const driven = driveTrigger({ kind: 'processingTime', intervalMs: 1000 }, clock, {
      stopped: new AbortController().signal,
      waitForData: async () => undefined,
      turn: async (): Promise<TurnOutcome> => {
        times.push(clock.now());
        const took = takesMs[times.length - 1] ?? 0;
        if (took > 0) await new Promise<void>((resolve) => clock.schedule(() => resolve(), took));
        return times.length === 4 ? 'ended' : 'ran';
      },
    });
    await clock.advance(10_000);
    await driven;
    expect(times).toEqual([2500, 3000, 4700, 5000]);
  });
});
