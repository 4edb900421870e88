import { raise } from '../../kernel/errors.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import type { DataType, InternalRow, InternalValue, MapValue } from '../types/data-type.ts';

/**
 * Brings values of a type into the one form that equal keys share: -0 becomes 0, inside of arrays and structs too. `undefined` when
 * values of the type have one form only, which is the usual case.
 */
export function keyNormalizer(type: DataType): ((value: InternalValue) => InternalValue) | undefined {
  switch (type.kind) {
    case 'float':
    case 'double':
      return (value) => (value === 0 ? 0 : value);
    case 'array': {
      const element = keyNormalizer(type.element);
      return (
        element && ((value) => value && (value as readonly InternalValue[]).map((item) => normalized(item, element)))
      );
    }
    case 'struct': {
      const fields = type.fields.map((field) => keyNormalizer(field.type));
      if (fields.every((field) => field === undefined)) return undefined;
      return (value) => value && (value as readonly InternalValue[]).map((item, i) => normalized(item, fields[i]));
    }
    case 'map': {
      const values = keyNormalizer(type.value);
      if (values === undefined) return undefined;
      return (value) => {
        if (value === null) return null;
        const map = value as MapValue;
        return { keys: map.keys, values: map.values.map((item) => normalized(item, values)) };
      };
    }
    default:
      return undefined;
  }
}

type Normalizer = ((value: InternalValue) => InternalValue) | undefined;

function normalized(value: InternalValue, normalize: Normalizer): InternalValue {
  return value === null || normalize === undefined ? value : normalize(value);
}

/** Picks the key columns of a row, normalized. */
export function keyReader(input: readonly Attribute[], keys: readonly Attribute[]): (row: InternalRow) => InternalRow {
  const at = keys.map((key) => indexOfAttribute(input, key));
  const normalizers = keys.map((key) => keyNormalizer(key.type));
  if (normalizers.every((normalize) => normalize === undefined)) {
    return (row) => at.map((i) => row[i] as InternalValue);
  }
  return (row) => at.map((i, k) => normalized(row[i] as InternalValue, normalizers[k]));
}

/** Where an attribute stands among the columns of a row. */
export function indexOfAttribute(columns: readonly Attribute[], wanted: Attribute): number {
  const at = columns.findIndex(({ id }) => id === wanted.id);
  if (at < 0) raise('INTERNAL_INVARIANT', { what: `column ${wanted.name}#${wanted.id} is not among its input` });
  return at;
}

/** Whether values of the type are JavaScript primitives that `Map` compares as Spark compares keys. */
export function isPrimitive(type: DataType): boolean {
  switch (type.kind) {
    case 'binary':
    case 'array':
    case 'map':
    case 'struct':
    case 'interval':
      return false;
    default:
      return true;
  }
}
