import { createRequire } from 'node:module';
import { failure } from '../kernel/errors.ts';
import type { ArrowTable } from '../structured/arrow-bridge.ts';

/** A type as the library has it; what else it has depends on `typeId`. */
export interface ArrowType {
  readonly typeId: number;
  readonly [more: string]: unknown;
}

export interface ArrowField {
  readonly name: string;
  readonly type: ArrowType;
  readonly nullable?: boolean;
}

/** Some rows of one column: the buffers of Arrow's format. */
export interface ArrowBatch {
  readonly length: number;
  readonly nullCount: number;
  readonly type: ArrowType;
  readonly validity?: Uint8Array;
  readonly values?: ArrayLike<number | bigint>;
  readonly offsets?: ArrayLike<number | bigint>;
  readonly children?: readonly ArrowBatch[];
  /** Of a column of keys: the values. */
  readonly dictionary?: ArrowColumn;
}

export interface ArrowColumn {
  readonly type: ArrowType;
  readonly data: readonly ArrowBatch[];
}

/** The part of `@uwdata/flechette` that is used. */
export interface Flechette {
  tableToIPC(table: object, options?: object): Uint8Array | null;
  tableFromIPC(bytes: Uint8Array, options?: object): ArrowTable;
  field(name: string, type: ArrowType, nullable?: boolean): ArrowField;
  nullType(): ArrowType;
  bool(): ArrowType;
  int8(): ArrowType;
  int16(): ArrowType;
  int32(): ArrowType;
  int64(): ArrowType;
  float32(): ArrowType;
  float64(): ArrowType;
  utf8(): ArrowType;
  binary(): ArrowType;
  dateDay(): ArrowType;
  decimal(precision: number, scale: number, bitWidth: number): ArrowType;
  timestamp(unit: number, timeZone: string | null): ArrowType;
  duration(unit: number): ArrowType;
  interval(unit: number): ArrowType;
  list(field: ArrowField): ArrowType;
  struct(fields: readonly ArrowField[]): ArrowType;
  map(key: ArrowField, value: ArrowField): ArrowType;
}

let loaded: Flechette | undefined;

/** The library, which programs that use Arrow install beside this package. */
export function flechette(): Flechette {
  loaded ??= loadFlechette(createRequire(import.meta.url));
  return loaded;
}

/** Loads it at once, as it is wanted where a program is being built. */
export function loadFlechette(load: (name: string) => unknown): Flechette {
  try {
    return load('@uwdata/flechette') as Flechette;
  } catch (error) {
    throw failure('ARROW_NOT_INSTALLED', {}, { cause: error });
  }
}
