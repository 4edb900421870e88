import { raise } from '../../kernel/errors.ts';
import type { Attribute } from '../expressions/typed-expression.ts';
import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import { logicalInputs } from '../plan/plan-inputs.ts';
import { asAnalysisError } from './analysis-error.ts';
import { type AnalysisSession, siteOf } from './analysis-session.ts';
import type { Analyzed, NodeContext, NodeOf, Rule, ScopeInput } from './node-context.ts';
import { hiddenByUsing } from './hidden-by-using.ts';
import { placed } from './placed.ts';
import type { ResolvedPlan } from './resolved-plan.ts';
import { resolveAggregate } from './rules/aggregate.ts';
import { resolveAlias } from './rules/alias.ts';
import { resolveDeduplicate } from './rules/deduplicate.ts';
import { resolveFilter } from './rules/filter.ts';
import { resolveJoin } from './rules/join.ts';
import { resolveLateralView } from './rules/lateral-view.ts';
import { resolveLimit } from './rules/limit.ts';
import { resolveDropNulls, resolveFillNulls } from './rules/nulls.ts';
import { resolveObserve } from './rules/observe.ts';
import { resolveDrop, resolveProject, resolveRenames, resolveWithColumns } from './rules/project.ts';
import { resolveRelation } from './rules/relation.ts';
import { resolveSetOperation, resolveUnion } from './rules/set-operations.ts';
import { resolveSort } from './rules/sort.ts';
import { resolveLocal, resolveRange, resolveRead } from './rules/sources.ts';
import { resolveGroupState, resolveStatefulProcessor } from './rules/stateful-programs.ts';
import { resolveValues } from './rules/values.ts';
import { resolveWatermark } from './rules/watermark.ts';
import type { Scope } from './scope.ts';

/** One rule for each kind of node: a kind without a rule does not compile. */
const rules: { readonly [K in LogicalNode['kind']]: Rule<K> } = {
  local: resolveLocal,
  read: resolveRead,
  range: resolveRange,
  relation: resolveRelation,
  values: resolveValues,
  lateralView: resolveLateralView,
  project: resolveProject,
  withColumns: resolveWithColumns,
  withColumnsRenamed: resolveRenames,
  drop: resolveDrop,
  filter: resolveFilter,
  watermark: resolveWatermark,
  aggregate: resolveAggregate,
  deduplicate: resolveDeduplicate,
  join: resolveJoin,
  union: resolveUnion,
  setOperation: resolveSetOperation,
  sort: resolveSort,
  limit: resolveLimit,
  sample: (node, { input, session }) =>
    over(input(node.child), {
      kind: 'sample',
      from: node.from ?? 0,
      fraction: node.fraction,
      seed: node.seed ?? session.nextId(),
    }),
  fillNulls: resolveFillNulls,
  dropNulls: resolveDropNulls,
  alias: resolveAlias,
  hint: (node, { input }) => input(node.child),
  observe: resolveObserve,
  flatMapGroupsWithState: resolveGroupState,
  transformWithState: resolveStatefulProcessor,
};

function over(
  child: ResolvedPlan,
  node: { readonly kind: 'sample'; readonly from: number; readonly fraction: number; readonly seed: number },
): ResolvedPlan {
  return { ...node, child, output: child.output, isStreaming: child.isStreaming };
}

/**
 * Each plan is analyzed once in a session: DataFrames made of one another share the ids of their columns. The plan of a subquery is
 * analyzed once for each scope around it.
 */
const known = new WeakMap<AnalysisSession | Scope, WeakMap<LogicalPlan, Analyzed>>();

/**
 * Gives a plan types, columns and functions. A DataFrame calls it as soon as it is made, so problems are raised where they are written:
 * an `AnalysisError` with all problems of the node at once.
 */
export function analyze(plan: LogicalPlan, session: AnalysisSession): ResolvedPlan {
  return analyzed(plan, { session }).plan;
}

/** Where a plan is analyzed: in a session, and as a subquery in the scope around it. */
interface Place {
  readonly session: AnalysisSession;
  readonly outer?: Scope;
}

function analyzed(plan: LogicalPlan, place: Place): Analyzed {
  const key = place.outer ?? place.session;
  let plans = known.get(key);
  if (plans === undefined) known.set(key, (plans = new WeakMap()));
  let result = plans.get(plan);
  if (result === undefined) {
    try {
      const made = placed(plan.position, () => (rules[plan.kind] as Rule<LogicalNode['kind']>)(plan, contextOf(place)));
      result = 'plan' in made ? made : { plan: made };
    } catch (error) {
      // The stack ended: plans are walked by recursion.
      if (error instanceof RangeError) raise('QUERY_PLAN_TOO_DEEP', {}, { cause: error });
      throw asAnalysisError(error);
    }
    plans.set(plan, result);
  }
  return result;
}

function contextOf(place: Place): NodeContext {
  const { session, outer } = place;
  const resolve = (plan: LogicalPlan): ResolvedPlan => analyzed(plan, place).plan;
  const analyzeIn = (plan: LogicalPlan, within: Scope): ResolvedPlan => analyzed(plan, { session, outer: within }).plan;
  return {
    session,
    isSubquery: outer !== undefined,
    input: resolve,
    inputIn: analyzeIn,
    view: (view) => analyzed(view.plan, { session: view.session }).plan,
    scope: (...inputs): Scope => ({
      session,
      site: siteOf(session),
      attributes: inputs.flatMap((input) => ('resolved' in input ? input.resolved : resolve(input)).output),
      columnsOf: (planId) => columnsOf(planId, inputs, place),
      lifts: [],
      variables: [],
      analyzeIn,
      hidden: inputs.flatMap((input) => hiddenByUsing('resolved' in input ? input.resolved : resolve(input))),
      ...(outer === undefined ? {} : { outer }),
    }),
  };
}

function columnsOf(planId: number, inputs: readonly ScopeInput[], place: Place): readonly (readonly Attribute[])[] {
  const byDepth: Attribute[][] = [];
  for (const input of inputs) {
    const [plan, ids] = 'resolved' in input ? [input.plan, input.ids] : [input, undefined];
    for (const { depth, columns } of occurrences(planId, plan, place)) {
      (byDepth[depth] ??= []).push(...columns.map((column) => withId(column, ids)));
    }
  }
  return byDepth.filter((columns) => columns !== undefined);
}

interface Occurrence {
  readonly depth: number;
  readonly columns: readonly Attribute[];
}

/** Where a DataFrame stands in a plan, and its columns as they would arrive: some may have been left out on the way. */
function occurrences(planId: number, plan: LogicalPlan, place: Place): readonly Occurrence[] {
  const { plan: resolved, ids } = analyzed(plan, place);
  if (plan.planId === planId) return [{ depth: 0, columns: resolved.output }];
  // Ids only grow: below a plan there is none that is younger.
  if (plan.planId < planId) return [];
  const inputs = plan.kind === 'relation' ? viewsOf(plan, place.session) : logicalInputs(plan);
  return inputs.flatMap((input, i) =>
    occurrences(planId, input, place).map(({ depth, columns }) => ({
      depth: depth + 1,
      columns: columns.map((column) => withId(column, ids?.[i])),
    })),
  );
}

function viewsOf({ parts }: NodeOf<'relation'>, session: AnalysisSession): readonly LogicalPlan[] {
  const view = session.view(parts);
  return view?.session === session ? [view.plan] : [];
}

function withId(attribute: Attribute, ids: ReadonlyMap<number, number> | undefined): Attribute {
  const id = ids?.get(attribute.id);
  return id === undefined ? attribute : { ...attribute, id };
}
