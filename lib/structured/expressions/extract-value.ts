import { raise } from '../../kernel/errors.ts';
import type { DataType, InternalValue, MapValue } from '../types/data-type.ts';
import { equalityOf } from './comparison.ts';
import type { TypedExtract } from './typed-expression.ts';

/** Fields take no key: they are called with 0. */
type Extractor = (child: InternalValue, key: InternalValue) => InternalValue;

/** Takes a part of a value that is not null: a field, the field of each element, an element, a value by its key. */
export function extractor(access: TypedExtract['access'], childType: DataType): Extractor {
  switch (access.kind) {
    case 'field': {
      const { index } = access;
      return (child) => (child as readonly InternalValue[])[index] ?? null;
    }
    case 'fieldOfElements': {
      const { index } = access;
      return (child) =>
        (child as readonly (readonly InternalValue[] | null)[]).map((item) =>
          item === null ? null : (item[index] ?? null),
        );
    }
    case 'element':
      return access.isAnsi ? elementOrFail : element;
    case 'mapValue': {
      const isEqual = equalityOf(childType.kind === 'map' ? childType.key : access.key.type);
      return (child, key) => {
        const { keys, values } = child as MapValue;
        const at = keys.findIndex((each) => isEqual(each, key));
        return at < 0 ? null : (values[at] ?? null);
      };
    }
    default:
      return access satisfies never;
  }
}

function element(child: InternalValue, key: InternalValue): InternalValue {
  return (child as readonly InternalValue[])[Number(key)] ?? null;
}

function elementOrFail(child: InternalValue, key: InternalValue): InternalValue {
  const list = child as readonly InternalValue[];
  const index = Number(key);
  if (index < 0 || index >= list.length) {
    raise('INVALID_ARRAY_INDEX', { indexValue: index, arraySize: list.length });
  }
  return list[index] ?? null;
}
