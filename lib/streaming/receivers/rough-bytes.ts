/** About how much memory a record takes: enough to keep a fast sender from filling it. */
export function roughBytes(value: unknown): number {
  if (typeof value === 'string') return 40 + 2 * value.length;
  if (value instanceof Uint8Array) return 120 + value.length;
  if (Array.isArray(value)) {
    let sum = 40;
    for (const item of value) sum += typeof item === 'object' ? 100 : roughBytes(item);
    return sum;
  }
  return typeof value === 'object' ? 200 : 16;
}
