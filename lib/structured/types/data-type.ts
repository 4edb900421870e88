/**
 * Spark's data types. `kind` is Spark's simple name, so that it can be printed as it is; the text of a whole type is `typeText`.
 *
 * The values of each kind, as they travel between operators (`InternalValue`):
 *
 * | kind | value |
 * |---|---|
 * | `boolean` | boolean |
 * | `tinyint` `smallint` `int` `date` `interval year to month` | number that is an integer in range (`date`: days since 1970-01-01; year-month interval: months) |
 * | `float` `double` | number (`float` rounded with `Math.fround`) |
 * | `bigint` `timestamp` `timestamp_ntz` `interval day to second` | `Long`: a number while it is a safe integer, else a bigint; microseconds for the times |
 * | `time` | number: nanoseconds since midnight |
 * | `decimal` | `Long` without bounds: the unscaled integer; the scale is the type's |
 * | `string` | string |
 * | `binary` | Uint8Array, never changed in place |
 * | `array` | array of values |
 * | `map` | `MapValue`: keys and values in order, keys distinct |
 * | `struct` | array of values by position |
 * | `interval` (calendar) | `{ months, days, micros }` |
 *
 * Null is `null` everywhere; `undefined` never occurs.
 */
export type DataType =
  | AtomicType
  | DecimalType
  | TimeType
  | { readonly kind: 'array'; readonly element: DataType; readonly containsNull: boolean }
  | { readonly kind: 'map'; readonly key: DataType; readonly value: DataType; readonly valueContainsNull: boolean }
  | StructType;

export interface AtomicType {
  readonly kind: AtomicKind;
  /** The units of an interval type when they are not all: `day`, `hour to second`, `month`. It says how values are printed. */
  readonly range?: string;
}

export type AtomicKind =
  | 'void'
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'date'
  | 'timestamp'
  | 'timestamp_ntz'
  | 'interval day to second'
  | 'interval year to month'
  | 'interval';

export interface DecimalType {
  readonly kind: 'decimal';
  /** 1 to 38. */
  readonly precision: number;
  /** 0 to precision. */
  readonly scale: number;
}

/** The time of day. Spark has it off as it comes: there are values of it, and little takes them. */
export interface TimeType {
  readonly kind: 'time';
  /** How many digits of a second's fraction, 0 to 6. */
  readonly precision: number;
}

export interface StructType {
  readonly kind: 'struct';
  readonly fields: readonly StructField[];
}

export interface StructField {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

/** A number while it is a safe integer, else a bigint: one form for each value, so `===`, `<` and `Map` work. */
export type Long = number | bigint;

export interface MapValue {
  readonly keys: readonly InternalValue[];
  readonly values: readonly InternalValue[];
}

export interface CalendarInterval {
  readonly months: number;
  readonly days: number;
  readonly micros: Long;
}

export type InternalValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly InternalValue[]
  | MapValue
  | CalendarInterval;

/** A row between operators: values by position. */
export type InternalRow = readonly InternalValue[];
