import type { TypedExpression } from '../../expressions/typed-expression.ts';
import type { InternalValue } from '../../types/data-type.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import { sameType, sqlTypeText } from '../../types/type-text.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { unexpected } from '../signatures.ts';
import { arrayOf, collectionFunction, requireBoolean } from './define.ts';

type List = readonly InternalValue[];
type Lambda = (...values: List) => InternalValue;

/** The element of the array at the first place, and its index for a lambda with two parameters. */
const elementAndIndex: FunctionDefinition['lambdaParameters'] = (_index, args, count) => {
  const array = args[0]?.type;
  if (array?.kind !== 'array') return unexpected('the function', 0, args[0] as TypedExpression, 'ARRAY');
  const element = { type: array.element, nullable: array.containsNull };
  return count > 1 ? [element, { type: atomic('int'), nullable: false }] : [element];
};

/** Whether some (or every) element satisfies a lambda, with three-valued logic. */
function quantifier(
  name: 'exists' | 'forall',
  decides: boolean,
  example: readonly [string, string],
): FunctionDefinition {
  return collectionFunction(
    name,
    {
      summary: decides ? 'Whether an element satisfies a lambda.' : 'Whether all elements satisfy a lambda.',
      usage: `${name}(array, x -> boolean)`,
      examples: [example],
    },
    (args) => {
      requireBoolean(name, args, 1);
      return { args: [arrayOf(name, args, 0), atomic('boolean')], type: atomic('boolean'), nullable: true };
    },
    () => (list: List, test: Lambda) => {
      let hasNull = false;
      for (const item of list) {
        const result = test(item);
        if (result === decides) return decides;
        if (result === null) hasNull = true;
      }
      return hasNull ? null : !decides;
    },
    { lambdaParameters: elementAndIndex },
  );
}

/** Functions that take lambdas over arrays. */
export const lambdaFunctions: readonly FunctionDefinition[] = [
  collectionFunction(
    'transform',
    {
      summary: 'Every element through a lambda, which may take the index too.',
      usage: 'transform(array, x -> value)',
      examples: [
        ['transform(array(1, 2, 3), x -> x + 1)', '[2, 3, 4]'],
        ['transform(array(1, 2, 3), (x, i) -> x + i)', '[1, 3, 5]'],
      ],
    },
    (args) => {
      const type = args[1]?.type ?? atomic('void');
      return {
        args: [arrayOf('transform', args, 0), type],
        type: arrayType(type, args[1]?.nullable ?? true),
        nullable: args[0]?.nullable ?? true,
      };
    },
    () => (list: List, change: Lambda) => list.map((item, i) => change(item, i)),
    { lambdaParameters: elementAndIndex },
  ),
  collectionFunction(
    'filter',
    {
      summary: 'The elements that satisfy a lambda.',
      usage: 'filter(array, x -> boolean)',
      examples: [['filter(array(1, 2, 3), x -> x % 2 == 1)', '[1, 3]']],
    },
    (args) => {
      const array = arrayOf('filter', args, 0);
      requireBoolean('filter', args, 1);
      return { args: [array, atomic('boolean')], type: array, nullable: args[0]?.nullable ?? true };
    },
    () => (list: List, keeps: Lambda) => list.filter((item, i) => keeps(item, i) === true),
    { lambdaParameters: elementAndIndex },
  ),
  quantifier('exists', true, ['exists(array(1, 2, 3), x -> x % 2 == 0)', 'true']),
  quantifier('forall', false, ['forall(array(2, 4, 8), x -> x % 2 == 0)', 'true']),
  collectionFunction(
    'aggregate',
    {
      summary: 'All elements folded into a start value, and the result through a last lambda.',
      usage: 'aggregate(array, start, (acc, x) -> acc[, acc -> result])',
      examples: [['aggregate(array(1, 2, 3), 0, (acc, x) -> acc + x)', '6']],
      aliases: ['reduce'],
    },
    (args) => {
      const start = args[1]?.type ?? atomic('void');
      const merge = args[2];
      if (merge !== undefined && !sameType(merge.type, start)) unexpected('aggregate', 2, merge, sqlTypeText(start));
      return {
        args: [arrayOf('aggregate', args, 0), start, start, ...args.slice(3).map(({ type }) => type)],
        type: args[3]?.type ?? start,
        nullable: true,
      };
    },
    () => (list: List | null, start: InternalValue, merge: Lambda, finish?: Lambda) => {
      if (list === null) return null;
      const result = list.reduce((held, item) => merge(held, item), start);
      return finish === undefined ? result : finish(result);
    },
    {
      seesNulls: true,
      lambdaPlaces: [2, 3],
      lambdaParameters: (index, args) => {
        const array = args[0]?.type;
        const accumulator = { type: args[1]?.type ?? atomic('void'), nullable: true };
        if (index === 3) return [accumulator];
        if (array?.kind !== 'array') return unexpected('aggregate', 0, args[0] as TypedExpression, 'ARRAY');
        return [accumulator, { type: array.element, nullable: array.containsNull }];
      },
    },
  ),
  collectionFunction(
    'zip_with',
    {
      summary: 'The elements of two arrays through a lambda; the shorter is filled with nulls.',
      usage: 'zip_with(left, right, (x, y) -> value)',
      examples: [['zip_with(array(1, 2), array(3, 4), (x, y) -> x + y)', '[4, 6]']],
    },
    (args) => {
      const type = args[2]?.type ?? atomic('void');
      return { args: [arrayOf('zip_with', args, 0), arrayOf('zip_with', args, 1), type], type: arrayType(type, true) };
    },
    () => (a: List, b: List, combine: Lambda) =>
      Array.from({ length: Math.max(a.length, b.length) }, (_, i) => combine(a[i] ?? null, b[i] ?? null)),
    {
      lambdaPlaces: [2],
      lambdaParameters: (_index, args) => {
        return [0, 1].map((i) => {
          const type = args[i]?.type;
          if (type?.kind !== 'array') return unexpected('zip_with', i, args[i] as TypedExpression, 'ARRAY');
          return { type: type.element, nullable: true };
        });
      },
    },
  ),
];
