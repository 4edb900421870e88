import type { TypedExpression } from '../../expressions/typed-expression.ts';

/** The constant that says how big a sketch is; `undefined` for an expression that is none. Null is no size: 0, as in Spark. */
export function constantSize(arg: TypedExpression | undefined, otherwise: number): number | undefined {
  let given = arg;
  while (given?.kind === 'cast') given = given.child;
  if (given === undefined) return otherwise;
  return given.kind === 'literal' ? Number(given.value ?? 0) : undefined;
}
