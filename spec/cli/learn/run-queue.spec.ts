import { describe, expect, it } from '@jest/globals';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { RunQueue } from '../../../lib/cli/learn/run-queue.ts';
import { raise } from '../../../lib/kernel/errors.ts';

/** Ends when it is told to. */
class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

describe('the queue of runs', () => {
  it('begins a run when the one before it has ended, well or not', async () => {
    const queue = new RunQueue(3);
    const log: string[] = [];
    const gate = new Gate();
    const first = queue.add(async () => {
      log.push('first begins');
      await gate.opened;
      log.push('first ends');
      return raise('LEARN_PROGRAM', { path: 'a.ts' });
    });
    const second = queue.add(async () => await Promise.resolve(log.push('second')));
    await turnOfTheLoop();
    expect(log).toEqual(['first begins']);
    gate.open();
    await expect(first).rejects.toMatchObject({ code: 'LEARN_PROGRAM' });
    await second;
    expect(log).toEqual(['first begins', 'first ends', 'second']);
  });

  it('refuses more than it may hold, and takes more when one has ended', async () => {
    const queue = new RunQueue(1);
    const gate = new Gate();
    const first = queue.add(async () => {
      await gate.opened;
    });
    await expect(queue.add(async () => await gate.opened)).rejects.toMatchObject({ code: 'LEARN_BUSY' });
    gate.open();
    await first;
    await expect(queue.add(async () => await gate.opened)).resolves.toBeUndefined();
  });
});
