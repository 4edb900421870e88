import { raise } from '../../../kernel/errors.ts';
import type { Attribute, NamedExpression, TypedExpression } from '../../expressions/typed-expression.ts';
import { allOf } from '../../optimizer/conjunctions.ts';
import { builtCall } from '../built-call.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { SubqueryLift } from '../scope.ts';
import { passedOn, projectOver } from '../select-items.ts';
import { type Domained, domainJoin, sameValues } from './domain-join.ts';
import { isCorrelatedNode, outerReferences } from './outer-references.ts';
import { pullConditions } from './pull-conditions.ts';
import { valuesOfNothing } from './value-of-nothing.ts';

type NextId = () => number;

/** The rows of a plan with the column that a subquery stands for behind them. */
export function withSubquery(child: ResolvedPlan, lift: SubqueryLift): ResolvedPlan {
  const { plan, conditions } = separated(child, lift, lift.nextId);
  if (lift.form === 'scalar') {
    const [column] = lift.plan.output as [Attribute];
    const nothing = conditions.length === 0 ? undefined : valuesOfNothing(lift.plan)?.get(column.id);
    const isNull = nothing === undefined || (nothing.kind === 'literal' && nothing.value === null);
    const there = isNull ? undefined : marker(lift.nextId);
    const right = there === undefined ? plan : projectOver(plan, [...plan.output.map(passedOn), there]);
    const output = [...child.output, ...right.output.map((attribute) => ({ ...attribute, nullable: true }))];
    const joined: ResolvedPlan = { ...joinOf(child, right, conditions), how: 'left', isSingle: true, output };
    const value: TypedExpression = { ...column, nullable: true };
    const expression =
      isNull || there === undefined ? value : orOfNothing(value, { ...there.attribute, nullable: true }, nothing);
    return projectOver(joined, [...child.output.map(passedOn), { expression, attribute: lift.attribute }]);
  }
  return {
    ...joinOf(child, plan, lift.form === 'in' ? [...conditions, ...equalities(lift)] : conditions),
    how: 'existence',
    exists: lift.attribute,
    ...(lift.form === 'notIn' ? { nullAware: lift.pairs } : {}),
    output: [...child.output, lift.attribute],
  };
}

/** A column that is there in every row of the right side of a join, and null where there was none. */
function marker(nextId: NextId): NamedExpression {
  const type = { kind: 'boolean' } as const;
  return {
    expression: { kind: 'literal', value: true, type, nullable: false },
    attribute: { kind: 'attribute', id: nextId(), name: 'there', type, nullable: false, qualifier: [] },
  };
}

/** The value of a row, or what an aggregation gives of no rows. */
function orOfNothing(value: TypedExpression, there: Attribute, nothing: TypedExpression): TypedExpression {
  const { type } = value;
  return { kind: 'case', branches: [[builtCall('isnull', [there]), nothing]], otherwise: value, type, nullable: true };
}

/** The rows of a plan for which a condition that is a subquery alone holds, or its negation. */
export function filteredBySubquery(child: ResolvedPlan, lift: SubqueryLift, isNegated: boolean): ResolvedPlan {
  const { plan, conditions } = separated(child, lift, lift.nextId);
  const isNullAware = lift.form === 'notIn' && lift.pairs.some((pair) => pair.some(({ nullable }) => nullable));
  const all = lift.form === 'exists' || isNullAware ? conditions : [...conditions, ...equalities(lift)];
  return {
    ...joinOf(child, plan, all),
    how: isNegated ? 'leftAnti' : 'leftSemi',
    ...(isNullAware ? { nullAware: lift.pairs } : {}),
    output: child.output,
  };
}

/** Each row of a plan with the rows that a subquery gives for it: a lateral join. */
export function lateralJoin(
  child: ResolvedPlan,
  right: ResolvedPlan,
  how: 'inner' | 'left',
  nextId: NextId,
): ResolvedPlan & { readonly kind: 'join' } {
  const { plan, conditions } = separated(child, { plan: right, form: 'lateral' }, nextId);
  const output = how === 'left' ? plan.output.map((attribute) => ({ ...attribute, nullable: true })) : plan.output;
  return { ...joinOf(child, plan, conditions), how, output: [...child.output, ...output] };
}

/** A subquery that can be computed by itself, and the conditions under which its rows belong to one of the query around it. */
function separated(
  child: ResolvedPlan,
  lift: { readonly plan: ResolvedPlan; readonly form: SubqueryLift['form'] | 'lateral' },
  nextId: NextId,
): { readonly plan: ResolvedPlan; readonly conditions: readonly TypedExpression[] } {
  const outer = new Set(child.output.map(({ id }) => id));
  const asked = lift.form === 'exists' ? withoutColumns(lift.plan, outer) : lift.plan;
  const used = outerReferences(asked, outer);
  if (used.length === 0) return { plan: asked, conditions: [] };
  const mayPull = !hasGlobal(asked) || (lift.form === 'scalar' && valuesOfNothing(asked) !== undefined);
  const pulled = mayPull ? pullConditions(asked, outer, nextId) : undefined;
  if (pulled !== undefined) return pulled;
  if (child.isStreaming)
    raise('QUERY_SUBQUERY_UNSUPPORTED', { reason: 'it must be computed for each row of a stream' });
  const { plan, domain }: Domained = domainJoin(asked, child, nextId);
  const { condition } = sameValues(used, domain);
  return { plan, conditions: condition === undefined ? [] : [condition] };
}

/** What EXISTS asks of does not depend on its columns, or on a limit. */
function withoutColumns(plan: ResolvedPlan, outer: ReadonlySet<number>): ResolvedPlan {
  if (plan.kind === 'project' && isCorrelatedNode(plan, outer)) return withoutColumns(plan.child, outer);
  if (plan.kind === 'limit' && plan.count > 0 && plan.offset === 0) return withoutColumns(plan.child, outer);
  return plan.kind === 'sort' ? withoutColumns(plan.child, outer) : plan;
}

/** Whether there is an aggregation without keys, which gives a row even of no rows. */
function hasGlobal(plan: ResolvedPlan): boolean {
  if (plan.kind === 'aggregate') return plan.keys.length === 0;
  return 'child' in plan && hasGlobal(plan.child);
}

function equalities({ pairs }: SubqueryLift): readonly TypedExpression[] {
  return pairs.map(([value, column]) => builtCall('=', [value, column]));
}

function joinOf(
  left: ResolvedPlan,
  right: ResolvedPlan,
  conditions: readonly TypedExpression[],
): Omit<Extract<ResolvedPlan, { kind: 'join' }>, 'how' | 'output'> {
  const condition = allOf(conditions);
  const { isStreaming } = left;
  return { kind: 'join', left, right, ...(condition === undefined ? {} : { condition }), isStreaming };
}
