import type { DataType, DecimalType, StructField } from './data-type.ts';
import { decimalOf, widerDecimal } from './decimal.ts';
import { isInterval, widerInterval } from './interval-type.ts';
import { atomic, isAtomic, isIntegral, isNumeric } from './type-classes.ts';

/** Which of Spark's two sets of rules holds: `spark.sql.ansi.enabled`. */
export interface Dialect {
  readonly ansi: boolean;
}

/**
 * The type to which values of both types are cast where they meet: CASE, COALESCE, IN, arrays, set operations. `undefined` when there
 * is none.
 *
 * With ANSI a text becomes what the other side is (BIGINT for whole numbers, DOUBLE for other numbers); by the old rules the other side
 * becomes a text.
 */
export function widerType(a: DataType, b: DataType, dialect: Dialect): DataType | undefined {
  return tightest(a, b, dialect) ?? complex(a, b, dialect) ?? (dialect.ansi ? textToOther(a, b) : otherToText(a, b));
}

/** As `widerType`, but a text stays a text and nothing else becomes one: elements and keys that are looked up. */
export function widerTypeWithoutText(a: DataType, b: DataType, dialect: Dialect): DataType | undefined {
  return tightest(a, b, dialect) ?? complex(a, b, dialect, widerTypeWithoutText);
}

/** As `widerTypeWithoutText`, and no decimal gets more digits than it has: elements of arrays that are put together. */
export function tightestType(a: DataType, b: DataType, dialect: Dialect): DataType | undefined {
  const isGrown = (a.kind === 'decimal' || b.kind === 'decimal') && isNumeric(a) && isNumeric(b);
  const wider = tightest(a, b, dialect);
  if (!isGrown) return wider ?? complex(a, b, dialect, tightestType);
  const isHeld = [a, b].some(
    (type) =>
      type.kind === 'decimal' &&
      wider?.kind === 'decimal' &&
      type.precision === wider.precision &&
      type.scale === wider.scale,
  );
  return isHeld ? wider : undefined;
}

/** The same for many. Texts count first, so that the order of the arguments does not matter. */
export function commonWiderType(types: readonly DataType[], dialect: Dialect): DataType | undefined {
  const ordered = [...types.filter(hasText), ...types.filter((type) => !hasText(type))];
  let common: DataType | undefined = atomic('void');
  for (const type of ordered) common = common && widerType(common, type, dialect);
  return common;
}

function hasText(type: DataType): boolean {
  return type.kind === 'string' || (type.kind === 'array' && hasText(type.element));
}

/** The type in which two values are compared. By the old rules a text is read as the other side's type. */
export function comparisonType(a: DataType, b: DataType, dialect: Dialect): DataType | undefined {
  if (a.kind === 'struct' && b.kind === 'struct' && a.fields.length === b.fields.length) {
    // Compared by place: what the fields are called does not matter.
    return widerType(
      a,
      { ...b, fields: b.fields.map((field, i) => ({ ...field, name: a.fields[i]?.name ?? '' })) },
      dialect,
    );
  }
  if (!dialect.ansi && (a.kind === 'string') !== (b.kind === 'string')) {
    const other = a.kind === 'string' ? b : a;
    if (other.kind === 'void') return atomic('string');
    return isAtomic(other) && !isInterval(other) ? other : undefined;
  }
  if (!dialect.ansi && (a.kind === 'boolean') !== (b.kind === 'boolean')) {
    const other = a.kind === 'boolean' ? b : a;
    if (isNumeric(other)) return other;
  }
  return widerType(a, b, dialect);
}

/** The numeric type in which `+ - * %` of two numbers compute; decimals keep their own types, and are told apart by the caller. */
export function arithmeticType(a: DataType, b: DataType, dialect: Dialect): DataType | undefined {
  if (dialect.ansi && a.kind === 'string' && b.kind === 'string') return undefined;
  const left = numberOf(a, b, dialect);
  const right = numberOf(b, a, dialect);
  if (left === undefined || right === undefined) return undefined;
  if (left.kind === 'void' && right.kind === 'void') return atomic('double');
  return tightest(left, right, dialect);
}

