import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { commonWiderType, widerTypeWithoutText } from '../../types/coercion.ts';
import type { DataType, InternalValue, MapValue } from '../../types/data-type.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { valueKey } from '../../types/value-key.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { javaPattern } from '../regexp/java-pattern.ts';
import { splitBy } from '../regexp/searches.ts';
import { scalarsOf } from '../scalar.ts';
import { takes, unexpected } from '../signatures.ts';
import { arrayOf, collectionFunction, commonElement, mapAndKey, mapOf, requireBoolean, typesText } from './define.ts';

type List = readonly InternalValue[];

const define = scalarsOf('collection');

function mapType(key: DataType, value: DataType, valueContainsNull = true): DataType & { readonly kind: 'map' } {
  return { kind: 'map', key, value, valueContainsNull };
}

/** A map of entries; a key that occurs twice or is null is an error, as Spark's default. */
function mapOfEntries(keyType: DataType, keys: List, values: List): MapValue {
  const keyOf = valueKey(keyType);
  const seen = new Set<unknown>();
  for (const key of keys) {
    if (key === null) raise('NULL_MAP_KEY', {});
    const id = keyOf(key);
    if (seen.has(id)) raise('DUPLICATED_MAP_KEY', { key: key as string });
    seen.add(id);
  }
  return { keys, values };
}

function keyTypeOf({ type }: Pick<BindSite, 'type'>): DataType {
  return type.kind === 'map' ? type.key : atomic('void');
}

function entryType(map: DataType & { kind: 'map' }): DataType {
  return {
    kind: 'struct',
    fields: [
      { name: 'key', type: map.key, nullable: false },
      { name: 'value', type: map.value, nullable: map.valueContainsNull },
    ],
  };
}

/** Types of the lambda's parameters: key and value of the map at the first place. */
const keyAndValue: FunctionDefinition['lambdaParameters'] = (_index, args) => {
  const type = args[0]?.type;
  if (type?.kind !== 'map') return unexpected('the function', 0, args[0] as TypedExpression, 'MAP');
  return [
    { type: type.key, nullable: false },
    { type: type.value, nullable: type.valueContainsNull },
  ];
};

type PairLambda = (key: InternalValue, value: InternalValue) => InternalValue;

function pick(map: MapValue, keeps: (index: number) => boolean): MapValue {
  return { keys: map.keys.filter((_, i) => keeps(i)), values: map.values.filter((_, i) => keeps(i)) };
}

