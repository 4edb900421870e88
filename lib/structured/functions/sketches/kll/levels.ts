/** The least and the usual capacity of a level. */
export const DEFAULT_M = 8;

/** How many items a level has room for: `k` at the top, two thirds of the level above it below, `m` at the least. */
export function levelCapacity(k: number, levels: number, level: number, m: number): number {
  return Math.max(m, shrunk(k, levels - level - 1));
}

export function totalCapacity(k: number, levels: number, m: number): number {
  let total = 0;
  for (let level = 0; level < levels; level++) total += levelCapacity(k, levels, level, m);
  return total;
}

/** `k * (2/3)^depth`, rounded; in two steps where the powers would be too great. */
function shrunk(k: number, depth: number): number {
  if (depth > 30) {
    const half = Math.floor(depth / 2);
    return shrunk(shrunk(k, half), depth - half);
  }
  const [dividend, divisor] = [2 * k * 2 ** depth, 3 ** depth];
  return Math.floor(((dividend - (dividend % divisor)) / divisor + 1) / 2);
}

/** Two ordered lists as one; of equal items those of the second come first. */
export function merged<T>(a: readonly T[], b: readonly T[], isBefore: (a: T, b: T) => boolean): T[] {
  const result: T[] = [];
  let i = 0;
  for (const item of b) {
    while (i < a.length && isBefore(a[i] as T, item)) result.push(a[i++] as T);
    result.push(item);
  }
  while (i < a.length) result.push(a[i++] as T);
  return result;
}
