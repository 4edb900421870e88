import { raise } from '../../../kernel/errors.ts';
import { sqlValueText } from '../../expressions/sql-text.ts';
import type { DataType, InternalValue } from '../data-type.ts';
import { sqlTypeText } from '../type-text.ts';
import type { CastSite } from './cast-site.ts';

/** A value that cannot be read as the type: fails in ANSI mode, null else. */
export function invalidInput(value: InternalValue, from: DataType, to: DataType, { mode }: CastSite): null {
  if (mode !== 'ansi') return null;
  return raise('CAST_INVALID_INPUT', {
    expression: sqlValueText(value, from),
    sourceType: `"${sqlTypeText(from)}"`,
    targetType: `"${sqlTypeText(to)}"`,
  });
}

/** A number beyond the type: fails in ANSI mode, null else. */
export function overflow(value: InternalValue, from: DataType, to: DataType, { mode }: CastSite): null {
  if (mode !== 'ansi') return null;
  return raise('CAST_OVERFLOW', {
    value: sqlValueText(value, from),
    sourceType: `"${sqlTypeText(from)}"`,
    targetType: `"${sqlTypeText(to)}"`,
  });
}
