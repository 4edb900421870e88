import * as fc from 'fast-check';
import { castMayGiveNull, castTo } from '../../../lib/structured/analyzer/cast-to.ts';
import type { Attribute, TypedExpression } from '../../../lib/structured/expressions/typed-expression.ts';
import { findFunction } from '../../../lib/structured/functions/registry.ts';
import type { DataType, InternalRow, InternalValue } from '../../../lib/structured/types/data-type.ts';
import { toLong } from '../../../lib/structured/types/long.ts';
import { atomic, arrayType, decimalType } from '../../../lib/structured/types/type-classes.ts';

/** The columns that random expressions are over: one of each kind of value, all nullable. */
export const columns: readonly Attribute[] = (
  [
    ['b', atomic('boolean')],
    ['i', atomic('int')],
    ['l', atomic('bigint')],
    ['d', atomic('double')],
    ['m', decimalType(10, 2)],
    ['s', atomic('string')],
    ['t', atomic('timestamp')],
    ['a', arrayType(atomic('int'))],
    ['r', { kind: 'struct', fields: [{ name: 'x', type: atomic('int'), nullable: true }] }],
  ] as const satisfies readonly (readonly [string, DataType])[]
).map(([name, type], id) => ({ kind: 'attribute', id, name, type, nullable: true, qualifier: [] }));

const text = fc.oneof(fc.constantFrom('', '1', '2.5', 'true', 'abc', '2024-01-02', "'); throw 1; ('"), fc.string());
const int = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 2147483647, -2147483648));
const long = fc.oneof(int, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(toLong));
const double = fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1.5));

const values: Readonly<Record<string, fc.Arbitrary<InternalValue>>> = {
  boolean: fc.boolean(),
  int,
  bigint: long,
  double,
  decimal: fc.integer({ min: -9_999_999_999, max: 9_999_999_999 }),
  string: text,
  timestamp: fc.integer({ min: -1e15, max: 4e15 }),
  array: fc.array(fc.option(int), { maxLength: 3 }),
  struct: fc.option(int).map((x) => [x]),
};

function valuesOf({ kind }: DataType): fc.Arbitrary<InternalValue> {
  return values[kind] ?? fc.constant(null);
}

/** A row of `columns`. */
export const rows: fc.Arbitrary<InternalRow> = fc.tuple(
  ...columns.map(({ type }) => fc.option(valuesOf(type), { freq: 4 })),
);

const literals: fc.Arbitrary<TypedExpression> = fc
  .constantFrom(...columns.map(({ type }) => type))
  .chain((type) =>
    fc
      .option(valuesOf(type), { freq: 6 })
      .map((value): TypedExpression => ({ kind: 'literal', value, type, nullable: value === null })),
  );

const names = (
  '+ - * / % div pmod try_add try_divide = != <=> < <= > >= and or not in between negative & | ^ ~ ' +
  'coalesce nvl nvl2 nullif if isnull isnotnull isnan nanvl greatest least upper length concat abs'
).split(' ');

/** Calls a function of the registry with what fits of the arguments; an argument itself when its types do not go together. */
function apply(name: string, args: readonly TypedExpression[], ansi: boolean): TypedExpression {
  const definition = findFunction(name);
  if (definition === undefined) throw new TypeError(name);
  const site = { ansi, timeZone: 'UTC' };
  for (const count of [3, 2, 1]) {
    try {
      const used = args.slice(0, count);
      const signature = definition.resolve(used, site);
      const cast = used.map((arg, i) => castTo(arg, signature.args[i] ?? arg.type, site));
      const nullable = signature.nullable ?? cast.some((arg) => arg.nullable);
      return { kind: 'call', function: definition, args: cast, type: signature.type, nullable };
    } catch {
      // Another number of arguments may fit.
    }
  }
  return args[0] ?? { kind: 'literal', value: null, type: atomic('void'), nullable: true };
}

const castable = [
  atomic('string'),
  atomic('int'),
  atomic('bigint'),
  atomic('double'),
  atomic('boolean'),
  decimalType(12, 3),
];

/** Expressions of every kind of node, with types settled. */
export function expressions(ansi: boolean): fc.Arbitrary<TypedExpression> {
  const { tree } = fc.letrec<{ tree: TypedExpression; leaf: TypedExpression; node: TypedExpression }>((tie) => ({
    leaf: fc.oneof({ weight: 3, arbitrary: fc.constantFrom<TypedExpression>(...columns) }, literals),
    node: fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(fc.constantFrom(...names), tie('tree'), tie('tree'), tie('tree'))
          .map(([name, ...args]) => apply(name, args, ansi)),
      },
      fc
        .tuple(tie('tree'), fc.constantFrom(...castable), fc.constantFrom('ansi', 'legacy', 'try'))
        .map(([child, type, mode]) => cast(child, type, mode)),
      fc
        .tuple(tie('tree'), tie('tree'), tie('tree'))
        .map(([when, then, otherwise]) => choice(when, then, otherwise, ansi)),
      fc.tuple(tie('tree'), tie('tree')).map(([child, key]) => extract(child, key, ansi)),
    ),
    tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('node')),
  }));
  return tree;
}

function cast(child: TypedExpression, type: DataType, mode: 'ansi' | 'legacy' | 'try'): TypedExpression {
  if (child.type.kind === 'array' || child.type.kind === 'struct') return child;
  if (child.type.kind === 'timestamp' && type.kind === 'boolean') return child;
  return { kind: 'cast', child, type, mode, nullable: child.nullable || castMayGiveNull(child.type, type, mode) };
}

function choice(
  when: TypedExpression,
  then: TypedExpression,
  otherwise: TypedExpression,
  ansi: boolean,
): TypedExpression {
  const condition = apply('isnull', [when], ansi);
  if (then.type.kind !== otherwise.type.kind || then.type.kind === 'decimal') return condition;
  return {
    kind: 'case',
    branches: [[condition, then]],
    otherwise,
    type: then.type,
    nullable: then.nullable || otherwise.nullable,
  };
}

function extract(child: TypedExpression, key: TypedExpression, ansi: boolean): TypedExpression {
  const type = atomic('int');
  if (child.type.kind === 'struct') {
    return { kind: 'extract', child, access: { kind: 'field', index: 0, name: 'x' }, type, nullable: true };
  }
  if (child.type.kind !== 'array' || key.type.kind !== 'int') return child;
  return { kind: 'extract', child, access: { kind: 'element', key, isAnsi: ansi }, type, nullable: true };
}
