import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../lib/kernel/manual-clock.ts';
import { JobGenerator } from '../../lib/streaming/job-generator.ts';

/** A clock whose timers fire late: what it shows is ahead of what it fires by. */
class LateClock extends ManualClock {
  lateMs = 0;

  override now(): number {
    return super.now() + this.lateMs;
  }
}

function generator(clock: ManualClock, last: number): { readonly times: number[][]; readonly jobs: JobGenerator } {
  const times: number[][] = [];
  const jobs = new JobGenerator(clock, 1000, last, (due) => void times.push([...due]));
  return { times, jobs };
}

describe('batch times', () => {
  it('come one by one', async () => {
    const clock = new ManualClock(500);
    const { times, jobs } = generator(clock, 0);
    jobs.start();
    await clock.advance(2600);
    expect(times).toEqual([[1000], [2000], [3000]]);
  });

  it('that were missed all come, in order', async () => {
    const clock = new LateClock(0);
    const { times, jobs } = generator(clock, 0);
    jobs.start();
    await clock.advance(1000);
    clock.lateMs = 2700;
    await clock.advance(1000);
    clock.lateMs = 0;
    await clock.advance(3000);
    expect(times).toEqual([[1000], [2000, 3000, 4000], [5000]]);
  });

  it('that passed before the start come at once', () => {
    const { times, jobs } = generator(new ManualClock(3500), 1000);
    jobs.start();
    expect(times).toEqual([[2000, 3000]]);
  });

  it('end where they are told to', async () => {
    const clock = new ManualClock();
    const { times, jobs } = generator(clock, 0);
    jobs.start();
    const ended = jobs.stopAfter(2000);
    await clock.advance(5000);
    await ended;
    expect(times).toEqual([[1000], [2000]]);
  });

  it('end at once when stopped, also twice', async () => {
    const clock = new ManualClock();
    const { times, jobs } = generator(clock, 0);
    jobs.start();
    jobs.stop();
    jobs.stop();
    await clock.advance(5000);
    expect(times).toEqual([]);
  });
});
