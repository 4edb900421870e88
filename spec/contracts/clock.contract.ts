import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../lib/kernel/clock.ts';

/** What every clock keeps to. `pass` lets `ms` of the clock's time go by. */
export function clockContract(name: string, create: () => { clock: Clock; pass: (ms: number) => Promise<void> }): void {
  describe(`${name} as a clock`, () => {
    it('fires a timer when its delay is over, not before', async () => {
      const { clock, pass } = create();
      const fired: number[] = [];
      const start = clock.now();
      clock.schedule(() => fired.push(clock.now() - start), 20);
      await pass(5);
      expect(fired).toEqual([]);
      await pass(40);
      expect(fired).toHaveLength(1);
      expect(fired[0]).toBeGreaterThanOrEqual(19);
    });

    it('fires timers in order of time, and of request where times are equal', async () => {
      const { clock, pass } = create();
      const fired: string[] = [];
      clock.schedule(() => fired.push('late'), 20);
      clock.schedule(() => fired.push('first'), 5);
      clock.schedule(() => fired.push('second'), 5);
      await pass(60);
      expect(fired).toEqual(['first', 'second', 'late']);
    });

    it('does not fire a timer that was unsubscribed', async () => {
      const { clock, pass } = create();
      const fired: string[] = [];
      clock.schedule(() => fired.push('gone'), 5).unsubscribe();
      await pass(30);
      expect(fired).toEqual([]);
    });

    it('reschedules work that asks for it', async () => {
      const { clock, pass } = create();
      let left = 3;
      clock.schedule(function again() {
        left -= 1;
        if (left > 0) this.schedule(undefined, 2);
      }, 2);
      await pass(60);
      expect(left).toBe(0);
    });
  });
}
