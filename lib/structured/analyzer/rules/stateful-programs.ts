import type { Attribute } from '../../expressions/typed-expression.ts';
import type { Expression } from '../../expressions/expression.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { applyLifts } from '../apply-lifts.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { namedOf, passedOn, projectOver, refuseIn, resolveItems } from '../select-items.ts';
import { attributesOf } from './sources.ts';

export function resolveGroupState(node: NodeOf<'flatMapGroupsWithState'>, context: NodeContext): ResolvedPlan {
  const { child, keys, rows } = grouped(node.child, node.grouping, context);
  const output = attributesOf(node.program.outputSchema, context.session);
  return {
    kind: 'flatMapGroupsWithState',
    child,
    keys,
    rows,
    program: node.program,
    output,
    isStreaming: child.isStreaming,
  };
}

export function resolveStatefulProcessor(node: NodeOf<'transformWithState'>, context: NodeContext): ResolvedPlan {
  const { child, keys, rows } = grouped(node.child, node.grouping, context);
  const output = attributesOf(node.program.outputSchema, context.session);
  const initial = node.initialState && grouped(node.initialState, node.grouping, context);
  return {
    kind: 'transformWithState',
    child,
    keys,
    rows,
    program: node.program,
    ...(initial === undefined ? {} : { initialState: { plan: initial.child, keys: initial.keys } }),
    output,
    isStreaming: child.isStreaming,
  };
}

/** Keys as columns; those that had to be computed stand behind the columns that the function sees. */
function grouped(
  plan: LogicalPlan,
  grouping: readonly Expression[],
  context: NodeContext,
): { readonly child: ResolvedPlan; readonly keys: readonly Attribute[]; readonly rows: readonly Attribute[] } {
  const input = context.input(plan);
  const scope = context.scope(plan);
  const items = resolveItems(grouping, scope);
  for (const { expression } of items) refuseIn('groupBy', expression, { aggregates: true, generators: true });
  const lifted = applyLifts(input, scope.lifts);
  const named = items.map((item) => namedOf(item, scope));
  const given = new Set(lifted.output.map((attribute) => attribute.id));
  const added = named.filter(({ attribute }) => !given.has(attribute.id));
  const child = added.length === 0 ? lifted : projectOver(lifted, [...lifted.output.map(passedOn), ...added]);
  return { child, keys: named.map(({ attribute }) => attribute), rows: input.output };
}