/** Functions on maps, and what makes maps and structs. */
export const mapFunctions: readonly FunctionDefinition[] = [
  {
    name: 'map',
    group: 'collection',
    summary: 'A map of keys and values by turns.',
    usage: 'map(key, value, ...)',
    examples: [["map(1.0, '2', 3.0, '4')", '{1.0 -> 2, 3.0 -> 4}']],
    resolve(args, site) {
      const keys = args.filter((_, i) => i % 2 === 0);
      const values = args.filter((_, i) => i % 2 === 1);
      const key = commonElement('map', keys, site);
      const value = commonElement('map', values, site);
      requireKeyType('map', key);
      if (args.length % 2 !== 0) {
        raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', {
          function: 'map',
          expected: '2n (n >= 0)',
          actual: args.length,
          usage: 'map(key, value, ...)',
        });
      }
      return {
        args: args.map((_, i) => (i % 2 === 0 ? key : value)),
        type: mapType(
          key,
          value,
          values.some(({ nullable }) => nullable),
        ),
        nullable: false,
      };
    },
    body: {
      kind: 'scalar',
      bind: (site) => ({
        seesNulls: true,
        evaluate: (...items: List) =>
          mapOfEntries(
            keyTypeOf(site),
            items.filter((_, i) => i % 2 === 0),
            items.filter((_, i) => i % 2 === 1),
          ),
      }),
    },
  },
  define(
    'map_keys',
    ['map'],
    (types) => arrayType(types[0]?.kind === 'map' ? types[0].key : atomic('void'), false),
    { summary: 'The keys of a map.', usage: 'map_keys(map)', examples: [["map_keys(map(1, 'a', 2, 'b'))", '[1, 2]']] },
    (map: MapValue) => map.keys,
  ),
  define(
    'map_values',
    ['map'],
    (types) =>
      types[0]?.kind === 'map' ? arrayType(types[0].value, types[0].valueContainsNull) : arrayType(atomic('void')),
    {
      summary: 'The values of a map.',
      usage: 'map_values(map)',
      examples: [["map_values(map(1, 'a', 2, 'b'))", '[a, b]']],
    },
    (map: MapValue) => map.values,
  ),
  define(
    'map_entries',
    ['map'],
    ([type]) => (type?.kind === 'map' ? arrayType(entryType(type), false) : arrayType(atomic('void'))),
    {
      summary: 'The entries of a map as structs.',
      usage: 'map_entries(map)',
      examples: [["map_entries(map(1, 'a', 2, 'b'))", '[{1, a}, {2, b}]']],
    },
    (map: MapValue) => map.keys.map((key, i) => [key, map.values[i] ?? null]),
  ),
  collectionFunction(
    'map_contains_key',
    {
      summary: 'Whether a map has a key.',
      usage: 'map_contains_key(map, key)',
      examples: [["map_contains_key(map(1, 'a', 2, 'b'), 1)", 'true']],
    },
    (args, site) => {
      takes('map_contains_key', ['any', 'any'], 'void')(args, site);
      if (args.some(({ type }) => type.kind === 'void'))
        raise('DATATYPE_MISMATCH.NULL_TYPE', { function: 'map_contains_key' });
      const map = mapAndKey('map_contains_key', args, site);
      return { args: [map, map.key], type: atomic('boolean') };
    },
    ({ args }) => {
      const keyOf = valueKey(args[1]?.type ?? atomic('void'));
      return (map: MapValue, key: InternalValue) => new Set(map.keys.map(keyOf)).has(keyOf(key));
    },
  ),
  collectionFunction(
    'map_concat',
    {
      summary: 'The entries of all maps; a key in two of them is an error.',
      usage: 'map_concat(map, ...)',
      examples: [["map_concat(map(1, 'a'), map(2, 'b'))", '{1 -> a, 2 -> b}']],
    },
    (args, site) => {
      if (args.length === 0) return { args: [], type: mapType(atomic('string'), atomic('string'), false) };
      if (args.some(({ type }) => type.kind !== 'map')) {
        raise('DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES', { function: 'map_concat', actual: typesText(args) });
      }
      const types = args.map(({ type }) => type);
      const type = site.ansi
        ? types.reduce<DataType | undefined>((held, next) => held && widerTypeWithoutText(held, next, site), types[0])
        : commonWiderType(types, site);
      if (type?.kind !== 'map') {
        return raise('DATATYPE_MISMATCH.DATA_DIFF_TYPES', { function: 'map_concat', actual: typesText(args) });
      }
      return { args: args.map(() => type), type };
    },
    (site) =>
      (...maps: readonly MapValue[]) =>
        mapOfEntries(
          keyTypeOf(site),
          maps.flatMap(({ keys }) => keys),
          maps.flatMap(({ values }) => values),
        ),
  ),
  collectionFunction(
    'map_from_arrays',
    {
      summary: 'A map of an array of keys and one of values.',
      usage: 'map_from_arrays(keys, values)',
      examples: [["map_from_arrays(array(1.0, 3.0), array('2', '4'))", '{1.0 -> 2, 3.0 -> 4}']],
    },
    (args, site) => {
      takes('map_from_arrays', ['array', 'array'], 'void')(args, site);
      const [keys, values] = [arrayOf('map_from_arrays', args, 0), arrayOf('map_from_arrays', args, 1)];
      return { args: [keys, values], type: mapType(keys.element, values.element, values.containsNull) };
    },
    (site) => (keys: List, values: List) => {
      if (keys.length !== values.length)
        raise('INVALID_PARAMETER_VALUE.OTHER', {
          function: 'map_from_arrays',
          value: `${keys.length} keys and ${values.length} values`,
          expected: 'as many keys as values',
        });
      return mapOfEntries(keyTypeOf(site), keys, values);
    },
  ),
  collectionFunction(
    'map_from_entries',
    {
      summary: 'A map of an array of structs of key and value.',
      usage: 'map_from_entries(entries)',
      examples: [["map_from_entries(array(struct(1, 'a'), struct(2, 'b')))", '{1 -> a, 2 -> b}']],
    },
    (args) => {
      const entries = arrayOf('map_from_entries', args, 0);
      const fields = entries.element.kind === 'struct' ? entries.element.fields : [];
      const [key, value] = fields;
      if (fields.length !== 2) {
        return unexpected('map_from_entries', 0, args[0] as TypedExpression, 'ARRAY of STRUCT of a key and a value');
      }
      requireKeyType('map_from_entries', key?.type ?? atomic('void'));
      return {
        args: [entries],
        type: mapType(key?.type ?? atomic('void'), value?.type ?? atomic('void'), value?.nullable ?? true),
        nullable: true,
      };
    },
    (site) => (entries: readonly (List | null)[]) =>
      entries.includes(null)
        ? null
        : mapOfEntries(
            keyTypeOf(site),
            entries.map((entry) => entry?.[0] ?? null),
            entries.map((entry) => entry?.[1] ?? null),
          ),
  ),
  define(
    'str_to_map',
    ['string', 'string?', 'string?'],
    mapType(atomic('string'), atomic('string')),
    {
      summary: 'A map of text: pairs split by a delimiter (comma), keys and values by another (colon).',
      usage: 'str_to_map(text[, pairDelim[, keyValueDelim]])',
      examples: [["str_to_map('a:1,b:2')", '{a -> 1, b -> 2}']],
    },
    (text: string, pairs = ',', pair = ':') => {
      const parts = splitBy(javaPattern('str_to_map', pairs), text).map((each) => {
        const match = javaPattern('str_to_map', pair).find(each, 0);
        return match === undefined ? [each, null] : [each.slice(0, match.from), each.slice(match.until)];
      });
      return mapOfEntries(
        atomic('string'),
        parts.map(([key]) => key ?? null),
        parts.map(([, value]) => value ?? null),
      );
    },
  ),
  collectionFunction(
    'map_filter',
    {
      summary: 'The entries that satisfy a lambda.',
      usage: 'map_filter(map, (k, v) -> boolean)',
      examples: [['map_filter(map(1, 0, 2, 2, 3, -1), (k, v) -> k > v)', '{1 -> 0, 3 -> -1}']],
    },
    (args) => {
      const map = mapOf('map_filter', args, 0);
      requireBoolean('map_filter', args, 1);
      return { args: [map, atomic('boolean')], type: map, nullable: args[0]?.nullable ?? true };
    },
    () => (map: MapValue, keeps: PairLambda) =>
      pick(map, (i) => keeps(map.keys[i] ?? null, map.values[i] ?? null) === true),
    { lambdaParameters: keyAndValue },
  ),
  collectionFunction(
    'transform_values',
    {
      summary: 'The values through a lambda.',
      usage: 'transform_values(map, (k, v) -> value)',
      examples: [['transform_values(map(1, 1, 2, 2), (k, v) -> v + 1)', '{1 -> 2, 2 -> 3}']],
    },
    (args) => {
      const map = mapOf('transform_values', args, 0);
      const type = args[1]?.type ?? atomic('void');
      return {
        args: [map, type],
        type: mapType(map.key, type, args[1]?.nullable ?? true),
        nullable: args[0]?.nullable ?? true,
      };
    },
    () => (map: MapValue, change: PairLambda) => ({
      keys: map.keys,
      values: map.keys.map((key, i) => change(key, map.values[i] ?? null)),
    }),
    { lambdaParameters: keyAndValue },
  ),
  collectionFunction(
    'transform_keys',
    {
      summary: 'The keys through a lambda; two equal ones are an error.',
      usage: 'transform_keys(map, (k, v) -> key)',
      examples: [['transform_keys(map(1, 1, 2, 2), (k, v) -> k + 1)', '{2 -> 1, 3 -> 2}']],
    },
    (args) => {
      const map = mapOf('transform_keys', args, 0);
      const type = args[1]?.type ?? atomic('void');
      return {
        args: [map, type],
        type: mapType(type, map.value, map.valueContainsNull),
        nullable: args[0]?.nullable ?? true,
      };
    },
    (site) => (map: MapValue, change: PairLambda) =>
      mapOfEntries(
        keyTypeOf(site),
        map.keys.map((key, i) => change(key, map.values[i] ?? null)),
        map.values,
      ),
    { lambdaParameters: keyAndValue },
  ),
  collectionFunction(
    'map_zip_with',
    {
      summary: 'The keys of both maps with a lambda of their values.',
      usage: 'map_zip_with(map1, map2, (k, v1, v2) -> value)',
      examples: [["map_zip_with(map(1, 'a'), map(1, 'x'), (k, v1, v2) -> concat(v1, v2))", '{1 -> ax}']],
    },
    (args) => {
      const [a, b] = [mapOf('map_zip_with', args, 0), mapOf('map_zip_with', args, 1)];
      const key = zippedKey(args);
      const type = args[2]?.type ?? atomic('void');
      return { args: [mapType(key, a.value), mapType(key, b.value), type], type: mapType(key, type) };
    },
    (site) => {
      const keyOf = valueKey(keyTypeOf(site));
      return (
        a: MapValue,
        b: MapValue,
        combine: (key: InternalValue, x: InternalValue, y: InternalValue) => InternalValue,
      ) => {
        const right = new Map(b.keys.map((key, i) => [keyOf(key), b.values[i] ?? null]));
        const left = new Set(a.keys.map(keyOf));
        const more = b.keys
          .map((key, i) => [key, b.values[i] ?? null] as const)
          .filter(([key]) => !left.has(keyOf(key)));
        return {
          keys: [...a.keys, ...more.map(([key]) => key)],
          values: [
            ...a.keys.map((key, i) => combine(key, a.values[i] ?? null, right.get(keyOf(key)) ?? null)),
            ...more.map(([key, value]) => combine(key, null, value)),
          ],
        };
      };
    },
    {
      lambdaPlaces: [2],
      lambdaParameters: (_index, args) => {
        const values = [0, 1].map((i) => {
          const type = args[i]?.type;
          if (type?.kind !== 'map') return unexpected('map_zip_with', i, args[i] as TypedExpression, 'MAP');
          return { type: type.value, nullable: true };
        });
        return [{ type: zippedKey(args), nullable: false }, ...values];
      },
    },
  ),
  {
    name: 'struct',
    group: 'collection',
    summary: 'A struct of the columns, named as they are.',
    usage: 'struct(col, ...)',
    examples: [['struct(1, 2, 3)', '{1, 2, 3}']],
    resolve(args) {
      const fields = args.map((arg, i) => ({ name: fieldName(arg, i), type: arg.type, nullable: arg.nullable }));
      return { args: args.map(({ type }) => type), type: { kind: 'struct', fields }, nullable: false };
    },
    body: { kind: 'scalar', bind: () => ({ seesNulls: true, evaluate: (...values: List) => values }) },
  },
  {
    name: 'named_struct',
    group: 'collection',
    summary: 'A struct of names and values by turns.',
    usage: 'named_struct(name, value, ...)',
    examples: [["named_struct('a', 1, 'b', 2)", '{1, 2}']],
    resolve(args) {
      if (args.length % 2 !== 0) {
        raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', {
          function: 'named_struct',
          expected: '2n (n > 0)',
          actual: args.length,
          usage: 'named_struct(name, value, ...)',
        });
      }
      const fields = args.flatMap((arg, i) => {
        if (i % 2 === 0) return [];
        return [{ name: constantName(args[i - 1] as TypedExpression), type: arg.type, nullable: arg.nullable }];
      });
      return { args: args.map(({ type }) => type), type: { kind: 'struct', fields }, nullable: false };
    },
    body: {
      kind: 'scalar',
      bind: () => ({ seesNulls: true, evaluate: (...values: List) => values.filter((_, i) => i % 2 === 1) }),
    },
  },
];

