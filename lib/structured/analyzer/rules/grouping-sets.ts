import { raise } from '../../../kernel/errors.ts';
import type { Attribute, TypedExpression } from '../../expressions/typed-expression.ts';
import { sameExpression, transformDown } from '../../expressions/typed-tree.ts';
import { defineFunction } from '../../functions/define-function.ts';
import { applyLifts } from '../apply-lifts.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { SelectItem } from '../select-items.ts';
import { typedText } from '../typed-text.ts';
import { callOf, longLiteral } from '../window-functions.ts';
import { type Aggregation, aggregateOf } from '../aggregation.ts';

/** Keys of a cube: each doubles the number of sets, and every row goes into each of them. */
const MAX_CUBE = 16;
const MAX_ROLLUP = 30;

/** The name of the column that tells the grouping sets of one result apart. */
const groupingId = 'spark_grouping_id';

/**
 * `rollup`, `cube` and `GROUPING SETS`: each row once for each grouping set, with the keys that are not in the set as null; then one aggregation by the
 * keys and the number of the set, so that a null that was there and one that was put there are two groups.
 */
export function groupingSets(
  masks: readonly number[],
  { input, keys, items, scope }: Aggregation,
  showsKeys = true,
): ResolvedPlan {
  const below = applyLifts(input, scope.lifts);
  scope.lifts.length = 0;
  const copies = keys.map((key): Attribute => {
    const { expression } = key;
    return {
      kind: 'attribute',
      id: scope.session.nextId(),
      name: key.names[0] ?? '',
      type: expression.type,
      nullable: true,
      qualifier: [],
      ...(expression.kind === 'attribute' && expression.watermarkDelayMs !== undefined
        ? { watermarkDelayMs: expression.watermarkDelayMs }
        : {}),
    };
  });
  const id: Attribute = {
    kind: 'attribute',
    id: scope.session.nextId(),
    name: groupingId,
    type: { kind: 'bigint' },
    nullable: false,
    qualifier: [],
  };
  const expanded: ResolvedPlan = {
    kind: 'expand',
    child: below,
    projections: masks.map((left) => [below.output, keysOfSet(left, keys), [longLiteral(left)]].flat()),
    output: [...below.output, ...copies, id],
    isStreaming: below.isStreaming,
  };
  // Outside of aggregate calls a key is its copy; inside they see the rows as they are.
  const withCopies = (item: SelectItem): SelectItem => ({
    ...item,
    expression: transformDown(item.expression, (node) => {
      if (node.kind === 'aggregate') return node;
      const grouping = node.kind === 'call' ? groupingOf(node, id, keys) : undefined;
      if (grouping !== undefined) return grouping;
      const index = keys.findIndex(({ expression }) => sameExpression(expression, node));
      return index === -1 ? undefined : copies[index];
    }),
  });
  const keyItems = copies.map((attribute): SelectItem => ({
    expression: attribute,
    names: [attribute.name],
    isBare: true,
  }));
  return aggregateOf({
    input: expanded,
    keys: [...keyItems, { expression: id, names: [groupingId], isBare: true }],
    items: [...(showsKeys ? keyItems : []), ...items.map(withCopies)],
    scope: { ...scope, attributes: expanded.output, lifts: [] },
  });
}

/** Numbers of the sets: bit `count - 1 - i` is set where the i-th key is left out, as `grouping_id()` tells. */
export function masksOf(type: 'rollup' | 'cube', count: number): readonly number[] {
  if (count > (type === 'cube' ? MAX_CUBE : MAX_ROLLUP)) {
    raise('GROUPING_SIZE_LIMIT_EXCEEDED', { maxSize: type === 'cube' ? MAX_CUBE : MAX_ROLLUP });
  }
  if (type === 'cube') return Array.from({ length: 2 ** count }, (_, left) => left);
  return Array.from({ length: count + 1 }, (_, dropped) => 2 ** dropped - 1);
}

/** The keys of a set; null in place of those that it leaves out. */
function keysOfSet(left: number, keys: readonly SelectItem[]): readonly TypedExpression[] {
  return keys.map(({ expression }, i): TypedExpression =>
    isOut(left, i, keys.length) ? { kind: 'literal', value: null, type: expression.type, nullable: true } : expression,
  );
}

function isOut(left: number, index: number, count: number): boolean {
  return Math.floor(left / 2 ** (count - 1 - index)) % 2 === 1;
}

/** `grouping_id()` is the number of the set, `grouping(key)` the bit of a key in it. */
function groupingOf(
  call: TypedExpression & { kind: 'call' },
  id: Attribute,
  keys: readonly SelectItem[],
): TypedExpression | undefined {
  if (call.function.name === 'grouping_id') {
    const isAll =
      call.args.length === keys.length &&
      call.args.every((arg, i) => sameExpression(arg, (keys[i] as SelectItem).expression));
    if (call.args.length > 0 && !isAll) {
      raise('GROUPING_ID_COLUMN_MISMATCH', {
        groupingIdColumn: call.args.map((arg) => typedText(arg)).join(', '),
        groupByColumns: keys.map(({ expression }) => typedText(expression)).join(', '),
      });
    }
    return id;
  }
  if (call.function.name !== 'grouping') return undefined;
  const [column] = call.args;
  const index = keys.findIndex(({ expression }) => column !== undefined && sameExpression(expression, column));
  if (index === -1) {
    return raise('GROUPING_COLUMN_MISMATCH', {
      grouping: column === undefined ? '' : typedText(column),
      groupingColumns: keys.map(({ expression }) => typedText(expression)).join(', '),
    });
  }
  return callOf(bitOf, [id, longLiteral(2 ** (keys.length - 1 - index))]);
}

const bitOf = defineFunction({
  name: 'grouping_bit',
  group: 'window',
  summary: 'Whether a number of a grouping set leaves a key out.',
  usage: '',
  examples: [],
  resolve: (args) => ({ args: args.map((arg) => arg.type), type: { kind: 'tinyint' } }),
  body: {
    kind: 'scalar',
    bind: () => ({ evaluate: (set: number, bit: number): number => Math.floor(set / bit) % 2 }),
  },
});
