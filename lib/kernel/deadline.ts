import type { Clock } from './clock.ts';

/** Waits for `work`, at most `limitMs` of the clock's time; whether it ended in time. Its own failure is thrown. */
export async function endsWithin(clock: Clock, work: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: { unsubscribe(): void } | undefined;
  const late = new Promise<false>((resolve) => {
    timer = clock.schedule(() => {
      resolve(false);
    }, limitMs);
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    timer?.unsubscribe();
  }
}
