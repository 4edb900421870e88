import type { DataType, InternalValue, MapValue } from './data-type.ts';

/**
 * A primitive that is the same (in a `Map` or a `Set`) for values of a type that are equal in Spark's sense: -0 is 0, NaN is NaN, null
 * is null, arrays and structs are equal by content, maps whatever their order.
 */
export function valueKey(type: DataType): (value: InternalValue) => string | number | bigint | boolean | null {
  switch (type.kind) {
    case 'binary':
    case 'array':
    case 'map':
    case 'struct':
    case 'interval': {
      const write = textKey(type);
      return (value) => (value === null ? null : write(value));
    }
    default:
      return (value) => value as string | number | bigint | boolean | null;
  }
}

function textKey(type: DataType): (value: InternalValue) => string {
  switch (type.kind) {
    case 'string':
      return (value) => (value === null ? '~' : `${(value as string).length}:${value as string}`);
    case 'binary':
      return (value) => (value === null ? '~' : `${(value as Uint8Array).length}:${(value as Uint8Array).join(',')}`);
    case 'array': {
      const element = textKey(type.element);
      return (value) => (value === null ? '~' : `[${(value as readonly InternalValue[]).map(element).join(',')}]`);
    }
    case 'struct': {
      const fields = type.fields.map((field) => textKey(field.type));
      return (value) =>
        value === null
          ? '~'
          : `(${fields.map((field, i) => field((value as readonly InternalValue[])[i] ?? null)).join(',')})`;
    }
    case 'map': {
      const key = textKey(type.key);
      const item = textKey(type.value);
      return (value) => {
        if (value === null) return '~';
        const { keys, values } = value as MapValue;
        return `{${keys
          .map((each, i) => `${key(each)}=${item(values[i] ?? null)}`)
          .toSorted()
          .join(',')}}`;
      };
    }
    case 'interval':
      return (value) => {
        if (value === null) return '~';
        const { months, days, micros } = value as { months: number; days: number; micros: number | bigint };
        return `${months}/${days}/${micros}`;
      };
    default:
      // Text of numbers: 0 for -0 too.
      return (value) => (value === null ? '~' : `${value as number}`);
  }
}
