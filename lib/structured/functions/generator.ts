import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { DataType, InternalValue, MapValue, StructField } from '../types/data-type.ts';
import { atomic } from '../types/type-classes.ts';
import { sameType, sqlTypeText } from '../types/type-text.ts';
import type { FunctionDefinition } from './define-function.ts';
import { jsonTuple } from './json/json-tuple.ts';
import { constantOf, takes, unexpected } from './signatures.ts';

function column(name: string, type: DataType, nullable: boolean): StructField {
  return { name, type, nullable };
}

/** The columns of `explode`: `col`, or `key` and `value` of a map; with a position in front for `posexplode`. */
function explodedColumns(
  name: string,
  args: readonly TypedExpression[],
  hasPosition: boolean,
  isOuter: boolean,
): DataType {
  const [arg] = args;
  const type = arg?.type ?? atomic('void');
  const position = hasPosition ? [column('pos', atomic('int'), isOuter)] : [];
  if (type.kind === 'array')
    return { kind: 'struct', fields: [...position, column('col', type.element, isOuter || type.containsNull)] };
  if (type.kind === 'map') {
    const fields = [column('key', type.key, isOuter), column('value', type.value, isOuter || type.valueContainsNull)];
    return { kind: 'struct', fields: [...position, ...fields] };
  }
  return unexpected(name, 0, arg as TypedExpression, 'ARRAY or MAP');
}

function* exploded(value: InternalValue, hasPosition: boolean): Iterable<readonly InternalValue[]> {
  if (value === null) return;
  if (Array.isArray(value)) {
    let position = 0;
    for (const element of value as readonly InternalValue[]) yield hasPosition ? [position++, element] : [element];
    return;
  }
  const { keys, values } = value as MapValue;
  for (let i = 0; i < keys.length; i++) {
    const pair = [keys[i] ?? null, values[i] ?? null];
    yield hasPosition ? [i, ...pair] : pair;
  }
}

function explode(
  name: string,
  hasPosition: boolean,
  isOuter: boolean,
  example: readonly [string, string],
): FunctionDefinition {
  return {
    name,
    group: 'generator',
    summary: `One row for each element of an array or entry of a map${hasPosition ? ', with its position' : ''}${isOuter ? '; a row of nulls when there is none' : ''}.`,
    usage: `${name}(expr)`,
    examples: [example],
    resolve(args, site) {
      const signature = takes(name, ['arrayOrMap'], (_types, given) =>
        explodedColumns(name, given, hasPosition, isOuter),
      )(args, site);
      return { ...signature, nullable: false };
    },
    body: { kind: 'generator', bind: () => (value) => exploded(value ?? null, hasPosition) },
  };
}

/** `inline`: the elements of an array of structs become rows. */
function inline(name: string, isOuter: boolean): FunctionDefinition {
  return {
    name,
    group: 'generator',
    summary: `One row for each struct of an array, one column for each field${isOuter ? '; a row of nulls when there is none' : ''}.`,
    usage: `${name}(expr)`,
    examples: [[`${name}(array(struct(1, 'a'), struct(2, 'b')))`, '1\ta\n2\tb']],
    resolve(args, site) {
      const { args: types } = takes(name, ['array'], 'void')(args, site);
      const [type] = types;
      const element = type?.kind === 'array' ? type.element : undefined;
      if (element?.kind !== 'struct') return unexpected(name, 0, args[0] as TypedExpression, 'ARRAY of STRUCT');
      const fields = element.fields.map(({ name: field, type: inner }) => column(field, inner, true));
      return { args: types, type: { kind: 'struct', fields }, nullable: false };
    },
    body: {
      kind: 'generator',
      bind: ({ type }) => {
        const width = type.kind === 'struct' ? type.fields.length : 0;
        const nulls: readonly InternalValue[] = Array.from({ length: width }, () => null);
        return (value) =>
          ((value as readonly (readonly InternalValue[] | null)[] | null) ?? []).map((row) => row ?? nulls);
      },
    },
  };
}

/** `stack(n, v1, v2, ...)`: the values in n rows. */
const stack: FunctionDefinition = {
  name: 'stack',
  group: 'generator',
  summary: 'The values in n rows, from left to right.',
  usage: 'stack(n, value1, ...)',
  examples: [['stack(2, 1, 2, 3)', '1\t2\n3\tNULL']],
  resolve(args) {
    const [count, ...values] = args;
    if (args.length < 2) {
      raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', {
        function: 'stack',
        expected: '2 or more',
        actual: args.length,
        usage: 'stack(n, value1, ...)',
      });
    }
    const rows = count?.kind === 'literal' ? Number(count.value) : 0;
    if (!(rows >= 1)) {
      return raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
        position: 'first',
        function: 'stack',
        range: 'a positive constant',
        actual: rows,
      });
    }
    const width = Math.ceil(values.length / rows);
    const fields = Array.from({ length: width }, (_, i) => column(`col${i}`, typeOfColumn(values, i, width), true));
    values.forEach((value, i) => {
      const { type } = fields[i % width] as StructField;
      if (value.type.kind === 'void' || sameType(value.type, type)) return;
      raise('DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES', {
        column: i % width,
        actual: `${sqlTypeText(type)} and ${sqlTypeText(value.type)}`,
      });
    });
    const types = values.map((_, i) => (fields[i % width] as StructField).type);
    return { args: [atomic('int'), ...types], type: { kind: 'struct', fields }, nullable: false };
  },
  body: {
    kind: 'generator',
    bind: ({ args, type }) => {
      const width = type.kind === 'struct' ? type.fields.length : 1;
      const rows = Number(constantOf('stack', args, 0));
      return (_count, ...values) =>
        Array.from({ length: rows }, (_, row) =>
          Array.from({ length: width }, (_each, i) => values[row * width + i] ?? null),
        );
    },
  },
};

function typeOfColumn(values: readonly TypedExpression[], index: number, width: number): DataType {
  for (let i = index; i < values.length; i += width) {
    const type = values[i]?.type;
    if (type !== undefined && type.kind !== 'void') return type;
  }
  return atomic('void');
}

export const generatorFunctions: readonly FunctionDefinition[] = [
  explode('explode', false, false, ['explode(array(10, 20))', '10\n20']),
  explode('explode_outer', false, true, ['explode_outer(array(10, 20))', '10\n20']),
  explode('posexplode', true, false, ['posexplode(array(10, 20))', '0\t10\n1\t20']),
  explode('posexplode_outer', true, true, ['posexplode_outer(array(10, 20))', '0\t10\n1\t20']),
  inline('inline', false),
  inline('inline_outer', true),
  stack,
  jsonTuple,
];