/** A text in arithmetic: what the other side is, with ANSI; a double by the old rules. */
function numberOf(type: DataType, other: DataType, { ansi }: Dialect): DataType | undefined {
  if (isNumeric(type) || type.kind === 'void') return type;
  if (type.kind !== 'string') return undefined;
  return ansi && isIntegral(other) ? atomic('bigint') : atomic('double');
}

const ranks: readonly string[] = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double'];

/** The type that holds both without loss. */
function tightest(a: DataType, b: DataType, dialect: Dialect): DataType | undefined {
  if (a.kind === 'void') return b;
  if (b.kind === 'void') return a;
  if (isNumeric(a) && isNumeric(b)) return widerNumber(a, b, dialect);
  if (a.kind === b.kind && isInterval(a)) return widerInterval(a, b);
  if (a.kind === 'time' && b.kind === 'time') return a.precision === b.precision ? a : undefined;
  if (a.kind === b.kind && isAtomic(a)) return a;
  const kinds = new Set([a.kind, b.kind]);
  if (kinds.has('date') && kinds.has('timestamp')) return atomic('timestamp');
  if (kinds.has('date') && kinds.has('timestamp_ntz')) return atomic('timestamp_ntz');
  if (kinds.has('timestamp') && kinds.has('timestamp_ntz')) return atomic('timestamp');
  return undefined;
}

function widerNumber(a: DataType, b: DataType, { ansi }: Dialect): DataType {
  if (a.kind === 'decimal' || b.kind === 'decimal') {
    const left = decimalOf(a);
    const right = decimalOf(b);
    return left === undefined || right === undefined ? atomic('double') : widerDecimal(left, right);
  }
  // A whole number may have more digits than a float.
  if (ansi && a.kind !== b.kind && (a.kind === 'float' || b.kind === 'float')) return atomic('double');
  return ranks.indexOf(a.kind) >= ranks.indexOf(b.kind) ? a : b;
}

type Widen = (a: DataType, b: DataType, dialect: Dialect) => DataType | undefined;

function complex(a: DataType, b: DataType, dialect: Dialect, widen: Widen = widerType): DataType | undefined {
  if (a.kind === 'array' && b.kind === 'array') {
    const element = widen(a.element, b.element, dialect);
    return element && { kind: 'array', element, containsNull: a.containsNull || b.containsNull };
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = widen(a.key, b.key, dialect);
    const value = widen(a.value, b.value, dialect);
    return key && value && { kind: 'map', key, value, valueContainsNull: a.valueContainsNull || b.valueContainsNull };
  }
  if (a.kind !== 'struct' || b.kind !== 'struct' || a.fields.length !== b.fields.length) return undefined;
  const fields: StructField[] = [];
  for (const [i, field] of a.fields.entries()) {
    const other = b.fields[i];
    // Structs of different names are different.
    if (other === undefined || other.name.toLowerCase() !== field.name.toLowerCase()) return undefined;
    const type = widen(field.type, other.type, dialect);
    if (type === undefined) return undefined;
    fields.push({ name: field.name, type, nullable: field.nullable || other.nullable });
  }
  return { kind: 'struct', fields };
}

function textToOther(a: DataType, b: DataType): DataType | undefined {
  if (a.kind !== 'string') return b.kind === 'string' ? textToOther(b, a) : undefined;
  if (isIntegral(b)) return atomic('bigint');
  if (isNumeric(b)) return atomic('double');
  return isAtomic(b) && !isInterval(b) ? b : undefined;
}

function otherToText(a: DataType, b: DataType): DataType | undefined {
  if (a.kind !== 'string') return b.kind === 'string' ? otherToText(b, a) : undefined;
  return isAtomic(b) && b.kind !== 'binary' && b.kind !== 'boolean' ? a : undefined;
}

/** The decimal type of a whole number's literal: as many digits as it has. */
export function literalDecimal(value: number | bigint): DecimalType {
  return { kind: 'decimal', precision: String(value < 0 ? -value : value).length, scale: 0 };
}
