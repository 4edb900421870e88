import { raise } from '../../kernel/errors.ts';
import type { Attribute, NamedExpression, TypedExpression } from '../expressions/typed-expression.ts';
import { anyIn, sameExpression, transformDown } from '../expressions/typed-tree.ts';
import { collectingProblems } from './analysis-error.ts';
import { applyLifts } from './apply-lifts.ts';
import { newAttribute } from './resolve-expression.ts';
import type { ResolvedPlan } from './resolved-plan.ts';
import type { Lift, Scope } from './scope.ts';
import { projectOver, refuseIn, type SelectItem } from './select-items.ts';
import { typedText } from './typed-text.ts';

export interface Aggregation {
  readonly input: ResolvedPlan;
  readonly keys: readonly SelectItem[];
  /** What is given out; may use keys and aggregates in expressions. */
  readonly items: readonly SelectItem[];
  readonly scope: Scope;
  /** Without a GROUP BY at all: everything is one group. */
  readonly isGlobal?: boolean;
}

/**
 * An aggregation in three layers: key expressions are projected below, the aggregation itself knows columns and aggregate calls only, and
 * what is computed from them is projected above.
 */
export function aggregateOf({ input, keys, items, scope, isGlobal = false }: Aggregation): ResolvedPlan {
  const isAbove = (lift: Lift): boolean => isComputedAbove(lift, keys, items);
  const below = applyLifts(
    input,
    scope.lifts.filter((lift) => !isAbove(lift)),
  );
  const { child, keyed } = projectKeys(below, keys, scope);
  const session = scope.lifts.find((lift) => lift.kind === 'sessionWindow');
  const aggregates: NamedExpression[] = [];
  const aggregateName = new Map(items.map((item) => [item.expression, item.names[0] ?? '']));
  const aboveKeys = (e: TypedExpression): TypedExpression =>
    transformDown(e, (node) => {
      const key = keyed.find(({ expression }) => sameExpression(expression, node));
      if (key !== undefined) return key.attribute;
      if (node.kind !== 'aggregate') return undefined;
      const known = aggregates.find(({ expression }) => sameExpression(expression, node));
      if (known !== undefined) return known.attribute;
      const attribute = newAttribute(aggregateName.get(node) ?? typedText(node), node, () => scope.session.nextId());
      aggregates.push({ expression: node, attribute });
      return attribute;
    });
  const overs = scope.lifts.filter(isAbove).map((lift) => overKeys(lift, aboveKeys));
  const computed = items.map((item) => ({ ...item, expression: aboveKeys(item.expression) }));
  const keyAttributes = distinct(keyed.map(({ attribute }) => attribute));
  checkGrouped(
    items,
    computed,
    [...keyAttributes, ...aggregates.map(({ attribute }) => attribute), ...overs.map((lift) => lift.attribute)],
    isGlobal,
  );
  const output = [...keyAttributes, ...aggregates.map(({ attribute }) => attribute)];
  const aggregate: ResolvedPlan = {
    kind: 'aggregate',
    child,
    keys: keyAttributes,
    aggregates,
    ...(session !== undefined && keyAttributes.some((key) => key.id === session.attribute.id)
      ? { session: session.attribute }
      : {}),
    output,
    isStreaming: child.isStreaming,
  };
  const columns = computed.map((item): NamedExpression => {
    const { expression } = item;
    const name = item.names[0] ?? '';
    if (expression.kind === 'attribute' && expression.name === name) return { expression, attribute: expression };
    return { expression, attribute: newAttribute(name, expression, () => scope.session.nextId()) };
  });
  const isPlain = columns.length === output.length && columns.every(({ attribute }, i) => attribute === output[i]);
  return isPlain && overs.length === 0 ? aggregate : projectOver(applyLifts(aggregate, overs), columns);
}

/** Window functions see the groups, time windows make them; a subquery does, unless a key or an aggregate needs its value. */
function isComputedAbove(lift: Lift, keys: readonly SelectItem[], items: readonly SelectItem[]): boolean {
  if (lift.kind !== 'subquery') return lift.kind === 'over';
  const isUsedIn = (e: TypedExpression): boolean => anyIn(e, (node) => node === lift.attribute);
  return !(
    keys.some(({ expression }) => isUsedIn(expression)) ||
    items.some(({ expression }) => anyIn(expression, (node) => node.kind === 'aggregate' && isUsedIn(node)))
  );
}

interface Key {
  /** As it was written, over the input. */
  readonly expression: TypedExpression;
  readonly attribute: Attribute;
}

/** Adds a column for each key that is none. */
function projectKeys(
  input: ResolvedPlan,
  keys: readonly SelectItem[],
  scope: Scope,
): { readonly child: ResolvedPlan; readonly keyed: readonly Key[] } {
  const added: NamedExpression[] = [];
  const keyed = keys.map((key): Key => {
    const { expression } = key;
    // A renamed column stays the column below: `groupBy(col('a').alias('b'))` names the result above.
    if (expression.kind === 'attribute') return { expression, attribute: expression };
    const known = added.find((other) => sameExpression(other.expression, expression));
    if (known !== undefined) return known;
    const attribute = newAttribute(key.names[0] ?? '', expression, () => scope.session.nextId());
    added.push({ expression, attribute });
    return { expression, attribute };
  });
  if (added.length === 0) return { child: input, keyed };
  const kept = input.output.map((attribute) => ({ expression: attribute, attribute }));
  return { child: projectOver(input, [...kept, ...added]), keyed };
}

function overKeys(lift: Lift, rewrite: (e: TypedExpression) => TypedExpression): Lift {
  if (lift.kind === 'subquery') {
    return { ...lift, pairs: lift.pairs.map(([value, column]) => [rewrite(value), column] as const) };
  }
  if (lift.kind !== 'over') return lift;
  const f = lift.function;
  return {
    ...lift,
    function: 'args' in f ? { ...f, args: f.args.map(rewrite) } : f,
    partitionBy: lift.partitionBy.map(rewrite),
    orderBy: lift.orderBy.map((order) => ({ ...order, child: rewrite(order.child) })),
  };
}

/** Every column that is left must be a key: anything else has many values in a group. */
function checkGrouped(
  items: readonly SelectItem[],
  computed: readonly SelectItem[],
  allowed: readonly Attribute[],
  isGlobal: boolean,
): void {
  const ids = new Set(allowed.map((attribute) => attribute.id));
  collectingProblems(
    computed.map(({ expression }, i) => () => {
      refuseIn('agg', expression, { aggregates: false, generators: true });
      const strange = firstStrange(expression, ids);
      if (strange !== undefined) {
        if (isGlobal) raise('MISSING_GROUP_BY', { expression: typedText(strange) });
        raise('MISSING_AGGREGATION', {
          expression: typedText(strange),
          item: typedText((items[i] as SelectItem).expression),
        });
      }
    }),
  );
}

function firstStrange(e: TypedExpression, allowed: ReadonlySet<number>): Attribute | undefined {
  let found: Attribute | undefined;
  anyIn(e, (node) => {
    if (node.kind !== 'attribute' || allowed.has(node.id)) return false;
    found = node;
    return true;
  });
  return found;
}

function distinct(attributes: readonly Attribute[]): readonly Attribute[] {
  return [...new Map(attributes.map((attribute) => [attribute.id, attribute])).values()];
}
