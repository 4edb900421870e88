import { failure, raise } from '../../kernel/errors.ts';
import { parseColumnName } from '../sql/parse-expression.ts';
import type { DataType } from '../types/data-type.ts';
import { parseType } from '../types/ddl.ts';
import type { Expression, SortExpression, WindowSpecification } from './expression.ts';
import { literalOf } from './literal-of.ts';
import { nameOf } from './sql-text.ts';

/** A column, or a value that stands for a literal: texts too. */
export type ColumnOrLiteral = unknown;

/** A column, or the name of one. */
export type ColumnOrName = Column | string;

/** What `over` takes: what `Window.partitionBy(...)` builds. */
export interface WindowLike {
  readonly specification: WindowSpecification;
}

/**
 * A column of a DataFrame, or something computed from columns: immutable, and nothing is computed before the query runs.
 *
 * Operators take columns or plain values; a plain text is a text, not a name. Method names are those of Spark's Java API.
 *
 * @example
 * col('amount').multiply(2).gt(10).and(col('user').isin('a', 'b')).alias('wanted')
 */
export class Column {
  readonly expression: Expression;

  constructor(expression: Expression) {
    this.expression = expression;
  }

  // Comparison

  /** `=`: null when a side is null. */
  equalTo(other: ColumnOrLiteral): Column {
    return this.binary('=', other);
  }

  /** The same as `equalTo`. */
  eq(other: ColumnOrLiteral): Column {
    return this.equalTo(other);
  }

  /** `<>` */
  notEqual(other: ColumnOrLiteral): Column {
    return this.equalTo(other).not();
  }

  /** The same as `notEqual`. */
  neq(other: ColumnOrLiteral): Column {
    return this.notEqual(other);
  }

  /** `<=>`: null equals null, and the result is never null. */
  eqNullSafe(other: ColumnOrLiteral): Column {
    return this.binary('<=>', other);
  }

  gt(other: ColumnOrLiteral): Column {
    return this.binary('>', other);
  }

  geq(other: ColumnOrLiteral): Column {
    return this.binary('>=', other);
  }

  lt(other: ColumnOrLiteral): Column {
    return this.binary('<', other);
  }

  leq(other: ColumnOrLiteral): Column {
    return this.binary('<=', other);
  }

  /** Both bounds belong to the range. */
  between(lower: ColumnOrLiteral, upper: ColumnOrLiteral): Column {
    return this.geq(lower).and(this.leq(upper));
  }

  /** Whether the value is one of these; the values may also be given as one array. */
  isin(...values: readonly ColumnOrLiteral[]): Column {
    const [only] = values;
    return this.call('in', ...(values.length === 1 && Array.isArray(only) ? (only as readonly unknown[]) : values));
  }

  /** The same as `isin` with an array. */
  isInCollection(values: Iterable<ColumnOrLiteral>): Column {
    return this.call('in', ...values);
  }

  isNull(): Column {
    return this.call('isnull');
  }

  isNotNull(): Column {
    return this.call('isnotnull');
  }

  isNaN(): Column {
    return this.call('isnan');
  }

  // Arithmetic

  plus(other: ColumnOrLiteral): Column {
    return this.binary('+', other);
  }

  minus(other: ColumnOrLiteral): Column {
    return this.binary('-', other);
  }

  multiply(other: ColumnOrLiteral): Column {
    return this.binary('*', other);
  }

  /** Always a double or a decimal: `1 / 2` is 0.5. */
  divide(other: ColumnOrLiteral): Column {
    return this.binary('/', other);
  }

  /** The remainder, with the sign of this column. */
  mod(other: ColumnOrLiteral): Column {
    return this.binary('%', other);
  }

  negate(): Column {
    return this.call('negative');
  }

  bitwiseAND(other: ColumnOrLiteral): Column {
    return this.binary('&', other);
  }

  bitwiseOR(other: ColumnOrLiteral): Column {
    return this.binary('|', other);
  }

  bitwiseXOR(other: ColumnOrLiteral): Column {
    return this.binary('^', other);
  }

