import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import type { DataType, InternalValue, MapValue } from '../../types/data-type.ts';
import { tightestType, widerTypeWithoutText } from '../../types/coercion.ts';
import { comparatorOf } from '../../types/ordering.ts';
import { arrayType, atomic, isIntegral } from '../../types/type-classes.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { valueKey } from '../../types/value-key.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { takes, unexpected } from '../signatures.ts';
import {
  type ArrayDataType,
  arrayOf,
  collectionFunction,
  commonElement,
  mapAndKey,
  requireOrder,
  typesText,
} from './define.ts';

type List = readonly InternalValue[];

const define = scalarsOf('collection');

/** Two arrays of one element type. */
function twoArrays(name: string, containsNull: (a: boolean, b: boolean) => boolean): FunctionDefinition['resolve'] {
  return (args, site) => {
    takes(name, ['any', 'any'], 'void')(args, site);
    const [a, b] = [args[0]?.type, args[1]?.type];
    const element = a?.kind === 'array' && b?.kind === 'array' ? tightestType(a.element, b.element, site) : undefined;
    if (a?.kind !== 'array' || b?.kind !== 'array' || element === undefined) {
      return raise('DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES', { function: name, actual: typesText(args) });
    }
    requireOrder(name, element);
    return {
      args: [arrayType(element, a.containsNull), arrayType(element, b.containsNull)],
      type: arrayType(element, containsNull(a.containsNull, b.containsNull)),
    };
  };
}

interface ArrayAndValue {
  readonly nullable?: boolean;
  readonly widen?: typeof widerTypeWithoutText;
  /** What Spark says of a plain NULL in place of the array. */
  readonly nulls?: 'refused' | 'unexpected' | 'different';
}

/** An array and a value of its element type. */
function arrayAndValue(
  name: string,
  result: (array: DataType & { kind: 'array' }, valueNullable: boolean) => DataType,
  { nullable, widen = widerTypeWithoutText, nulls = 'refused' }: ArrayAndValue = {},
): FunctionDefinition['resolve'] {
  return (args, site) => {
    takes(name, ['any', 'any'], 'void')(args, site);
    const [list, value] = args as [TypedExpression, TypedExpression];
    if (nulls === 'refused' && list.type.kind === 'void') raise('DATATYPE_MISMATCH.NULL_TYPE', { function: name });
    if (nulls === 'refused' && value.type.kind === 'void' && name === 'array_contains')
      raise('DATATYPE_MISMATCH.NULL_TYPE', { function: name });
    if (nulls === 'unexpected' && list.type.kind === 'void') unexpected(name, 0, list, 'ARRAY');
    if (list.type.kind !== 'array' && list.type.kind !== 'void') unexpected(name, 0, list, 'ARRAY');
    const array = arrayOf(name, args, 0);
    const element = list.type.kind === 'array' ? widen(array.element, value.type, site) : undefined;
    if (element === undefined) {
      return raise('DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES', { function: name, actual: typesText(args) });
    }
    const widened = arrayType(element, array.containsNull);
    return {
      args: [widened, element],
      type: result(widened, args[1]?.nullable ?? true),
      ...(nullable === undefined ? {} : { nullable }),
    };
  };
}

function withNulls(array: ArrayDataType, isNullable: boolean): DataType {
  return { ...array, containsNull: array.containsNull || isNullable };
}

function elementType({ args }: BindSite): DataType {
  const [array] = args;
  return array?.type.kind === 'array' ? array.type.element : atomic('void');
}

const sameArray: FunctionDefinition['resolve'] = (args) => {
  const type = arrayOf('array', args, 0);
  return { args: [type], type };
};

/** Elements that are doubles are told apart by their sign of zero, as Spark's sets do; inside of arrays and structs they are not. */
function setKey(type: DataType): (value: InternalValue) => unknown {
  if (type.kind !== 'double' && type.kind !== 'float') return valueKey(type);
  return (value) => (Object.is(value, -0) ? '-0' : value);
}

