import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { canCast } from '../types/cast.ts';
import type { DataType } from '../types/data-type.ts';
import { sqlTypeText } from '../types/type-text.ts';
import { typedText } from './typed-text.ts';

/** Refuses a written cast between types that no value can be cast between. */
export function checkCast(child: TypedExpression, to: DataType, mode: 'ansi' | 'legacy' | 'try'): void {
  if (canCast(child.type, to, mode)) return;
  raise('DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION', {
    expression: typedText(child),
    srcType: sqlTypeText(child.type),
    targetType: sqlTypeText(to),
  });
}