  bitwiseNOT(): Column {
    return this.call('~');
  }

  // Logic

  and(other: ColumnOrLiteral): Column {
    return this.binary('and', other);
  }

  or(other: ColumnOrLiteral): Column {
    return this.binary('or', other);
  }

  not(): Column {
    return this.call('not');
  }

  // Text

  /** SQL LIKE: `%` stands for any text, `_` for one character. */
  like(pattern: ColumnOrLiteral, escape?: string): Column {
    return escape === undefined ? this.call('like', pattern) : this.call('like', pattern, escape);
  }

  /** `like` without regard to case. */
  ilike(pattern: ColumnOrLiteral, escape?: string): Column {
    return escape === undefined ? this.call('ilike', pattern) : this.call('ilike', pattern, escape);
  }

  /** Whether a regular expression is found in the text. */
  rlike(pattern: ColumnOrLiteral): Column {
    return this.call('rlike', pattern);
  }

  startsWith(prefix: ColumnOrLiteral): Column {
    return this.call('startswith', prefix);
  }

  endsWith(suffix: ColumnOrLiteral): Column {
    return this.call('endswith', suffix);
  }

  contains(part: ColumnOrLiteral): Column {
    return this.call('contains', part);
  }

  /** Positions count from 1. */
  substr(start: ColumnOrLiteral, length: ColumnOrLiteral): Column {
    return this.call('substr', start, length);
  }

  // Parts

  /** An element of an array by index from 0, a value of a map by key, or a field of a struct by name. */
  getItem(key: ColumnOrLiteral): Column {
    return new Column({ kind: 'extract', child: this.expression, key: expressionOf(key) });
  }

  /** A field of a struct. */
  getField(name: string): Column {
    return this.getItem(name);
  }

  /** The same as `getItem`. */
  apply(key: ColumnOrLiteral): Column {
    return this.getItem(key);
  }

  /** The struct with a field added or replaced; `a.b` reaches into a struct within it. */
  withField(name: string, value: ColumnOrLiteral): Column {
    return withFieldAt(this, partsOf(name), expressionOf(value));
  }

  /** The struct without these fields; unknown names are ignored. */
  dropFields(...names: readonly string[]): Column {
    return names.reduce<Column>((column, name) => dropFieldAt(column, partsOf(name)), this);
  }

  // Types and names

  /** `type` is a type or its DDL text. With ANSI mode on a value that does not fit fails the query. */
  cast(type: string | DataType): Column {
    return new Column({ kind: 'cast', child: this.expression, type: typeOf(type), mode: 'cast' });
  }

  /** The same as `cast`. */
  astype(type: string | DataType): Column {
    return this.cast(type);
  }

  /** A cast that gives null for a value that does not fit. */
  tryCast(type: string | DataType): Column {
    return new Column({ kind: 'cast', child: this.expression, type: typeOf(type), mode: 'try' });
  }

  /** Names the column; several names for a function that gives several columns. */
  alias(...names: readonly string[]): Column {
    if (names.length === 0) raise('QUERY_COLUMN_ARGUMENT', { method: 'alias', actual: 'nothing', expected: 'a name' });
    return new Column({ kind: 'alias', child: this.expression, names });
  }

  /** The same as `alias`. */
  as(...names: readonly string[]): Column {
    return this.alias(...names);
  }

  /** The same as `alias`. */
  name(...names: readonly string[]): Column {
    return this.alias(...names);
  }

  // Order

  asc(): Column {
    return this.sort(true, true);
  }

  ascNullsFirst(): Column {
    return this.sort(true, true);
  }

  ascNullsLast(): Column {
    return this.sort(true, false);
  }

  desc(): Column {
    return this.sort(false, false);
  }

  descNullsFirst(): Column {
    return this.sort(false, true);
  }

  descNullsLast(): Column {
    return this.sort(false, false);
  }

  // Conditions

  /** One more branch of `when(...)`. */
  when(condition: Column, value: ColumnOrLiteral): Column {
    const { expression } = this;
    if (expression.kind !== 'case' || expression.otherwise !== undefined) raise('QUERY_WHEN_ORDER', { method: 'when' });
    const branch = [conditionOf(condition), expressionOf(value)] as const;
    return new Column({ kind: 'case', branches: [...expression.branches, branch] });
  }

