import type { AtomicKind, DataType, DecimalType } from './data-type.ts';

/** Kinds that need no more than their name; `decimal` stands for `decimal(10,0)`, as in Spark's DDL. */
export type AtomicName = AtomicKind | 'decimal';

const atoms = new Map<string, DataType>();

/** The type of a kind without parameters: the same object each time. */
export function atomic(kind: AtomicName): DataType {
  const known = atoms.get(kind);
  if (known !== undefined) return known;
  const made: DataType = kind === 'decimal' ? decimalType(10, 0) : { kind };
  atoms.set(kind, made);
  return made;
}

export function decimalType(precision: number, scale: number): DecimalType {
  return { kind: 'decimal', precision, scale };
}

export function arrayType(element: DataType, containsNull = true): DataType & { kind: 'array' } {
  return { kind: 'array', element, containsNull };
}

const integral = new Set<string>(['tinyint', 'smallint', 'int', 'bigint']);
const compound = new Set<string>(['array', 'map', 'struct']);

export function isIntegral({ kind }: DataType): boolean {
  return integral.has(kind);
}

export function isNumeric({ kind }: DataType): boolean {
  return integral.has(kind) || kind === 'float' || kind === 'double' || kind === 'decimal';
}

export function isAtomic({ kind }: DataType): boolean {
  return !compound.has(kind);
}
