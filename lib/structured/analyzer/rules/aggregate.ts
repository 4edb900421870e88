import { raise } from '../../../kernel/errors.ts';
import type { Expression, TextPosition } from '../../expressions/expression.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { anyIn, sameExpression } from '../../expressions/typed-tree.ts';
import { aggregateOf } from '../aggregation.ts';
import { collectingProblems } from '../analysis-error.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { placed } from '../placed.ts';
import { columnsNamed, matches } from '../resolve-name.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Scope } from '../scope.ts';
import { isGenerator, resolveItem, resolveItems, type SelectItem } from '../select-items.ts';
import { typedText } from '../typed-text.ts';
import { groupingSets, masksOf } from './grouping-sets.ts';
import { pivoted } from './pivot.ts';

/** `groupBy(...).agg(...)`, `rollup`, `cube`, `pivot`. */
export function resolveAggregate(node: NodeOf<'aggregate'>, context: NodeContext): ResolvedPlan {
  const input = context.input(node.child);
  const base = context.scope(node.child);
  const scope = node.isSelect === true ? { ...base, aliases: new Map<string, TypedExpression>() } : base;
  let keys: readonly SelectItem[] = [];
  let items: readonly SelectItem[] = [];
  collectingProblems([
    () => {
      keys = node.isByAll === true ? [] : resolveKeys(resolveItems(groupingOf(node, scope), scope), node.grouping);
    },
    () => {
      for (const key of node.isSelect === true ? keys : []) {
        const name = key.names[0] ?? '';
        if (name === 'window' || name === 'session_window') scope.aliases?.set(name, key.expression);
      }
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
  if (node.isByAll === true) keys = resolveKeys(items.slice(0, items.length - hiddenCount(node)).filter(isKey));
  const shown = node.isSelect === true ? [] : keys;
  if (node.type !== 'groupBy') {
    const sets = groupingSetsOf(node, keys);
    return groupingSets(sets.masks, { input, keys: sets.keys, items, scope }, shown.length > 0);
  }
  const isGlobal = node.isByAll !== true && node.grouping.length === 0;
  return aggregateOf({ input, keys, items: [...shown, ...items], scope, isGlobal });
}

function positionOf(e: Expression | undefined): TextPosition | undefined {
  return e !== undefined && 'position' in e ? e.position : undefined;
}

/** Items behind those that were written, for HAVING and ORDER BY. */
function hiddenCount({ aggregates, itemCount = aggregates.length }: NodeOf<'aggregate'>): number {
  return aggregates.length - itemCount;
}

/** `GROUP BY ALL` groups by what holds no aggregate and is no constant. */
function isKey({ expression }: SelectItem): boolean {
  return (
    !anyIn(expression, (node) => node.kind === 'aggregate') && anyIn(expression, (node) => node.kind === 'attribute')
  );
}

/** The keys, each once, and the numbers of the sets. */
function groupingSetsOf(
  node: NodeOf<'aggregate'>,
  keys: readonly SelectItem[],
): { readonly keys: readonly SelectItem[]; readonly masks: readonly number[] } {
  if (node.type !== 'groupingSets')
    return { keys, masks: masksOf(node.type === 'cube' ? 'cube' : 'rollup', keys.length) };
  const distinct: SelectItem[] = [];
  const places = keys.map((key) => {
    const known = distinct.findIndex(({ expression }) => sameExpression(expression, key.expression));
    return known >= 0 ? known : distinct.push(key) - 1;
  });
  const all = 2 ** distinct.length - 1;
  const masks = (node.sets ?? []).map((set) => {
    const kept = new Set(set.map((place) => places[place] ?? 0));
    return [...kept].reduce((left, place) => left - 2 ** (distinct.length - 1 - place), all);
  });
  return { keys: distinct, masks };
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

function resolveKeys(keys: readonly SelectItem[], written: readonly Expression[] = []): readonly SelectItem[] {
  collectingProblems(
    keys.map(
      ({ expression }, i) =>
        () =>
          placed(keys.length === written.length ? positionOf(written[i]) : undefined, () => {
            if (anyIn(expression, (node) => node.kind === 'aggregate')) {
              raise('GROUP_BY_AGGREGATE', { sqlExpr: typedText(expression) });
            }
            if (anyIn(expression, isGenerator)) raise('UNSUPPORTED_GENERATOR.OUTSIDE_SELECT', { plan: 'groupBy' });
            if (expression.type.kind === 'map')
              raise('GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE', { sqlExpr: typedText(expression) });
          }),
    ),
  );
  return keys;
}
