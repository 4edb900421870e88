import { raise } from '../kernel/errors.ts';
import { kindOf } from './function-failure.ts';

/**
 * Gives a fresh copy of a first value at each call, so that a function which adds to an array or object in place does not reach other
 * keys and partitions. What cannot be copied faithfully is refused when the operator is made.
 */
export function zeroValue<Z>(zero: Z, operator: string): () => Z {
  if (typeof zero !== 'object' || zero === null) {
    if (typeof zero === 'function' || typeof zero === 'symbol')
      raise('RDD_ZERO_VALUE', { operator, kind: kindOf(zero) });
    return () => zero;
  }
  requireCopyable(zero, operator, new Set());
  const kept = structuredClone(zero);
  return () => structuredClone(kept);
}

function requireCopyable(value: unknown, operator: string, seen: Set<unknown>): void {
  if (typeof value === 'function' || typeof value === 'symbol')
    raise('RDD_ZERO_VALUE', { operator, kind: kindOf(value) });
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Date || ArrayBuffer.isView(value)) return;
  for (const part of partsOf(value) ?? raise('RDD_ZERO_VALUE', { operator, kind: kindOf(value) })) {
    requireCopyable(part, operator, seen);
  }
}

function partsOf(value: object): Iterable<unknown> | undefined {
  if (Array.isArray(value) || value instanceof Set) return value;
  if (value instanceof Map) return [...value].flat();
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.values(value) : undefined;
}
