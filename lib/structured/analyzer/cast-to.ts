import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { CallSite } from '../functions/define-function.ts';
import type { DataType } from '../types/data-type.ts';
import { isNumeric } from '../types/type-classes.ts';

/** An implicit cast: nothing where the type is that one already, and nulls of no type simply take it. */
export function castTo(e: TypedExpression, type: DataType, site: CallSite): TypedExpression {
  if (isSameType(e.type, type)) return e;
  if (type.kind === 'time') return raise('UNSUPPORTED_TIME_TYPE', {});
  if (e.kind === 'literal' && e.value === null) return { ...e, type };
  const mode = site.ansi ? 'ansi' : 'legacy';
  return { kind: 'cast', child: e, type, mode, nullable: e.nullable || castMayGiveNull(e.type, type, mode) };
}

/** Whether a value that is not null may become null. ANSI casts fail instead. */
export function castMayGiveNull(from: DataType, to: DataType, mode: 'ansi' | 'legacy' | 'try'): boolean {
  if (mode === 'ansi' || to.kind === 'string' || isSameType(from, to)) return false;
  return !(isNumeric(from) && isNumeric(to) && to.kind !== 'decimal');
}

/** Whether values of two types are the same: nullability inside of them does not count. */
export function isSameType(a: DataType, b: DataType): boolean {
  if (a === b) return true;
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.precision === b.precision && a.scale === b.scale;
  if (a.kind === 'array' && b.kind === 'array') return isSameType(a.element, b.element);
  if (a.kind === 'map' && b.kind === 'map') return isSameType(a.key, b.key) && isSameType(a.value, b.value);
  if (a.kind === 'struct' && b.kind === 'struct') {
    return (
      a.fields.length === b.fields.length &&
      a.fields.every((field, i) => isSameType(field.type, b.fields[i]?.type ?? { kind: 'void' }))
    );
  }
  if (a.kind === 'time' && b.kind === 'time') return a.precision === b.precision;
  return a.kind === b.kind;
}
