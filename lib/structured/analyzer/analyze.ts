import type { Attribute } from '../expressions/typed-expression.ts';
import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import { logicalInputs } from '../plan/plan-inputs.ts';
import { asAnalysisError } from './analysis-error.ts';
import { type AnalysisSession, siteOf } from './analysis-session.ts';
import type { Analyzed, NodeContext, Rule, ScopeInput } from './node-context.ts';
import type { ResolvedPlan } from './resolved-plan.ts';
import { resolveAggregate } from './rules/aggregate.ts';
import { resolveDeduplicate } from './rules/deduplicate.ts';
import { resolveFilter } from './rules/filter.ts';
import { resolveJoin } from './rules/join.ts';
import { resolveDropNulls, resolveFillNulls } from './rules/nulls.ts';
import { resolveObserve } from './rules/observe.ts';
import { resolveDrop, resolveProject, resolveRenames, resolveWithColumns } from './rules/project.ts';
import { resolveSetOperation, resolveUnion } from './rules/set-operations.ts';
import { resolveSort } from './rules/sort.ts';
import { resolveLocal, resolveRange, resolveRead } from './rules/sources.ts';
import { resolveGroupState, resolveStatefulProcessor } from './rules/stateful-programs.ts';
import { resolveWatermark } from './rules/watermark.ts';
import type { Scope } from './scope.ts';

/** One rule for each kind of node: a kind without a rule does not compile. */
const rules: { readonly [K in LogicalNode['kind']]: Rule<K> } = {
  local: resolveLocal,
  read: resolveRead,
  range: resolveRange,
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
  limit: (node, { input }) => over(input(node.child), { kind: 'limit', count: node.count, offset: node.offset }),
  sample: (node, { input, session }) =>
    over(input(node.child), { kind: 'sample', fraction: node.fraction, seed: node.seed ?? session.nextId() }),
  fillNulls: resolveFillNulls,
  dropNulls: resolveDropNulls,
  alias: (node, { input }) => {
    const child = input(node.child);
    return { ...child, output: child.output.map((attribute) => qualified(attribute, node.name)) };
  },
  hint: (node, { input }) => input(node.child),
  observe: resolveObserve,
  flatMapGroupsWithState: resolveGroupState,
  transformWithState: resolveStatefulProcessor,
};

function qualified(attribute: Attribute, name: string): Attribute {
  return { ...attribute, qualifier: [name] };
}

function over(
  child: ResolvedPlan,
  node:
    | { readonly kind: 'limit'; readonly count: number; readonly offset: number }
    | { readonly kind: 'sample'; readonly fraction: number; readonly seed: number },
): ResolvedPlan {
  return { ...node, child, output: child.output, isStreaming: child.isStreaming };
}

/** Each plan is analyzed once in a session: DataFrames made of one another share the ids of their columns. */
const known = new WeakMap<AnalysisSession, WeakMap<LogicalPlan, Analyzed>>();

/**
 * Gives a plan types, columns and functions. A DataFrame calls it as soon as it is made, so problems are raised where they are written:
 * an `AnalysisError` with all problems of the node at once.
 */
export function analyze(plan: LogicalPlan, session: AnalysisSession): ResolvedPlan {
  return analyzed(plan, session).plan;
}

function analyzed(plan: LogicalPlan, session: AnalysisSession): Analyzed {
  let plans = known.get(session);
  if (plans === undefined) known.set(session, (plans = new WeakMap()));
  let result = plans.get(plan);
  if (result === undefined) {
    try {
      const made = (rules[plan.kind] as Rule<LogicalNode['kind']>)(plan, contextOf(session));
      result = 'plan' in made ? made : { plan: made };
    } catch (error) {
      throw asAnalysisError(error);
    }
    plans.set(plan, result);
  }
  return result;
}

function contextOf(session: AnalysisSession): NodeContext {
  return {
    session,
    input: (plan) => analyze(plan, session),
    scope: (...inputs): Scope => ({
      session,
      site: siteOf(session),
      attributes: inputs.flatMap((input) => ('resolved' in input ? input.resolved : analyze(input, session)).output),
      columnsOf: (planId) => columnsOf(planId, inputs, session),
      lifts: [],
      variables: [],
    }),
  };
}

function columnsOf(
  planId: number,
  inputs: readonly ScopeInput[],
  session: AnalysisSession,
): readonly (readonly Attribute[])[] {
  const byDepth: Attribute[][] = [];
  for (const input of inputs) {
    const [plan, ids] = 'resolved' in input ? [input.plan, input.ids] : [input, undefined];
    for (const { depth, columns } of occurrences(planId, plan, session)) {
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
function occurrences(planId: number, plan: LogicalPlan, session: AnalysisSession): readonly Occurrence[] {
  const { plan: resolved, ids } = analyzed(plan, session);
  if (plan.planId === planId) return [{ depth: 0, columns: resolved.output }];
  // Ids only grow: below a plan there is none that is younger.
  if (plan.planId < planId) return [];
  return logicalInputs(plan).flatMap((input, i) =>
    occurrences(planId, input, session).map(({ depth, columns }) => ({
      depth: depth + 1,
      columns: columns.map((column) => withId(column, ids?.[i])),
    })),
  );
}

function withId(attribute: Attribute, ids: ReadonlyMap<number, number> | undefined): Attribute {
  const id = ids?.get(attribute.id);
  return id === undefined ? attribute : { ...attribute, id };
}
