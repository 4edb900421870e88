import type { DataType, InternalValue, Long } from '../../../types/data-type.ts';
import { decimalText } from '../../../types/decimal.ts';

/*
 * Hash codes of Java and Scala: they say in which place of a table an item is, and so in which order items of equal counts come.
 */
const floats = new DataView(new ArrayBuffer(8));

function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

function longHash(value: bigint): number {
  const bits = BigInt.asUintN(64, value);
  return Number(BigInt.asIntN(32, bits ^ (bits >> 32n)));
}

function floatHash(value: number): number {
  floats.setFloat32(0, value);
  return floats.getInt32(0);
}

function doubleHash(value: number): number {
  floats.setFloat64(0, value);
  return floats.getInt32(0) ^ floats.getInt32(4);
}

/** Of a whole number without bounds: its 32-bit words from the front, times its sign. */
function bigIntegerHash(value: bigint): number {
  const digits = (value < 0n ? -value : value).toString(16);
  const padded = digits.padStart(Math.ceil(digits.length / 8) * 8, '0');
  let hash = 0;
  for (let at = 0; at < padded.length; at += 8) {
    hash = (Math.imul(31, hash) + Number.parseInt(padded.slice(at, at + 8), 16)) | 0;
  }
  return value < 0n ? Math.imul(hash, -1) : hash;
}

/** Scala has one hash for equal numbers of all types. */
function wholeHash(value: bigint): number {
  if (BigInt.asIntN(32, value) === value) return Number(value);
  return BigInt.asIntN(64, value) === value ? longHash(value) : bigIntegerHash(value);
}

function decimalHash(unscaled: Long, scale: number): number {
  let value = BigInt(unscaled);
  let digits = scale;
  while (digits > 0 && value % 10n === 0n) {
    value /= 10n;
    digits--;
  }
  if (digits === 0) return wholeHash(value);
  const double = Number(decimalText(unscaled, scale));
  if (isExactly(double, value, digits)) return Math.fround(double) === double ? floatHash(double) : doubleHash(double);
  const mixed = Math.imul(digits, 0xcc9e2d51);
  return bigIntegerHash(value) ^ Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

/** Whether the digits that a double prints are those of a decimal without trailing zeros. */
function isExactly(double: number, value: bigint, scale: number): boolean {
  const [mantissa = '', exponent = '0'] = double.toExponential().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) === value && fraction.length - Number(exponent) === scale;
}

/** The hash code of the values of a type; `undefined` for types whose values are not counted. */
export function javaHashOf(type: DataType): ((value: InternalValue) => number) | undefined {
  switch (type.kind) {
    case 'boolean':
      return (value) => (value === true ? 1231 : 1237);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'date':
      return (value) => value as number;
    case 'bigint':
    case 'timestamp':
    case 'timestamp_ntz':
      return (value) => longHash(BigInt(value as Long));
    case 'float':
      return (value) => floatHash(value as number);
    case 'double':
      return (value) => doubleHash(value as number);
    case 'string':
      return (value) => textHash(value as string);
    case 'decimal':
      return (value) => decimalHash(value as Long, type.scale);
    default:
      return undefined;
  }
}
