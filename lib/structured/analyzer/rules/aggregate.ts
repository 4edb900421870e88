import { raise } from '../../../kernel/errors.ts';
import type { Expression } from '../../expressions/expression.ts';
import { anyIn } from '../../expressions/typed-tree.ts';
import { aggregateOf } from '../aggregation.ts';
import { collectingProblems } from '../analysis-error.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { columnsNamed, matches } from '../resolve-name.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Scope } from '../scope.ts';
import { isGenerator, resolveItem, resolveItems, type SelectItem } from '../select-items.ts';
import { typedText } from '../typed-text.ts';
import { groupingSets } from './grouping-sets.ts';
import { pivoted } from './pivot.ts';

/** `groupBy(...).agg(...)`, `rollup`, `cube`, `pivot`. */
export function resolveAggregate(node: NodeOf<'aggregate'>, context: NodeContext): ResolvedPlan {
  const input = context.input(node.child);
  const scope = context.scope(node.child);
  let keys: readonly SelectItem[] = [];
  let items: readonly SelectItem[] = [];
  collectingProblems([
    () => {
      keys = resolveKeys(resolveItems(groupingOf(node, scope), scope));
    },
    () => {
      items = resolveItems(node.aggregates, scope);
    },
  ]);
  if (node.pivot !== undefined) {
    const { column, values } = node.pivot;
    return pivoted(
      { input, keys, items, scope },
      resolveItem(column, scope),
      values?.map((value) => resolveItem(value, scope)),
    );
  }
  const shown = node.isSelect === true ? [] : keys;
  if (node.type !== 'groupBy') return groupingSets(node.type, { input, keys, items, scope }, shown.length > 0);
  return aggregateOf({ input, keys, items: [...shown, ...items], scope });
}

/** The keys; in a SELECT a name that is no column may be the alias of an item. */
function groupingOf(node: NodeOf<'aggregate'>, scope: Scope): readonly Expression[] {
  if (node.isSelect !== true) return node.grouping;
  return node.grouping.map((key) => {
    const [name = ''] = key.kind === 'name' && key.parts.length === 1 ? key.parts : [];
    if (name === '' || columnsNamed(name, scope.attributes, scope).length > 0) return key;
    const item = node.aggregates.find((one) => one.kind === 'alias' && matches(one.names[0] ?? '', name, scope));
    return item?.kind === 'alias' ? item.child : key;
  });
}

function resolveKeys(keys: readonly SelectItem[]): readonly SelectItem[] {
  collectingProblems(
    keys.map(({ expression }) => () => {
      if (anyIn(expression, (node) => node.kind === 'aggregate')) {
        raise('GROUP_BY_AGGREGATE', { sqlExpr: typedText(expression) });
      }
      if (anyIn(expression, isGenerator)) raise('UNSUPPORTED_GENERATOR.OUTSIDE_SELECT', { plan: 'groupBy' });
      if (expression.type.kind === 'map')
        raise('GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE', { sqlExpr: typedText(expression) });
    }),
  );
  return keys;
}
