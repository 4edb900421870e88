import { expect, it } from '@jest/globals';
import { interval, take, toArray } from 'rxjs';
import { SystemClock } from '../../lib/kernel/clock.ts';
import { ManualClock } from '../../lib/kernel/manual-clock.ts';
import { clockContract } from '../contracts/clock.contract.ts';

clockContract('ManualClock', () => {
  const clock = new ManualClock(1_000_000);
  return { clock, pass: async (ms) => await clock.advance(ms) };
});

// The one place where real time passes in a unit spec: it is the system clock's own contract.
clockContract('SystemClock', () => ({
  clock: new SystemClock(),
  pass: async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
  },
}));

it('ManualClock drives RxJS timers', async () => {
  const clock = new ManualClock();
  const seen: number[][] = [];
  interval(1000, clock)
    .pipe(take(3), toArray())
    .subscribe((values) => seen.push(values));
  await clock.advance(2999);
  expect(seen).toEqual([]);
  await clock.advance(1);
  expect(seen).toEqual([[0, 1, 2]]);
});

it('ManualClock waits for held work before the next timer fires', async () => {
  const clock = new ManualClock();
  const log: string[] = [];
  for (const at of [1000, 2000]) {
    clock.schedule(() => {
      log.push(`timer ${clock.now()}`);
      clock.hold(
        (async () => {
          for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
          log.push(`work of ${at} at ${clock.now()}`);
        })(),
      );
    }, at);
  }
  await clock.advance(2000);
  expect(log).toEqual(['timer 1000', 'work of 1000 at 1000', 'timer 2000', 'work of 2000 at 2000']);
});

it('ManualClock goes on after held work that failed', async () => {
  const clock = new ManualClock();
  clock.hold(Promise.reject(new TypeError('of its owner')));
  await clock.advance(10);
  expect(clock.now()).toBe(10);
});

it('ManualClock fires timers that fall due while it is on its way', async () => {
  const clock = new ManualClock(500);
  const at: number[] = [];
  clock.schedule(function again() {
    at.push(clock.now());
    this.schedule(undefined, 300);
  }, 300);
  await clock.advance(1000);
  expect(at).toEqual([800, 1100, 1400]);
});