/** The name of a field of `named_struct`. */
function constantName(arg: TypedExpression): string {
  if (arg.kind === 'literal' && typeof arg.value === 'string' && arg.type.kind === 'string') return arg.value;
  return raise('DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING', {
    function: 'named_struct',
    argument: arg.kind === 'attribute' ? arg.name : `a value of the type ${sqlTypeText(arg.type)}`,
  });
}

/** The type of the keys of both maps of `map_zip_with`. */
function zippedKey(args: readonly (TypedExpression | undefined)[]): DataType {
  const [a, b] = [args[0]?.type, args[1]?.type];
  const key = a?.kind === 'map' && b?.kind === 'map' ? widerTypeWithoutText(a.key, b.key, { ansi: true }) : undefined;
  return (
    key ??
    raise('DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES', {
      function: 'map_zip_with',
      actual: [a, b].map((type) => (type?.kind === 'map' ? sqlTypeText(type.key) : 'no map')).join(' and '),
    })
  );
}

/** Keys of a map are compared, and maps cannot be. */
function requireKeyType(name: string, key: DataType): void {
  if (key.kind === 'map') raise('DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE', { function: name });
}

function fieldName(arg: Parameters<FunctionDefinition['resolve']>[0][number], index: number): string {
  if (arg.kind === 'attribute') return arg.name;
  return arg.kind === 'extract' && 'name' in arg.access ? arg.access.name : `col${index + 1}`;
}
