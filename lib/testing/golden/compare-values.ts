/** A value as text such that equal values have equal texts: names of objects sorted, arrays in order. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).toSorted();
    const entries = names.map(
      (name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name])}`,
    );
    return `{${entries.join(',')}}`;
  }
  if (typeof value === 'bigint') return `${value}n`;
  // Spark's None is null in the files; a function of JavaScript may just as well return nothing.
  return JSON.stringify(value ?? null);
}

/** One batch as text, for comparison: sorted where order is no part of what was recorded. */
export function canonicalBatch(batch: unknown, ordered: boolean): string {
  return Array.isArray(batch) && !ordered ? `[${batch.map(canonical).toSorted().join(',')}]` : canonical(batch);
}
