import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { anyIn } from '../../expressions/typed-tree.ts';
import { allOf, conjunctsOf } from '../../optimizer/conjunctions.ts';
import { applyLifts } from '../apply-lifts.ts';
import { castTo } from '../cast-to.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { resolveExpression } from '../resolve-expression.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Lift, Scope } from '../scope.ts';
import { refuseIn, restored } from '../select-items.ts';
import { filteredBySubquery } from '../subqueries/join-subquery.ts';
import { typedText } from '../typed-text.ts';
import { withHiddenColumns } from './hidden-columns.ts';

/** `where`. A column that a `select` just below left out may still be used, as in Spark. */
export function resolveFilter(node: NodeOf<'filter'>, context: NodeContext): ResolvedPlan {
  const input = context.input(node.child);
  return withHiddenColumns(node.child, input, context, (child, scope) => {
    const condition = resolveExpression(node.condition, scope);
    if (scope.lifts.some(({ kind }) => kind === 'over')) {
      raise('QUERY_WINDOW_FUNCTION_IN_WHERE', { filter: typedText(condition) });
    }
    refuseIn('where', condition, { aggregates: true, generators: true });
    if (condition.type.kind !== 'boolean' && condition.type.kind !== 'void') {
      raise('DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN', {
        filter: typedText(condition),
        type: condition.type.kind.toUpperCase(),
      });
    }
    const { plan, rest, lifts } = bySubqueries(child, condition, scope);
    if (rest === undefined) return plan;
    const lifted = applyLifts(plan, lifts);
    const filtered: ResolvedPlan = {
      kind: 'filter',
      child: lifted,
      condition: castTo(rest, { kind: 'boolean' }, scope.site),
      output: lifted.output,
      isStreaming: lifted.isStreaming,
    };
    return restored(filtered, child.output);
  });
}

/** The rows that pass what the condition asks of subqueries alone, and what is left of it. */
function bySubqueries(
  child: ResolvedPlan,
  condition: TypedExpression,
  { lifts }: Scope,
): { readonly plan: ResolvedPlan; readonly rest: TypedExpression | undefined; readonly lifts: readonly Lift[] } {
  if (!lifts.some((lift) => lift.kind === 'subquery')) return { plan: child, rest: condition, lifts };
  const parts = conjunctsOf(condition);
  const alone = parts.flatMap((part) => {
    const isNegated = part.kind === 'call' && part.function.name === 'not';
    const asked = isNegated ? part.args[0] : part;
    const lift = lifts.find(({ attribute }) => asked?.kind === 'attribute' && attribute.id === asked.id);
    return lift?.kind === 'subquery' && lift.form !== 'scalar' ? [{ part, lift, isNegated }] : [];
  });
  const rest = parts.filter((part) => !alone.some((each) => each.part === part));
  // Conditions on columns first: they cost less than a join.
  const plain = allOf(rest.filter((part) => !anyIn(part, (e) => lifts.some(({ attribute }) => attribute === e))));
  const { output, isStreaming } = child;
  const filtered: ResolvedPlan =
    plain === undefined || alone.length === 0
      ? child
      : { kind: 'filter', child, condition: plain, output, isStreaming };
  const plan = alone.reduce((below, { lift, isNegated }) => filteredBySubquery(below, lift, isNegated), filtered);
  const used = new Set<Lift>(alone.map(({ lift }) => lift));
  const left =
    alone.length === 0
      ? rest
      : rest.filter((part) => anyIn(part, (e) => lifts.some(({ attribute }) => attribute === e)));
  return { plan, rest: allOf(left), lifts: lifts.filter((lift) => !used.has(lift)) };
}
