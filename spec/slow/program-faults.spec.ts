import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sameSignalMs } from '../../lib/node/signals.ts';
import { delay, systemClock } from '../../lib/kernel/clock.ts';
import { Workplace } from '../faults/running-program.ts';

jest.setTimeout(60_000);

const queue = (step: string, after = ''): string =>
  `const ssc = new StreamingContext({ appName: 'faults', batchInterval: seconds(0.1) });
   ssc.queueStream([[1, 2], [3]])${step};
   ${after}
   return ssc;`;

/** What a user sees when the program itself goes wrong. */
describe('a program', () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
  });
  afterEach(() => {
    place[Symbol.dispose]();
  });

  it('ends with status 1 when a promise of its output operation is rejected', async () => {
    const program = place.program(
      'rejected.ts',
      queue(".foreachRDD(async () => { await Promise.reject(new RangeError('no room')); })"),
    );
    const ended = await place.run('run', program, '--batches', '3');
    expect(ended.stderr).toMatch(/no room/u);
    expect(ended.stderr).toMatch(/foreachRDD|foreach-rdd/u);
    expect(ended.status).toBe(1);
  });

  it('ends with status 1 when something it started fails outside of a batch', async () => {
    const program = place.program(
      'stray.ts',
      queue('.print()', "setTimeout(() => { throw new RangeError('stray'); }, 150);"),
    );
    const ended = await place.run('run', program, '--for', '20s');
    expect(ended.stderr).toMatch(/stray/u);
    expect(ended.status).toBe(1);
    expect(ended.seconds).toBeLessThan(15);
  });

  it('is ended, with operator and batch named, when its function never returns', async () => {
    const program = place.program(
      'hangs.ts',
      queue('.map(x => { while (x === 2) { /* for ever */ } return x; }).print()'),
    );
    const ended = await place.run('run', program, '--batch-timeout', '1s');
    expect(ended.stderr).toMatch(/batch/u);
    expect(ended.status).toBe(1);
    expect(ended.seconds).toBeLessThan(20);
  });

  it.each([
    ['is not there', 'nothing.ts', undefined, /nothing\.ts/u, 2],
    ['cannot be parsed', 'broken.ts', 'export default (', /broken\.ts/u, 1],
    ['starts nothing', 'empty.ts', 'export const a = 1;', /empty\.ts/u, 2],
  ] as const)('that %s is named', async (_, name, text, said, status) => {
    const { writeFileSync } = await import('node:fs');
    if (text !== undefined) writeFileSync(place.path(name), text);
    const ended = await place.run('run', place.path(name));
    expect(ended.stderr).toMatch(said);
    expect(ended.status).toBe(status);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends with status 0 on one %s, and at once on a second', async (signal, second) => {
    const program = place.program(
      'ends.ts',
      queue(".foreachRDD(async (rdd, time) => { console.log('batch', time); })"),
    );
    const one = place.start('run', program);
    await one.printed(/batch \d+/u);
    one.kill(signal);
    const ended = await one.ended;
    expect(ended.status).toBe(0);
    expect(ended.seconds).toBeLessThan(20);

    const stuck = place.program(
      'stuck.ts',
      queue(".foreachRDD(async () => { console.log('stuck'); await new Promise(() => setInterval(() => {}, 1000)); })"),
    );
    const two = place.start('run', stuck);
    await two.printed(/stuck/u);
    two.kill(signal);
    await two.printed(/stopping|second|again/iu);
    // What comes at once after the first is taken for the same signal.
    await delay(systemClock, 2 * sameSignalMs);
    two.kill(signal);
    expect((await two.ended).status).toBe(second);
  });
});