function distinct(list: List, keyOf: (value: InternalValue) => unknown): InternalValue[] {
  const seen = new Set<unknown>();
  return list.filter((value) => {
    const key = keyOf(value);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function setOperation(
  name: string,
  examples: FunctionDefinition['examples'],
  summary: string,
  combine: (a: List, b: List, keyOf: (value: InternalValue) => unknown) => InternalValue[],
  nulls: (a: boolean, b: boolean) => boolean,
): FunctionDefinition {
  return collectionFunction(
    name,
    { summary, usage: `${name}(array1, array2)`, examples },
    twoArrays(name, nulls),
    (site) => {
      const keyOf = setKey(elementType(site));
      return (a: List, b: List) => combine(a, b, keyOf);
    },
  );
}

/** Nulls at the side that the direction says. */
function sorted(
  list: List,
  compare: (a: InternalValue, b: InternalValue) => number,
  nullsFirst: boolean,
): InternalValue[] {
  return list.toSorted((a, b) => {
    if (a === null || b === null) return a === b ? 0 : (a === null) === nullsFirst ? -1 : 1;
    return compare(a, b);
  });
}

function extreme(name: 'array_max' | 'array_min', sign: 1 | -1): FunctionDefinition {
  return collectionFunction(
    name,
    {
      summary: `The ${sign > 0 ? 'greatest' : 'least'} element that is no null.`,
      usage: `${name}(array)`,
      examples: [[`${name}(array(1, 20, null, 3))`, sign > 0 ? '20' : '1']],
    },
    (args) => {
      const array = arrayOf(name, args, 0);
      requireOrder(name, array.element);
      return { args: [array], type: array.element, nullable: true };
    },
    (site) => {
      const compare = comparatorOf(elementType(site));
      return (list: List) =>
        list.reduce(
          (best, value) => (value === null ? best : best === null || compare(value, best) * sign > 0 ? value : best),
          null,
        );
    },
  );
}

function slice(list: List, start: number, length: number): List {
  if (start === 0)
    raise('INVALID_PARAMETER_VALUE.OTHER', {
      function: 'slice',
      value: 'start 0',
      expected: 'a start from 1, or negative from the end',
    });
  if (length < 0)
    raise('INVALID_PARAMETER_VALUE.OTHER', {
      function: 'slice',
      value: `length ${length}`,
      expected: 'a length from 0',
    });
  const from = start > 0 ? start - 1 : list.length + start;
  return from < 0 || from >= list.length ? [] : list.slice(from, from + length);
}

function elementAt(list: List, index: number, onMissing: () => InternalValue): InternalValue {
  if (index === 0) raise('INVALID_INDEX_OF_ZERO', {});
  const at = index > 0 ? index - 1 : list.length + index;
  return at >= 0 && at < list.length ? (list[at] ?? null) : onMissing();
}

function mapEntry(site: BindSite): (map: MapValue, key: InternalValue) => InternalValue {
  const [map] = site.args;
  const keyOf = valueKey(map?.type.kind === 'map' ? map.type.key : atomic('void'));
  return ({ keys, values }, key) => {
    const wanted = keyOf(key);
    const at = keys.findIndex((each) => Object.is(keyOf(each), wanted) || keyOf(each) === wanted);
    return at < 0 ? null : (values[at] ?? null);
  };
}

function elementAtFunction(name: string, isTry: boolean): FunctionDefinition {
  return collectionFunction(
    name,
    {
      summary: `The element at an index from 1 (negative from the end), or the value of a key${isTry ? '; null when there is none' : ''}.`,
      usage: `${name}(arrayOrMap, index)`,
      examples: [
        [`${name}(array(1, 2, 3), 2)`, '2'],
        [`${name}(map(1, 'a', 2, 'b'), 2)`, 'b'],
      ],
    },
    (args, site) => {
      takes(name, ['arrayOrMap', 'any'], 'void')(args, site);
      const [collection, at] = args as [TypedExpression, TypedExpression];
      if (collection.type.kind === 'map') {
        const map = mapAndKey(name, args, site);
        return { args: [map, map.key], type: map.value, nullable: true };
      }
      if (collection.type.kind === 'void') unexpected(name, 0, collection, 'ARRAY or MAP');
      if (!isIntegral(at.type)) unexpected(name, 1, at, 'INT');
      const array = arrayOf(name, args, 0);
      return { args: [array, atomic('int')], type: array.element, nullable: true };
    },
    (site) => {
      if (site.args[0]?.type.kind === 'map') return mapEntry(site);
      return (list: List, index: number) =>
        elementAt(list, index, () => {
          if (isTry || !site.ansi) return null;
          return raise('INVALID_ARRAY_INDEX_IN_ELEMENT_AT', { indexValue: index, arraySize: list.length });
        });
    },
  );
}

const maxElements = 2_147_483_632;

function limited(name: string, count: number): number {
  return count > maxElements
    ? raise('COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION', { function: name, count, limit: maxElements })
    : count;
}

function arrayRepeat(value: InternalValue, times: number | null): InternalValue {
  return times === null ? null : Array.from({ length: limited('array_repeat', Math.max(0, times)) }, () => value);
}

/** Inserts so that the value stands at a position: from 1, or from the end, where -1 is behind the last. */
function arrayInsert(list: List | null, position: number | null, value: InternalValue): InternalValue {
  if (list === null || position === null) return null;
  if (position === 0) raise('INVALID_INDEX_OF_ZERO', {});
  if (position > 0) {
    const filled = Array.from({ length: Math.max(list.length, position - 1) }, (_, i) => list[i] ?? null);
    return filled.toSpliced(position - 1, 0, value);
  }
  const at = list.length + position + 1;
  if (at >= 0) return list.toSpliced(at, 0, value);
  return [value, ...Array.from({ length: -at }, () => null), ...list];
}

function arraysZip(...lists: readonly List[]): InternalValue {
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, i) => lists.map((list) => list[i] ?? null));
}

/** Functions on arrays. */
export const arrayFunctions: readonly FunctionDefinition[] = [
  define(
    'size',
    ['arrayOrMap'],
    'int',
    {
      summary: 'How many elements or entries there are; null for null, or -1 with ANSI off.',
      usage: 'size(expr)',
      examples: [["size(array('b', 'd', 'c', 'a'))", '4']],
      aliases: ['cardinality'],
    },
    {
      bind: ({ ansi }) => {
        const ofNull = ansi ? null : -1;
        return (value: List | MapValue | null) =>
          value === null ? ofNull : Array.isArray(value) ? value.length : (value as MapValue).keys.length;
      },
    },
    { seesNulls: true },
  ),
  define(
    'array_size',
    ['array'],
    'int',
    {
      summary: 'How many elements an array has.',
      usage: 'array_size(expr)',
      examples: [['array_size(array(1, 2))', '2']],
    },
    (list: List) => list.length,
  ),
  collectionFunction(
    'array_contains',
    {
      summary: 'Whether a value is in an array; null when it is not and the array has nulls.',
      usage: 'array_contains(array, value)',
      examples: [['array_contains(array(1, 2, 3), 2)', 'true']],
    },
    arrayAndValue('array_contains', () => atomic('boolean'), { nullable: true }),
    (site) => {
      const keyOf = valueKey(elementType(site));
      return (list: List, value: InternalValue) => {
        const wanted = keyOf(value);
        const sameKey = new Set([wanted]);
        if (list.some((item) => item !== null && sameKey.has(keyOf(item)))) return true;
        return list.includes(null) ? null : false;
      };
    },
  ),
  collectionFunction(
    'array_position',
    {
      summary: 'The position from 1 of the first such element, 0 when there is none.',
      usage: 'array_position(array, value)',
      examples: [['array_position(array(312, 773, 708), 773)', '2']],
    },
    arrayAndValue('array_position', () => atomic('bigint')),
    (site) => {
      const keyOf = valueKey(elementType(site));
      return (list: List, value: InternalValue) => {
        const wanted = new Set([keyOf(value)]);
        return list.findIndex((item) => item !== null && wanted.has(keyOf(item))) + 1;
      };
    },
  ),
  collectionFunction(
    'array_remove',
    {
      summary: 'The array without a value.',
      usage: 'array_remove(array, value)',
      examples: [['array_remove(array(1, 2, 3, null, 3), 3)', '[1, 2, NULL]']],
    },
    arrayAndValue('array_remove', (array) => array, { nulls: 'different' }),
    (site) => {
      const keyOf = valueKey(elementType(site));
      return (list: List, value: InternalValue) => {
        const wanted = new Set([keyOf(value)]);
        return list.filter((item) => item === null || !wanted.has(keyOf(item)));
      };
    },
  ),
  collectionFunction(
    'array_append',
    {
      summary: 'The array with a value at its end.',
      usage: 'array_append(array, value)',
      examples: [["array_append(array('b', 'd'), 'a')", '[b, d, a]']],
    },
    arrayAndValue('array_append', withNulls, { widen: tightestType, nulls: 'unexpected' }),
    () => (list: List | null, value: InternalValue) => (list === null ? null : [...list, value]),
    { seesNulls: true },
  ),
  collectionFunction(
    'array_prepend',
    {
      summary: 'The array with a value at its start.',
      usage: 'array_prepend(array, value)',
      examples: [["array_prepend(array('b', 'd'), 'a')", '[a, b, d]']],
    },
    arrayAndValue('array_prepend', withNulls, { widen: tightestType, nulls: 'unexpected' }),
    () => (list: List | null, value: InternalValue) => (list === null ? null : [value, ...list]),
    { seesNulls: true },
  ),
  collectionFunction(
    'array_insert',
    {
      summary: 'The array with a value at a position.',
      usage: 'array_insert(array, pos, value)',
      examples: [['array_insert(array(1, 2, 3, 4), 5, 5)', '[1, 2, 3, 4, 5]']],
    },
    (args, site) => {
      takes('array_insert', ['any', 'any', 'any'], 'void')(args, site);
      const [list, position, value] = args as [TypedExpression, TypedExpression, TypedExpression];
      const element = list.type.kind === 'array' ? tightestType(list.type.element, value.type, site) : undefined;
      if (element === undefined) {
        return raise('DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES', {
          function: 'array_insert',
          actual: typesText(args),
        });
      }
      if (!isIntegral(position.type)) unexpected('array_insert', 1, position, 'INT');
      return { args: [arrayType(element), atomic('int'), element], type: arrayType(element) };
    },
    () => arrayInsert,
    { seesNulls: true },
  ),
  collectionFunction(
    'array_distinct',
    {
      summary: 'The elements without repetitions.',
      usage: 'array_distinct(array)',
      examples: [['array_distinct(array(1, 2, 3, null, 3))', '[1, 2, 3, NULL]']],
    },
    sameArray,
    (site) => {
      const keyOf = setKey(elementType(site));
      return (list: List) => distinct(list, keyOf);
    },
  ),
  setOperation(
    'array_union',
    [['array_union(array(1, 2, 3), array(1, 3, 5))', '[1, 2, 3, 5]']],
    'The elements of both, without repetitions.',
    (a, b, keyOf) => distinct([...a, ...b], keyOf),
    (a, b) => a || b,
  ),
  setOperation(
    'array_intersect',
    [['array_intersect(array(1, 2, 3), array(1, 3, 5))', '[1, 3]']],
    'The elements that are in both, without repetitions.',
    (a, b, keyOf) => {
      const keys = new Set(b.map(keyOf));
      return distinct(a, keyOf).filter((value) => keys.has(keyOf(value)));
    },
    (a, b) => a && b,
  ),
  setOperation(
    'array_except',
    [['array_except(array(1, 2, 3), array(1, 3, 5))', '[2]']],
    'The elements of the first that are not in the second, without repetitions.',
    (a, b, keyOf) => {
      const keys = new Set(b.map(keyOf));
      return distinct(a, keyOf).filter((value) => !keys.has(keyOf(value)));
    },
    (a) => a,
  ),
  collectionFunction(
    'arrays_overlap',
    {
      summary: 'Whether a value that is no null is in both; null when not and one has nulls.',
      usage: 'arrays_overlap(array1, array2)',
      examples: [['arrays_overlap(array(1, 2, 3), array(3, 4, 5))', 'true']],
    },
    (args, site) => ({
      ...twoArrays('arrays_overlap', () => true)(args, site),
      type: atomic('boolean'),
      nullable: true,
    }),
    (site) => {
      const keyOf = valueKey(elementType(site));
      return (a: List, b: List) => {
        const keys = new Set(b.filter((value) => value !== null).map(keyOf));
        if (a.some((value) => value !== null && keys.has(keyOf(value)))) return true;
        return a.length > 0 && b.length > 0 && (a.includes(null) || b.includes(null)) ? null : false;
      };
    },
  ),
  collectionFunction(
    'array_join',
    {
      summary: 'The elements as text, joined; nulls are left out, or replaced.',
      usage: 'array_join(array, delimiter[, nullReplacement])',
      examples: [["array_join(array('hello', null, 'world'), ' ', ',')", 'hello , world']],
    },
    (args, site) => {
      const signature = takes('array_join', ['array', 'string', 'string?'], 'string')(args, site);
      return { ...signature, args: [arrayType(atomic('string')), ...signature.args.slice(1)] };
    },
    () => (list: readonly (string | null)[], delimiter: string, replacement?: string) =>
      list
        .map((value) => value ?? replacement ?? null)
        .filter((value) => value !== null)
        .join(delimiter),
  ),
  extreme('array_max', 1),
  extreme('array_min', -1),
  collectionFunction(
    'sort_array',
    {
      summary: 'The elements in order: nulls first when ascending, last when descending.',
      usage: 'sort_array(array[, ascending])',
      examples: [['sort_array(array(3, null, 1))', '[NULL, 1, 3]']],
    },
    (args, site) => {
      const { args: types } = takes('sort_array', ['array', 'boolean?'], 'void')(args, site);
      requireOrder('sort_array', arrayOf('sort_array', args, 0).element);
      return { args: types, type: types[0] ?? atomic('void') };
    },
    (site) => {
      const compare = comparatorOf(elementType(site));
      return (list: List, ascending = true) => sorted(list, ascending ? compare : (a, b) => compare(b, a), ascending);
    },
  ),
  collectionFunction(
    'array_sort',
    {
      summary: 'The elements in ascending order, nulls last; or by a lambda that compares two.',
      usage: 'array_sort(array[, (a, b) -> int])',
      examples: [['array_sort(array(5, 6, 1))', '[1, 5, 6]']],
    },
    (args) => {
      const array = arrayOf('array_sort', args, 0);
      const [, by] = args;
      if (by === undefined) requireOrder('array_sort', array.element);
      else if (by.type.kind !== 'int') {
        raise('DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE', {
          function: 'array_sort',
          required: 'INT',
          actual: sqlTypeText(by.type),
        });
      }
      return { args: [array, ...args.slice(1).map(({ type }) => type)], type: array };
    },
    (site) => {
      const compare = comparatorOf(elementType(site));
      return (list: List, by?: (a: InternalValue, b: InternalValue) => number | null) =>
        by === undefined
          ? sorted(list, compare, false)
          : list.toSorted((a, b) => by(a, b) ?? raise('COMPARATOR_RETURNS_NULL', {}));
    },
    {
      lambdaParameters: (_index, args) => {
        const type = args[0]?.type.kind === 'array' ? args[0].type.element : atomic('void');
        return [
          { type, nullable: true },
          { type, nullable: true },
        ];
      },
    },
  ),
  define(
    'array_compact',
    ['array'],
    (types) => (types[0]?.kind === 'array' ? arrayType(types[0].element, false) : atomic('void')),
    {
      summary: 'The array without its nulls.',
      usage: 'array_compact(array)',
      examples: [['array_compact(array(1, null, 2))', '[1, 2]']],
    },
    (list: List) => list.filter((value) => value !== null),
  ),
  collectionFunction(
    'array_repeat',
    {
      summary: 'A value so many times.',
      usage: 'array_repeat(value, count)',
      examples: [["array_repeat('123', 2)", '[123, 123]']],
    },
    (args, site) => {
      const { args: types } = takes('array_repeat', ['any', 'int'], 'void')(args, site);
      const [, count] = args as [TypedExpression, TypedExpression];
      if (!isIntegral(count.type) && count.type.kind !== 'void') unexpected('array_repeat', 1, count, 'INT');
      return {
        args: types,
        type: arrayType(types[0] ?? atomic('void'), args[0]?.nullable ?? true),
        nullable: args[1]?.nullable ?? true,
      };
    },
    () => arrayRepeat,
    { seesNulls: true },
  ),
  define(
    'slice',
    ['array', 'int', 'int'],
    (types) => types[0] ?? atomic('void'),
    {
      summary: 'The elements from a start (from 1; negative from the end).',
      usage: 'slice(array, start, length)',
      examples: [['slice(array(1, 2, 3, 4), 2, 2)', '[2, 3]']],
    },
    slice,
  ),
  collectionFunction(
    'flatten',
    {
      summary: 'An array of arrays as one; null when one of them is.',
      usage: 'flatten(arrays)',
      examples: [['flatten(array(array(1, 2), array(3, 4)))', '[1, 2, 3, 4]']],
    },
    (args, site) => {
      takes('flatten', ['any'], 'void')(args, site);
      const [arg] = args as [TypedExpression];
      const outer = arg.type;
      if (outer.kind !== 'array' || outer.element.kind !== 'array')
        return unexpected('flatten', 0, arg, 'ARRAY of ARRAY');
      const inner = outer.element;
      return { args: [outer], type: inner, nullable: (args[0]?.nullable ?? true) || outer.containsNull };
    },
    () => (lists: readonly (List | null)[]) => (lists.includes(null) ? null : (lists as readonly List[]).flat(1)),
  ),
  collectionFunction(
    'get',
    {
      summary: 'The element at an index from 0, null outside of the array.',
      usage: 'get(array, index)',
      examples: [
        ['get(array(1, 2, 3), 0)', '1'],
        ['get(array(1, 2, 3), 3)', 'NULL'],
      ],
    },
    (args, site) => {
      takes('get', ['array', 'int'], 'void')(args, site);
      const [list] = args as [TypedExpression];
      if (list.type.kind === 'void') unexpected('get', 0, list, 'ARRAY');
      const array = arrayOf('get', args, 0);
      return { args: [array, atomic('int')], type: array.element, nullable: true };
    },
    () => (list: List, index: number) => list[index] ?? null,
  ),
  elementAtFunction('element_at', false),
  elementAtFunction('try_element_at', true),
  collectionFunction(
    'arrays_zip',
    {
      summary: 'The n-th elements of all arrays as structs.',
      usage: 'arrays_zip(array, ...)',
      examples: [['arrays_zip(array(1, 2), array(2, 3))', '[{1, 2}, {2, 3}]']],
    },
    (args) => {
      const fields = args.map((arg, i) => ({
        name: arg.kind === 'attribute' ? arg.name : String(i),
        type: arrayOf('arrays_zip', args, i).element,
        nullable: true,
      }));
      return {
        args: args.map((_, i) => arrayOf('arrays_zip', args, i)),
        type: arrayType({ kind: 'struct', fields }, false),
      };
    },
    () => arraysZip,
  ),
  {
    ...define(
      'shuffle',
      ['array'],
      (types) => types[0] ?? atomic('void'),
      {
        summary: 'The elements in random order.',
        usage: 'shuffle(array)',
        examples: [['size(shuffle(array(1, 20, 3, 5)))', '4']],
      },
      (list: List) => {
        const result = [...list];
        for (let i = result.length - 1; i > 0; i--) {
          const j = Math.floor(Math.random() * (i + 1));
          [result[i], result[j]] = [result[j] as InternalValue, result[i] as InternalValue];
        }
        return result;
      },
    ),
    deterministic: false,
  },
  {
    name: 'array',
    group: 'collection',
    summary: 'An array of the values.',
    usage: 'array(expr, ...)',
    examples: [['array(1, 2, 3)', '[1, 2, 3]']],
    resolve(args, site) {
      const element = commonElement('array', args, site);
      return {
        args: args.map(() => element),
        type: arrayType(
          element,
          args.some(({ nullable }) => nullable),
        ),
        nullable: false,
      };
    },
    body: {
      kind: 'scalar',
      bind: () => ({ seesNulls: true, evaluate: (...values: readonly InternalValue[]) => values }),
    },
  },
];
