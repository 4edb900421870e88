import type { TypedExpression } from './typed-expression.ts';
import { anyIn, isDeterministic } from './typed-tree.ts';

/** Whether a value can be computed before there is a row. */
export function isFoldable(e: TypedExpression): boolean {
  return isDeterministic(e) && !anyIn(e, isOpen);
}

/** What a value cannot be computed of before the query runs, or should not be: functions of the program may do anything. */
function isOpen(e: TypedExpression): boolean {
  if (e.kind === 'attribute' || e.kind === 'aggregate' || e.kind === 'udf' || e.kind === 'variable') return true;
  return e.kind === 'call' && e.function.body.kind !== 'scalar' && e.function.body.kind !== 'special';
}
