import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { CallSite } from '../functions/define-function.ts';
import { commonWiderType } from '../types/coercion.ts';
import type { DataType } from '../types/data-type.ts';
import { sqlTypeText } from '../types/type-text.ts';

/** The type that the values of several expressions can all be cast to; raises when there is none. `what` is what puts them together. */
export function commonType(expressions: readonly TypedExpression[], site: CallSite, what: string): DataType {
  const types = expressions.map(({ type }) => type);
  return (
    commonWiderType(types, site) ??
    raise('DATATYPE_MISMATCH.DATA_DIFF_TYPES', { function: what, actual: types.map(sqlTypeText).join(', ') })
  );
}
