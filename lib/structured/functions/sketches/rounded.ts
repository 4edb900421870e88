import type { Long } from '../../types/data-type.ts';
import { maxLong, minLong, toLong } from '../../types/long.ts';

/** An estimate as a whole number, as `Math.round` of Java: what is no number is 0, and nothing is beyond 64 bits. */
export function rounded(estimate: number): Long {
  if (Number.isNaN(estimate)) return 0;
  if (Math.abs(estimate) >= Number(maxLong)) return estimate < 0 ? minLong : maxLong;
  return toLong(BigInt(Math.round(estimate)));
}
