import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { CallSite } from '../functions/define-function.ts';
import type { DataType, DecimalType } from '../types/data-type.ts';
import { isIntegral, isNumeric } from '../types/type-classes.ts';
import { sqlTypeText } from '../types/type-text.ts';

/** The type that the values of several expressions can all be cast to without loss; raises when there is none. */
export function commonType(expressions: readonly TypedExpression[], site: CallSite, what: string): DataType {
  let common: DataType | undefined = { kind: 'void' };
  for (const { type } of expressions) common = common && widerType(common, type, site);
  return (
    common ??
    raise('DATATYPE_MISMATCH.DATA_DIFF_TYPES', {
      function: what,
      actual: expressions.map((e) => sqlTypeText(e.type)).join(', '),
    })
  );
}

/** Spark's widening of two types, as set operations, `CASE` and such do it. */
export function widerType(a: DataType, b: DataType, site: CallSite): DataType | undefined {
  if (a.kind === 'void') return b;
  if (b.kind === 'void') return a;
  if (a.kind === 'decimal' || b.kind === 'decimal') {
    const numeric = widerWithDecimal(a, b);
    if (numeric !== undefined) return numeric;
  }
  if (isNumeric(a) && isNumeric(b)) return widerNumber(a, b, site);
  if (a.kind === 'array' && b.kind === 'array') {
    const element = widerType(a.element, b.element, site);
    return element && { kind: 'array', element, containsNull: a.containsNull || b.containsNull };
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = widerType(a.key, b.key, site);
    const value = widerType(a.value, b.value, site);
    return key && value && { kind: 'map', key, value, valueContainsNull: a.valueContainsNull || b.valueContainsNull };
  }
  if (a.kind === 'struct' && b.kind === 'struct') return widerStruct(a, b, site);
  if (a.kind === b.kind) return a;
  const rank = times.indexOf(a.kind) - times.indexOf(b.kind);
  if (times.includes(a.kind) && times.includes(b.kind)) return rank > 0 ? a : b;
  if (a.kind === 'string') return withText(b, site);
  if (b.kind === 'string') return withText(a, site);
  return undefined;
}

const times = ['date', 'timestamp_ntz', 'timestamp'];
const whole = ['tinyint', 'smallint', 'int', 'bigint'];
const digits: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 20 };

function widerNumber(a: DataType, b: DataType, site: CallSite): DataType {
  if (isIntegral(a) && isIntegral(b)) return whole.indexOf(a.kind) >= whole.indexOf(b.kind) ? a : b;
  if (a.kind === 'float' && b.kind === 'float') return a;
  const hasFloat = a.kind === 'float' || b.kind === 'float';
  const hasDouble = a.kind === 'double' || b.kind === 'double';
  return hasFloat && !hasDouble && !site.ansi ? { kind: 'float' } : { kind: 'double' };
}

function widerWithDecimal(a: DataType, b: DataType): DataType | undefined {
  const left = asDecimal(a);
  const right = asDecimal(b);
  if (left === undefined || right === undefined) {
    const other = left === undefined ? a : b;
    return other.kind === 'float' || other.kind === 'double' ? { kind: 'double' } : undefined;
  }
  const scale = Math.max(left.scale, right.scale);
  const range = Math.max(left.precision - left.scale, right.precision - right.scale);
  if (range + scale <= 38) return { kind: 'decimal', precision: range + scale, scale };
  const kept = Math.max(38 - range, Math.min(scale, 6), 0);
  return { kind: 'decimal', precision: 38, scale: Math.min(kept, scale) };
}

function asDecimal(type: DataType): DecimalType | undefined {
  if (type.kind === 'decimal') return type;
  const precision = digits[type.kind];
  return precision === undefined ? undefined : { kind: 'decimal', precision, scale: 0 };
}

function widerStruct(
  a: DataType & { kind: 'struct' },
  b: DataType & { kind: 'struct' },
  site: CallSite,
): DataType | undefined {
  if (a.fields.length !== b.fields.length) return undefined;
  const fields = [];
  for (const [i, field] of a.fields.entries()) {
    const other = b.fields[i];
    const type = other && widerType(field.type, other.type, site);
    if (other === undefined || type === undefined) return undefined;
    fields.push({ name: field.name, type, nullable: field.nullable || other.nullable });
  }
  return { kind: 'struct', fields };
}

/** ANSI reads the text as the other type, the legacy rules write the other as text. */
function withText(other: DataType, site: CallSite): DataType | undefined {
  if (['array', 'map', 'struct', 'binary', 'interval'].includes(other.kind)) return undefined;
  if (!site.ansi) return { kind: 'string' };
  if (isIntegral(other)) return { kind: 'bigint' };
  return isNumeric(other) ? { kind: 'double' } : other;
}
