import { raise } from '../../../kernel/errors.ts';
import type { AnalysisSession } from '../analysis-session.ts';
import type { Analyzed, NodeContext, NodeOf } from '../node-context.ts';
import { transformPlan, withNewIds } from '../plan-tree.ts';
import { quoted } from '../resolve-name.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';

/** A view by its name. In a subquery, and from another session, it gets columns of its own: the query around it may read the same view. */
export function resolveRelation(node: NodeOf<'relation'>, context: NodeContext): Analyzed {
  const { session } = context;
  const view = session.view(node.parts);
  if (view === undefined) {
    return raise('TABLE_OR_VIEW_NOT_FOUND', {
      relationName: quoted(node.parts),
      known: session.viewNames().join(', ') || 'none',
    });
  }
  const plan = context.view(view);
  if (plan.output.some(({ type }) => type.kind === 'time')) raise('UNSUPPORTED_TIME_TYPE', {});
  const isOfOther = view.session !== session;
  if (!context.isSubquery && !isOfOther) return { plan };
  const copy = withNewIds(plan, () => session.nextId());
  return isOfOther ? { plan: withOwnSources(copy.plan, session) } : { plan: copy.plan, ids: [copy.ids] };
}

/** Ids of another session say nothing in this one: its sources are numbered anew, one that is read twice as one. */
function withOwnSources(plan: ResolvedPlan, session: AnalysisSession): ResolvedPlan {
  const ids = new Map<number, number>();
  return transformPlan(plan, (node) => {
    if (node.kind !== 'read') return node;
    const sourceId = ids.get(node.sourceId) ?? session.nextId();
    ids.set(node.sourceId, sourceId);
    return { ...node, sourceId };
  });
}
