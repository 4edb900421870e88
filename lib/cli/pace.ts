import { setTimeout as delay } from 'node:timers/promises';

/** Often enough that a rate looks even, rarely enough that each slice is one request. */
const sliceMs = 50;

/**
 * Gathers items into slices and hands them on no faster than `perSecond`; without a rate, as fast as they come. The slices keep to
 * the clock, not to each other: a slow one is made up for by the next.
 */
export async function* paced<T>(
  items: AsyncIterable<T> | Iterable<T>,
  perSecond: number | undefined,
  signal?: AbortSignal,
): AsyncGenerator<T[]> {
  const sliceSize = perSecond === undefined ? 1000 : Math.max(1, Math.round((perSecond * sliceMs) / 1000));
  const start = performance.now();
  let sent = 0;
  let slice: T[] = [];
  for await (const item of items) {
    if (signal?.aborted === true) return;
    slice.push(item);
    if (slice.length < sliceSize) continue;
    yield slice;
    sent += slice.length;
    slice = [];
    if (perSecond === undefined) continue;
    const aheadMs = (sent / perSecond) * 1000 - (performance.now() - start);
    if (aheadMs > 0) await delay(aheadMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
  if (slice.length > 0 && signal?.aborted !== true) yield slice;
}
