import { raise } from '../../kernel/errors.ts';
import type { Expression, SortExpression } from '../expressions/expression.ts';
import { nameOf } from '../expressions/sql-text.ts';
import { findFunction } from '../functions/registry.ts';
import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';

/** One SELECT as it was written. */
export interface Select {
  readonly items: readonly Expression[];
  readonly isDistinct: boolean;
  readonly from?: LogicalPlan;
  readonly where?: Expression;
  readonly grouping?: { readonly keys: readonly Expression[]; readonly type: 'groupBy' | 'rollup' | 'cube' };
  readonly having?: Expression;
  readonly order: readonly SortExpression[];
}

interface NodeMaker {
  node(node: LogicalNode): LogicalPlan;
}

/**
 * The plan of a SELECT: filter, projection or aggregation, HAVING, DISTINCT, order. What HAVING and ORDER BY need of an aggregation beyond
 * its columns is computed beside them, and left out again.
 */
export function selectPlan(select: Select, maker: NodeMaker): LogicalPlan {
  const source = select.from ?? maker.node({ kind: 'local', schema: { kind: 'struct', fields: [] }, rows: [[]] });
  const filtered =
    select.where === undefined ? source : maker.node({ kind: 'filter', child: source, condition: select.where });
  const isAggregation =
    select.grouping !== undefined ||
    select.having !== undefined ||
    [...select.items, ...select.order].some(hasAggregate);
  if (isAggregation) return aggregated(select, filtered, maker);
  const project = maker.node({ kind: 'project', child: filtered, columns: select.items });
  const order = select.order.map((item) => ({ ...item, child: byOrdinal(item.child, select.items) }));
  return ordered(distinct(project, select, maker), order, maker);
}

function aggregated(select: Select, child: LogicalPlan, maker: NodeMaker): LogicalPlan {
  const { items, grouping } = select;
  const hidden: { readonly name: string; readonly expression: Expression }[] = [];
  const hide = (e: Expression): Expression => {
    const name = `__hidden${hidden.length}`;
    hidden.push({ name, expression: withAliases(e, items) });
    return { kind: 'name', parts: [name] };
  };
  const having = select.having === undefined ? undefined : hide(select.having);
  const order = select.order.map((item) => {
    const sorted = byOrdinal(item.child, items);
    return { ...item, child: isItem(sorted, items) ? sorted : hide(sorted) };
  });
  let plan = maker.node({
    kind: 'aggregate',
    child,
    grouping: (grouping?.keys ?? []).map((key) => byOrdinal(key, items)),
    type: grouping?.type ?? 'groupBy',
    aggregates: [
      ...items,
      ...hidden.map(({ name, expression }): Expression => ({ kind: 'alias', child: expression, names: [name] })),
    ],
    isSelect: true,
  });
  if (having !== undefined) plan = maker.node({ kind: 'filter', child: plan, condition: having });
  // Rows that differ in a hidden column only are one row: DISTINCT comes behind the order then.
  plan = hidden.length === 0 ? ordered(distinct(plan, select, maker), order, maker) : ordered(plan, order, maker);
  if (hidden.length === 0) return plan;
  const columns = hidden.map(({ name }): Expression => ({ kind: 'name', parts: [name] }));
  return distinct(maker.node({ kind: 'drop', child: plan, columns }), select, maker);
}

function distinct(plan: LogicalPlan, { isDistinct }: Select, maker: NodeMaker): LogicalPlan {
  return isDistinct ? maker.node({ kind: 'deduplicate', child: plan, withinWatermark: false }) : plan;
}

function ordered(plan: LogicalPlan, order: readonly SortExpression[], maker: NodeMaker): LogicalPlan {
  return order.length === 0 ? plan : maker.node({ kind: 'sort', child: plan, order });
}

/** `GROUP BY 1`, `ORDER BY 2`: the item at that place. */
function byOrdinal(e: Expression, items: readonly Expression[]): Expression {
  if (e.kind !== 'literal' || e.type.kind !== 'int') return e;
  const item = items[Number(e.value) - 1];
  if (item === undefined || items.some(({ kind }) => kind === 'star')) {
    return raise('GROUP_BY_POS_OUT_OF_RANGE', { index: Number(e.value), size: items.length });
  }
  return item.kind === 'alias' ? item.child : item;
}

/** Whether a column of the result has this name or is this expression. */
function isItem(e: Expression, items: readonly Expression[]): boolean {
  return e.kind === 'name' && e.parts.length === 1 && items.some((item) => isSameName(nameOf(item), e.parts[0] ?? ''));
}

/** The expression with items in place of their aliases. */
function withAliases(e: Expression, items: readonly Expression[]): Expression {
  const again = (child: Expression): Expression => withAliases(child, items);
  switch (e.kind) {
    case 'name': {
      const [name = ''] = e.parts;
      const item = items.find(
        (one) => one.kind === 'alias' && e.parts.length === 1 && isSameName(one.names[0] ?? '', name),
      );
      return item?.kind === 'alias' ? item.child : e;
    }
    case 'call':
      return isAggregate(e) ? e : { ...e, args: e.args.map(again) };
    case 'cast':
      return { ...e, child: again(e.child) };
    case 'extract':
      return { ...e, child: again(e.child), key: again(e.key) };
    case 'case':
      return {
        ...e,
        branches: e.branches.map(([condition, value]) => [again(condition), again(value)] as const),
        ...(e.otherwise === undefined ? {} : { otherwise: again(e.otherwise) }),
      };
    default:
      return e;
  }
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function hasAggregate(e: Expression): boolean {
  switch (e.kind) {
    case 'call':
      return isAggregate(e) || e.args.some(hasAggregate);
    case 'cast':
    case 'alias':
    case 'sort':
      return hasAggregate(e.child);
    case 'extract':
      return hasAggregate(e.child) || hasAggregate(e.key);
    case 'case':
      return [...e.branches.flat(), ...(e.otherwise === undefined ? [] : [e.otherwise])].some(hasAggregate);
    default:
      return false;
  }
}

function isAggregate(e: Extract<Expression, { kind: 'call' }>): boolean {
  return findFunction(e.name)?.body.kind === 'aggregate';
}
