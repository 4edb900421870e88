import { raise } from '../../kernel/errors.ts';
import { mapParts, partsOf } from '../expressions/expression-tree.ts';
import type { Expression, SortExpression, TextPosition, WindowSpecification } from '../expressions/expression.ts';
import { nameOf, prettyText } from '../expressions/sql-text.ts';
import { findFunction } from '../functions/registry.ts';
import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import { sqlPlace } from './sql-place.ts';

/** What stands behind GROUP BY. */
export interface Grouping {
  readonly keys: readonly Expression[];
  readonly type: 'groupBy' | 'rollup' | 'cube' | 'groupingSets';
  /** Of `groupingSets`: for each set the places of its keys in `keys`. */
  readonly sets?: readonly (readonly number[])[];
  readonly isByAll?: boolean;
}

/** One SELECT as it was written. */
export interface Select {
  readonly items: readonly Expression[];
  readonly isDistinct: boolean;
  readonly from?: LogicalPlan;
  readonly where?: Expression;
  readonly grouping?: Grouping;
  readonly having?: Expression;
  readonly order: readonly SortExpression[];
  /** What the WINDOW clause has named. */
  readonly windows: ReadonlyMap<string, WindowSpecification>;
  readonly position: TextPosition;
  /** Up to the end of WHERE. */
  readonly filterPosition: TextPosition;
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
    select.where === undefined
      ? source
      : maker.node({ kind: 'filter', child: source, condition: select.where, position: select.filterPosition });
  const isAggregation =
    select.grouping !== undefined ||
    select.having !== undefined ||
    [...select.items, ...select.order].some(hasAggregate);
  if (isAggregation) return aggregated(select, filtered, maker);
  const project = maker.node({ kind: 'project', child: filtered, columns: select.items });
  const order = select.order.map((item) => ({ ...item, child: orderItem(item.child, select.items) }));
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
    const sorted = orderItem(item.child, items);
    return { ...item, child: sorted.kind === 'star' || isItem(sorted, items) ? sorted : hide(sorted) };
  });
  let plan = maker.node({
    kind: 'aggregate',
    child,
    grouping: (grouping?.keys ?? []).map((key) => groupingKey(key, items)),
    type: grouping?.type ?? 'groupBy',
    ...(grouping?.sets === undefined ? {} : { sets: grouping.sets }),
    ...(grouping?.isByAll === true ? { isByAll: true, itemCount: items.length } : {}),
    position: select.position,
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

/** `GROUP BY 1`: the item at that place. */
function groupingKey(e: Expression, items: readonly Expression[]): Expression {
  const index = ordinalOf(e);
  if (index === undefined) return e;
  const where = e.kind === 'literal' && e.position !== undefined ? sqlPlace(e.position) : {};
  if (items.some(({ kind }) => kind === 'star')) return raise('STAR_GROUP_BY_POS', {}, { where });
  const item = items[index - 1];
  if (item === undefined) return raise('GROUP_BY_POS_OUT_OF_RANGE', { index, size: items.length }, { where });
  if (hasAggregate(item)) {
    return raise('GROUP_BY_POS_AGGREGATE', { index, aggExpr: prettyText(withoutAlias(item)) }, { where });
  }
  return withoutAlias(item);
}

/** `ORDER BY 2`: the item at that place; `ALL` is all of them. */
function orderItem(e: Expression, items: readonly Expression[]): Expression {
  if (e.kind === 'name' && e.parts.length === 1 && /^all$/iu.test(e.parts[0] ?? '') && !isItem(e, items)) {
    return { kind: 'star', qualifier: [] };
  }
  const index = ordinalOf(e);
  // Of a star the places are known when its columns are.
  if (index === undefined || items.some(({ kind }) => kind === 'star')) return e;
  const item = items[index - 1];
  if (item === undefined) {
    const where = e.kind === 'literal' && e.position !== undefined ? sqlPlace(e.position) : {};
    return raise('ORDER_BY_POS_OUT_OF_RANGE', { index, size: items.length }, { where });
  }
  return item.kind === 'alias' ? { kind: 'name', parts: [item.names[0] ?? ''] } : item;
}

function ordinalOf(e: Expression): number | undefined {
  return e.kind === 'literal' && e.type.kind === 'int' ? Number(e.value) : undefined;
}

function withoutAlias(item: Expression): Expression {
  return item.kind === 'alias' ? item.child : item;
}

/** Whether a column of the result has this name or is this expression. */
function isItem(e: Expression, items: readonly Expression[]): boolean {
  return e.kind === 'name' && e.parts.length === 1 && items.some((item) => isSameName(nameOf(item), e.parts[0] ?? ''));
}

/** The expression with items in place of their aliases. */
function withAliases(e: Expression, items: readonly Expression[]): Expression {
  if (e.kind === 'name') {
    const [name = ''] = e.parts;
    const item = items.find(
      (one) => one.kind === 'alias' && e.parts.length === 1 && isSameName(one.names[0] ?? '', name),
    );
    return item?.kind === 'alias' ? item.child : e;
  }
  return e.kind === 'call' && isAggregate(e) ? e : mapParts(e, (part) => withAliases(part, items));
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether an aggregate is computed in it: over a window it is computed of rows, but what it is given may be one. */
function hasAggregate(e: Expression): boolean {
  if (e.kind === 'over') {
    const given = partsOf(e);
    return given.some((part) => (part === e.child ? partsOf(part).some(hasAggregate) : hasAggregate(part)));
  }
  return (e.kind === 'call' && isAggregate(e)) || partsOf(e).some(hasAggregate);
}

function isAggregate(e: Extract<Expression, { kind: 'call' }>): boolean {
  return findFunction(e.name)?.body.kind === 'aggregate';
}
