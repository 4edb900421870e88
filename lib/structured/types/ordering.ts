import type { DataType, InternalValue } from './data-type.ts';

export type Comparator = (a: InternalValue, b: InternalValue) => number;

/**
 * Spark's order of two values of a type that are not null: text by its UTF-8 bytes, NaN behind every number, -0 equal to 0, false before
 * true, arrays and structs from left to right with nulls first. Maps have no order.
 */
export function comparatorOf(type: DataType): Comparator {
  switch (type.kind) {
    case 'string':
      return compareText as Comparator;
    case 'float':
    case 'double':
      return compareDouble as Comparator;
    case 'binary':
      return compareBytes as Comparator;
    case 'array': {
      const element = nullsFirst(comparatorOf(type.element));
      return (a, b) => compareLists(a as readonly InternalValue[], b as readonly InternalValue[], () => element);
    }
    case 'struct': {
      const fields = type.fields.map((field) => nullsFirst(comparatorOf(field.type)));
      return (a, b) =>
        compareLists(a as readonly InternalValue[], b as readonly InternalValue[], (i) => fields[i] as Comparator);
    }
    default:
      return (a, b) => ((a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0);
  }
}

/** The same order with null before everything, equal to itself. */
function nullsFirst(compare: Comparator): Comparator {
  return (a, b) => {
    if (a === null) return b === null ? 0 : -1;
    return b === null ? 1 : compare(a, b);
  };
}

/** UTF-8 order is the order of code points; UTF-16 units differ from it only where one of them is a surrogate. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? unitRank(x) - unitRank(y) : x - y;
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above 0xFFFF: behind 0xE000 to 0xFFFF. */
function unitRank(unit: number): number {
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function compareDouble(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return -1;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareLists(
  a: readonly InternalValue[],
  b: readonly InternalValue[],
  comparator: (index: number) => Comparator,
): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = comparator(i)(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
