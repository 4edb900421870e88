import type { Attribute, NamedExpression, TypedExpression } from '../expressions/typed-expression.ts';
import { transformUp } from '../expressions/typed-tree.ts';
import type { ResolvedPlan } from './resolved-plan.ts';

/** The inputs of a plan node, left to right. */
export function inputsOf(plan: ResolvedPlan): readonly ResolvedPlan[] {
  switch (plan.kind) {
    case 'local':
    case 'read':
    case 'range':
      return [];
    case 'join':
    case 'setOperation':
      return [plan.left, plan.right];
    case 'union':
      return plan.children;
    case 'transformWithState':
      return plan.initialState === undefined ? [plan.child] : [plan.child, plan.initialState.plan];
    default:
      return [plan.child];
  }
}

/** The same node over other inputs, as many as it has. */
export function withInputs(plan: ResolvedPlan, inputs: readonly ResolvedPlan[]): ResolvedPlan {
  if (inputsOf(plan).every((input, i) => input === inputs[i])) return plan;
  const at = (i: number): ResolvedPlan => inputs[i] as ResolvedPlan;
  switch (plan.kind) {
    case 'local':
    case 'read':
    case 'range':
      return plan;
    case 'join':
    case 'setOperation':
      return { ...plan, left: at(0), right: at(1) };
    case 'union':
      return { ...plan, children: inputs };
    case 'transformWithState':
      return plan.initialState === undefined
        ? { ...plan, child: at(0) }
        : { ...plan, child: at(0), initialState: { ...plan.initialState, plan: at(1) } };
    default:
      return { ...plan, child: at(0) };
  }
}

/** Replaces plans from the leaves up. */
export function transformPlan(plan: ResolvedPlan, f: (node: ResolvedPlan) => ResolvedPlan): ResolvedPlan {
  return f(
    withInputs(
      plan,
      inputsOf(plan).map((input) => transformPlan(input, f)),
    ),
  );
}

/** All nodes of a plan, each before its inputs. */
export function* nodesOf(plan: ResolvedPlan): Generator<ResolvedPlan> {
  yield plan;
  for (const input of inputsOf(plan)) yield* nodesOf(input);
}

/** The expressions of a node that compute something: columns, conditions, aggregates. */
export function expressionsOf(plan: ResolvedPlan): readonly TypedExpression[] {
  switch (plan.kind) {
    case 'project':
      return plan.columns.map(({ expression }) => expression);
    case 'filter':
      return [plan.condition];
    case 'generate':
      return plan.args;
    case 'expand':
      return plan.projections.flat();
    case 'aggregate':
      return plan.aggregates.map(({ expression }) => expression);
    case 'join':
      return joinExpressions(plan);
    case 'sort':
      return plan.order.map(({ child }) => child);
    case 'windowFunctions':
      return plan.functions.map(({ expression }) => expression);
    case 'observe':
      return plan.metrics.map(({ expression }) => expression);
    default:
      return [];
  }
}

/** What a join compares. */
export function joinExpressions({
  condition,
  nullAware = [],
}: Extract<ResolvedPlan, { kind: 'join' }>): readonly TypedExpression[] {
  return [...(condition === undefined ? [] : [condition]), ...nullAware.flat()];
}

/** A node with each of its expressions replaced; what it gives out is replaced by `attribute`. */
export function mapExpressions(
  plan: ResolvedPlan,
  expression: (e: TypedExpression) => TypedExpression,
  attribute: (a: Attribute) => Attribute = (a) => a,
): ResolvedPlan {
  const key = (a: Attribute): Attribute => {
    const replaced = expression(a);
    return replaced.kind === 'attribute' ? replaced : a;
  };
  const named = <T extends NamedExpression>(item: T): T => ({
    ...item,
    expression: expression(item.expression),
    attribute: attribute(item.attribute),
  });
  const output = plan.output.map(attribute);
  switch (plan.kind) {
    case 'project':
      return { ...plan, output, columns: plan.columns.map(named) };
    case 'filter':
      return { ...plan, output, condition: expression(plan.condition) };
    case 'watermark':
      return { ...plan, output, column: key(plan.column) };
    case 'generate':
      return { ...plan, output, args: plan.args.map(expression), columns: plan.columns.map(attribute) };
    case 'expand':
      return { ...plan, output, projections: plan.projections.map((projection) => projection.map(expression)) };
    case 'aggregate':
      return {
        ...plan,
        output,
        keys: plan.keys.map(key),
        aggregates: plan.aggregates.map(named),
        ...(plan.session === undefined ? {} : { session: key(plan.session) }),
      };
    case 'deduplicate':
      return { ...plan, output, keys: plan.keys.map(key) };
    case 'join':
      return {
        ...plan,
        output,
        ...(plan.condition === undefined ? {} : { condition: expression(plan.condition) }),
        ...(plan.exists === undefined ? {} : { exists: attribute(plan.exists) }),
        ...(plan.nullAware === undefined
          ? {}
          : { nullAware: plan.nullAware.map(([left, right]) => [expression(left), expression(right)] as const) }),
      };
    case 'sort':
      return { ...plan, output, order: plan.order.map((order) => ({ ...order, child: expression(order.child) })) };
    case 'windowFunctions':
      return {
        ...plan,
        output,
        partitionBy: plan.partitionBy.map(expression),
        orderBy: plan.orderBy.map((order) => ({ ...order, child: expression(order.child) })),
        functions: plan.functions.map(named),
      };
    case 'observe':
      return { ...plan, output, metrics: plan.metrics.map(named) };
    case 'flatMapGroupsWithState':
      return { ...plan, output, keys: plan.keys.map(key), rows: plan.rows.map(key) };
    case 'transformWithState':
      return {
        ...plan,
        output,
        keys: plan.keys.map(key),
        rows: plan.rows.map(key),
        ...(plan.initialState === undefined
          ? {}
          : { initialState: { ...plan.initialState, keys: plan.initialState.keys.map(key) } }),
      };
    default:
      return { ...plan, output };
  }
}

/**
 * A copy of a plan whose attributes all have new ids, and what became of each old one: for the right side of a join with itself. Reads
 * keep their source.
 */
export function withNewIds(
  plan: ResolvedPlan,
  nextId: () => number,
): { readonly plan: ResolvedPlan; readonly ids: ReadonlyMap<number, number> } {
  const ids = new Map<number, number>();
  const fresh = (a: Attribute): Attribute => {
    let id = ids.get(a.id);
    if (id === undefined) ids.set(a.id, (id = nextId()));
    return { ...a, id };
  };
  const copied = transformPlan(plan, (node) =>
    mapExpressions(node, (e) => transformUp(e, (part) => (part.kind === 'attribute' ? fresh(part) : part)), fresh),
  );
  return { plan: copied, ids };
}
