import { raise } from '../../../kernel/errors.ts';
import { anyIn } from '../../expressions/typed-tree.ts';
import { aggregateOf } from '../aggregation.ts';
import { collectingProblems } from '../analysis-error.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
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
      keys = resolveKeys(node.grouping.length === 0 ? [] : resolveItems(node.grouping, scope));
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
  if (node.type !== 'groupBy') return groupingSets(node.type, { input, keys, items, scope });
  return aggregateOf({ input, keys, items: [...keys, ...items], scope });
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
