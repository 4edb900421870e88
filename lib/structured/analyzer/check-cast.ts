import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { DataType } from '../types/data-type.ts';
import { isNumeric } from '../types/type-classes.ts';
import { sqlTypeText } from '../types/type-text.ts';
import { isSameType } from './cast-to.ts';
import { typedText } from './typed-text.ts';

/** Refuses a written cast between types that no value can be cast between. */
export function checkCast(child: TypedExpression, to: DataType, mode: 'ansi' | 'legacy' | 'try'): void {
  if (canCast(child.type, to, mode !== 'legacy')) return;
  raise('DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION', {
    expression: typedText(child),
    srcType: sqlTypeText(child.type),
    targetType: sqlTypeText(to),
  });
}

const times = new Set(['date', 'timestamp', 'timestamp_ntz']);

function canCast(from: DataType, to: DataType, isAnsi: boolean): boolean {
  if (from.kind === 'void' || isSameType(from, to)) return true;
  if (from.kind === 'array' && to.kind === 'array') return canCast(from.element, to.element, isAnsi);
  if (from.kind === 'map' && to.kind === 'map')
    return canCast(from.key, to.key, isAnsi) && canCast(from.value, to.value, isAnsi);
  if (from.kind === 'struct' && to.kind === 'struct') {
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((field, i) => canCast(field.type, to.fields[i]?.type ?? { kind: 'void' }, isAnsi))
    );
  }
  if (to.kind === 'string') return true;
  if (['array', 'map', 'struct'].includes(from.kind) || ['array', 'map', 'struct', 'void'].includes(to.kind))
    return false;
  if (from.kind === 'string') return true;
  if (isNumeric(from)) {
    if (isNumeric(to) || to.kind === 'boolean') return true;
    if (to.kind === 'timestamp') return true;
    if (to.kind === 'interval day to second' || to.kind === 'interval year to month')
      return from.kind !== 'float' && from.kind !== 'double';
    return (
      to.kind === 'binary' && !isAnsi && from.kind !== 'decimal' && from.kind !== 'float' && from.kind !== 'double'
    );
  }
  if (from.kind === 'boolean') return isNumeric(to) || (to.kind === 'timestamp' && !isAnsi);
  if (times.has(from.kind)) {
    if (times.has(to.kind)) return true;
    return from.kind === 'timestamp'
      ? isNumeric(to) || (to.kind === 'boolean' && !isAnsi)
      : from.kind === 'date' && !isAnsi && (isNumeric(to) || to.kind === 'boolean');
  }
  if (from.kind === 'interval day to second' || from.kind === 'interval year to month') {
    return (isNumeric(to) && to.kind !== 'float' && to.kind !== 'double') || from.kind === to.kind;
  }
  return false;
}
