import { type PartitionColumn, partitionOfNothing } from '../../io/table-format.ts';
import { raise } from '../../kernel/errors.ts';
import { castFunction } from '../types/cast.ts';
import type { DataType, DecimalType, StructField, StructType } from '../types/data-type.ts';
import { type TimeZone, timeZone } from '../types/time-zone.ts';
import { atomic, decimalType } from '../types/type-classes.ts';
import { typeText } from '../types/type-text.ts';

/** How partition columns get their types. */
export interface PartitionTyping {
  readonly zoneId: string;
  /** `spark.sql.sources.partitionColumnTypeInference.enabled`: otherwise they are all texts. */
  readonly isInferred: boolean;
  readonly isSameName: (a: string, b: string) => boolean;
}

/** A column in the names of folders: what it is called there, and the column that it becomes. */
export interface TypedPartition {
  readonly folderName: string;
  readonly field: StructField;
}

/** The types of partition columns: those of the user's schema where it has them, else from the values that there are, as Spark infers. */
export function typedPartitions(
  columns: readonly PartitionColumn[],
  schema: StructType | undefined,
  { zoneId, isInferred, isSameName }: PartitionTyping,
): readonly TypedPartition[] {
  const zone = timeZone(zoneId) as TimeZone;
  return columns.map(({ name, texts }) => {
    const given = schema?.fields.find((field) => isSameName(field.name, name));
    if (given !== undefined) {
      checkValues(given, texts, zone);
      return { folderName: name, field: { ...given, nullable: true } };
    }
    const types = texts.map((text) => partitionType(text, zone));
    const type = isInferred ? types.reduce(widened, atomic('void')) : atomic('string');
    return { folderName: name, field: { name, type, nullable: true } };
  });
}

function checkValues({ name, type }: StructField, texts: readonly string[], zone: TimeZone): void {
  const cast = castFunction(atomic('string'), type, { mode: 'try', zone });
  for (const text of texts) {
    if (text === partitionOfNothing) continue;
    if (cast === undefined || cast(text) === null) {
      raise('INVALID_PARTITION_VALUE', { value: text, dataType: typeText(type).toUpperCase(), columnName: name });
    }
  }
}

/**
 * The type of one value as it stands in the name of a folder: the first of int, bigint, decimal without a fraction, double, date,
 * timestamp that takes it, else string.
 *
 * @example
 * partitionType('2024-01-02', zone)   // => { kind: 'date' }
 */
function partitionType(text: string, zone: TimeZone): DataType {
  if (text === partitionOfNothing) return atomic('void');
  if (/^[+-]?\d+$/u.test(text)) {
    const value = BigInt(text.replace('+', ''));
    if (BigInt.asIntN(32, value) === value) return atomic('int');
    if (BigInt.asIntN(64, value) === value) return atomic('bigint');
  }
  const decimal = wholeDecimal(text);
  if (decimal !== undefined) return decimal;
  if (/^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?)$/u.test(text)) return atomic('double');
  const isValid = (type: DataType, value: string): boolean =>
    castFunction(atomic('string'), type, { mode: 'try', zone })?.(value) !== null;
  if (/^\d{4}-\d\d-\d\d$/u.test(text) && isValid(atomic('date'), text)) return atomic('date');
  const plain = text.replaceAll(/%3A/giu, ':');
  const isMoment = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?$/u.test(plain);
  return isMoment && isValid(atomic('timestamp'), plain) ? atomic('timestamp') : atomic('string');
}

/** Java's BigDecimal, where it has no fraction and no more than 38 digits. */
function wholeDecimal(text: string): DecimalType | undefined {
  const [, whole, fraction = '', exponent = '0'] = /^[+-]?(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/u.exec(text) ?? [];
  if (whole === undefined || whole + fraction === '') return undefined;
  const scale = fraction.length - Number(exponent);
  if (scale > 0) return undefined;
  const digits = Math.max(1, (whole + fraction).replace(/^0+/u, '').length) - scale;
  return digits <= 38 ? decimalType(digits, 0) : undefined;
}

const decimals: Readonly<Record<string, number>> = { int: 10, bigint: 20 };

/** The one type for two values of a column, by Spark's rule for partitions: what would lose digits is a text. */
function widened(a: DataType, b: DataType): DataType {
  if (a.kind === 'void') return b;
  if (b.kind === 'void') return a;
  const kinds = [a.kind, b.kind].toSorted().join(' ');
  if (a.kind === b.kind && a.kind !== 'decimal') return a;
  if (kinds === 'bigint int') return atomic('bigint');
  if (kinds === 'double int') return atomic('double');
  if (kinds === 'date timestamp') return atomic('timestamp');
  const [first, second] = [a, b].map((type) => (type.kind === 'decimal' ? type.precision : decimals[type.kind]));
  return first === undefined || second === undefined ? atomic('string') : decimalType(Math.max(first, second), 0);
}
