import type { OffsetRangeFacts, PartitionLag } from './facts.ts';

/** Of a DStream's input: `{ offsets: { 'orders-0': [from, until] } }` in the metadata that the input gives; none where it has none. */
export function rangesOfMetadata(metadata: Readonly<Record<string, unknown>>): readonly OffsetRangeFacts[] {
  const { offsets } = metadata;
  if (typeof offsets !== 'object' || offsets === null) return [];
  return Object.entries(offsets).flatMap(([partition, range]: [string, unknown]) =>
    Array.isArray(range) ? [{ partition, from: Number(range[0]), until: Number(range[1]) }] : [],
  );
}

/** Ends that the metadata of an input tells, by partition. */
export function endsOfMetadata(metadata: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> {
  return new Map(flatOffset(metadata['latest']));
}

/**
 * The ranges of a query's source: offsets are numbers by topic and partition, or one number.
 *
 * @example
 * rangesOf(null, { orders: { 0: 5 } })   // => [{ partition: 'orders-0', from: 0, until: 5 }]
 */
export function rangesOf(start: unknown, end: unknown): readonly OffsetRangeFacts[] {
  const from = new Map(flatOffset(start));
  return flatOffset(end).map(([partition, until]) => ({ partition, from: from.get(partition) ?? 0, until }));
}

/** How far each partition is behind its end. */
export function lagOf(ranges: readonly OffsetRangeFacts[], ends: ReadonlyMap<string, number>): readonly PartitionLag[] {
  return ranges.flatMap(({ partition, until }) => {
    const end = ends.get(partition);
    return end === undefined ? [] : [{ partition, position: until, end, lag: Math.max(0, end - until) }];
  });
}

/** An offset as positions by name. What holds no numbers has none. */
export function flatOffset(offset: unknown, prefix = ''): readonly (readonly [string, number])[] {
  if (typeof offset === 'number') return [[prefix === '' ? 'offset' : prefix, offset]];
  if (typeof offset !== 'object' || offset === null) return [];
  return Object.entries(offset).flatMap(([name, part]) => flatOffset(part, prefix === '' ? name : `${prefix}-${name}`));
}
