import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import { referencesOf } from '../expressions/typed-tree.ts';
import { conjunctsOf } from '../optimizer/conjunctions.ts';

/** An equality between the two sides of a join. */
interface JoinKey {
  readonly left: TypedExpression;
  readonly right: TypedExpression;
  /** `<=>`: nulls equal each other. */
  readonly nullSafe: boolean;
}

/** A join condition, taken apart. */
export interface JoinCondition {
  readonly keys: readonly JoinKey[];
  /** What mentions columns of the left side only, of the right side only. */
  readonly leftOnly: readonly TypedExpression[];
  readonly rightOnly: readonly TypedExpression[];
  /** Everything else. */
  readonly rest: readonly TypedExpression[];
  /** All of it, in order. */
  readonly all: readonly TypedExpression[];
}

/** Finds the equalities in a join condition, and what belongs to one side alone. */
export function takeApart(
  condition: TypedExpression | undefined,
  left: readonly Attribute[],
  right: readonly Attribute[],
): JoinCondition {
  const leftIds = new Set(left.map(({ id }) => id));
  const rightIds = new Set(right.map(({ id }) => id));
  const all = condition === undefined ? [] : conjunctsOf(condition);
  const keys: JoinKey[] = [];
  const leftOnly: TypedExpression[] = [];
  const rightOnly: TypedExpression[] = [];
  const rest: TypedExpression[] = [];
  for (const part of all) {
    const key = keyOf(part, leftIds, rightIds);
    if (key !== undefined) keys.push(key);
    else if (readsOnly(part, leftIds)) leftOnly.push(part);
    else if (readsOnly(part, rightIds)) rightOnly.push(part);
    else rest.push(part);
  }
  return { keys, leftOnly, rightOnly, rest, all };
}

function keyOf(e: TypedExpression, left: ReadonlySet<number>, right: ReadonlySet<number>): JoinKey | undefined {
  if (e.kind !== 'call' || (e.function.name !== '=' && e.function.name !== '<=>')) return undefined;
  const [a, b] = e.args;
  if (a === undefined || b === undefined) return undefined;
  const nullSafe = e.function.name === '<=>';
  if (readsOnly(a, left) && readsOnly(b, right)) return { left: a, right: b, nullSafe };
  if (readsOnly(a, right) && readsOnly(b, left)) return { left: b, right: a, nullSafe };
  return undefined;
}

/** Whether an expression reads columns of one side, and of no other. */
function readsOnly(e: TypedExpression, side: ReadonlySet<number>): boolean {
  const read = referencesOf(e);
  return read.size > 0 && [...read].every((id) => side.has(id));
}