  /** What `when(...)` gives if no condition holds. */
  otherwise(value: ColumnOrLiteral): Column {
    const { expression } = this;
    if (expression.kind !== 'case' || expression.otherwise !== undefined) {
      raise('QUERY_WHEN_ORDER', { method: 'otherwise' });
    }
    return new Column({ ...expression, otherwise: expressionOf(value) });
  }

  /** Computes a function for each row over the rows of its window. */
  over(window: WindowLike): Column {
    return new Column({ kind: 'over', child: this.expression, window: window.specification });
  }

  /** Hands the column to a function. */
  transform(change: (column: Column) => Column): Column {
    return change(this);
  }

  /** As Spark names the column. */
  toString(): string {
    return nameOf(this.expression);
  }

  private binary(name: string, other: ColumnOrLiteral): Column {
    return new Column({ kind: 'call', name, args: [this.expression, expressionOf(other)] });
  }

  private call(name: string, ...args: readonly ColumnOrLiteral[]): Column {
    return new Column({ kind: 'call', name, args: [this.expression, ...args.map((arg) => expressionOf(arg))] });
  }

  private sort(ascending: boolean, nullsFirst: boolean): Column {
    return new Column({ kind: 'sort', child: this.expression, ascending, nullsFirst });
  }
}

/** The expression of a column, or the literal of a plain value. */
export function expressionOf(value: unknown): Expression {
  return value instanceof Column ? value.expression : literalOf(value);
}

/** The expression of a column or of a name: `*` and `data.*` are stars. */
export function columnExpression(value: ColumnOrName, method = 'col'): Expression {
  if (value instanceof Column) return value.expression;
  if (typeof value !== 'string') {
    return raise('QUERY_COLUMN_ARGUMENT', { method, actual: describe(value), expected: 'a column or its name' });
  }
  if (value === '*') return { kind: 'star', qualifier: [] };
  if (value.endsWith('.*')) return { kind: 'star', qualifier: partsOf(value.slice(0, -2)) };
  return { kind: 'name', parts: partsOf(value) };
}

/** An order: a column or name is ascending unless it says otherwise. */
export function sortOf(value: ColumnOrName): SortExpression {
  const child = columnExpression(value, 'orderBy');
  return child.kind === 'sort' ? child : { kind: 'sort', child, ascending: true, nullsFirst: true };
}

function conditionOf(value: unknown): Expression {
  if (value instanceof Column) return value.expression;
  if (typeof value === 'boolean') return literalOf(value);
  return raise('QUERY_COLUMN_ARGUMENT', { method: 'when', actual: describe(value), expected: 'a condition' });
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function partsOf(name: string): readonly string[] {
  const parts = parseColumnName(name);
  if (parts === undefined) throw failure('INVALID_ATTRIBUTE_NAME_SYNTAX', { name });
  return parts;
}

function typeOf(type: string | DataType): DataType {
  return typeof type === 'string' ? parseType(type) : type;
}

function withFieldAt(struct: Column, [name = '', ...rest]: readonly string[], value: Expression): Column {
  const next = rest.length === 0 ? value : withFieldAt(struct.getField(name), rest, value).expression;
  return new Column({ kind: 'call', name: 'with_field', args: [struct.expression, literalOf(name), next] });
}

function dropFieldAt(struct: Column, [name = '', ...rest]: readonly string[]): Column {
  if (rest.length === 0) {
    return new Column({ kind: 'call', name: 'drop_fields', args: [struct.expression, literalOf(name)] });
  }
  return withFieldAt(struct, [name], dropFieldAt(struct.getField(name), rest).expression);
}

/** The first branch of `CASE WHEN`: `when(condition, value).when(...).otherwise(...)`. */
export function when(condition: Column, value: ColumnOrLiteral): Column {
  return new Column({ kind: 'case', branches: [[conditionOf(condition), expressionOf(value)]] });
}
