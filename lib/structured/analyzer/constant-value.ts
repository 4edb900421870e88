import { foldExpression } from '../optimizer/fold-constants.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { CallSite } from '../functions/define-function.ts';
import type { InternalValue } from '../types/data-type.ts';

/** The value of an expression that depends on no row; undefined for one that does, or that fails. */
export function constantValue(e: TypedExpression, site: CallSite): InternalValue | undefined {
  const folded = foldExpression(e, site);
  return folded.kind === 'literal' ? folded.value : undefined;
}
