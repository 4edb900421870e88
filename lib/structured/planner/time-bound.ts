import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';

/** A sum of columns and a constant, in microseconds. */
interface Sum {
  readonly factors: ReadonlyMap<number, number>;
  readonly constantUs: number;
}

/**
 * Rows of one side of a join can be forgotten when the conditions prove that they match nothing later than the watermark of the other
 * side. From conditions such as `rt <= lt + INTERVAL 5 SECONDS` it derives the least `shiftUs` for which rows of `own` that are not after
 * watermark + shift are finished. Undefined when no condition bounds it.
 *
 * As in Spark, `<=` and `>=` leave a millisecond of slack, and of several bounds the least holds.
 */
export function timeBound(
  conditions: readonly TypedExpression[],
  own: Attribute,
  other: readonly Attribute[],
): number | undefined {
  const watermarked = new Set(other.filter((column) => column.watermarkDelayMs !== undefined).map(({ id }) => id));
  let least: number | undefined;
  for (const condition of conditions) {
    const bound = boundOf(condition, own.id, watermarked);
    if (bound !== undefined && (least === undefined || bound < least)) least = bound;
  }
  return least;
}

function boundOf(e: TypedExpression, own: number, watermarked: ReadonlySet<number>): number | undefined {
  if (e.kind !== 'call') return undefined;
  const [a, b] = e.args;
  if (a === undefined || b === undefined) return undefined;
  switch (e.function.name) {
    case '<':
      return solve(a, b, own, watermarked);
    case '<=':
      return withSlack(solve(a, b, own, watermarked));
    case '>':
      return solve(b, a, own, watermarked);
    case '>=':
      return withSlack(solve(b, a, own, watermarked));
    default:
      return undefined;
  }
}

function withSlack(boundUs: number | undefined): number | undefined {
  return boundUs === undefined ? undefined : boundUs - 1000;
}

/** `other + constant < own`: the constant. */
function solve(
  less: TypedExpression,
  more: TypedExpression,
  own: number,
  watermarked: ReadonlySet<number>,
): number | undefined {
  const left = sumOf(less);
  const right = sumOf(more);
  if (left === undefined || right === undefined) return undefined;
  const { factors, constantUs } = combine(left, right, -1);
  let hasOwn = false;
  let hasOther = false;
  for (const [id, factor] of factors) {
    if (factor === 0) continue;
    if (id === own && factor === -1) hasOwn = true;
    else if (watermarked.has(id) && factor === 1 && !hasOther) hasOther = true;
    else return undefined;
  }
  return hasOwn && hasOther ? constantUs : undefined;
}

function sumOf(e: TypedExpression): Sum | undefined {
  switch (e.kind) {
    case 'attribute':
      return isTime(e) ? { factors: new Map([[e.id, 1]]), constantUs: 0 } : undefined;
    case 'literal':
      return isMicroseconds(e) && e.value !== null ? { factors: new Map(), constantUs: Number(e.value) } : undefined;
    case 'cast':
      return e.type.kind === e.child.type.kind ? sumOf(e.child) : undefined;
    case 'call': {
      if (!isMicroseconds(e)) return undefined;
      const parts = e.args.map(sumOf);
      const [a, b] = parts;
      if (parts.some((part) => part === undefined) || a === undefined) return undefined;
      if (b === undefined) return e.function.name === 'negative' ? combine(nothing, a, -1) : undefined;
      if (e.function.name === '+') return combine(a, b, 1);
      return e.function.name === '-' ? combine(a, b, -1) : undefined;
    }
    default:
      return undefined;
  }
}

const nothing: Sum = { factors: new Map(), constantUs: 0 };

function combine(a: Sum, b: Sum, sign: 1 | -1): Sum {
  const factors = new Map(a.factors);
  for (const [id, factor] of b.factors) factors.set(id, (factors.get(id) ?? 0) + sign * factor);
  return { factors, constantUs: a.constantUs + sign * b.constantUs };
}

function isTime(e: TypedExpression): boolean {
  return e.type.kind === 'timestamp';
}

function isMicroseconds(e: TypedExpression): boolean {
  return isTime(e) || e.type.kind === 'interval day to second';
}
