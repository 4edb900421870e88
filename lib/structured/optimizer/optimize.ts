import { raise } from '../../kernel/errors.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { CallSite } from '../functions/define-function.ts';
import { collapseProjects } from './collapse-projects.ts';
import { foldConstants } from './fold-constants.ts';
import { inferNotNull } from './infer-not-null.ts';
import { pruneColumns } from './prune-columns.ts';
import { pushFilters } from './push-filters.ts';
import { simplifyConditions } from './simplify-conditions.ts';

/**
 * Rewrites a plan into one that does less work. Columns of the result keep names, order and ids, and the rows are the same, but for one
 * rewrite that is Spark's: a filter that does not mention the event time sinks below `withWatermark`.
 *
 * Constants are folded only when the site is given for which they are computed. `keepsColumns`: rows are whole where they come to a step
 * that may find them late. `keepsTimes`: at least their event times are there.
 */
export function optimize(
  plan: ResolvedPlan,
  site?: CallSite,
  options: { readonly keepsColumns?: boolean; readonly keepsTimes?: boolean } = {},
): ResolvedPlan {
  try {
    return rewritten(plan, site, options);
  } catch (error) {
    // The stack ended: plans are walked by recursion.
    if (error instanceof RangeError) raise('QUERY_PLAN_TOO_DEEP', {}, { cause: error });
    throw error;
  }
}

function rewritten(
  plan: ResolvedPlan,
  site: CallSite | undefined,
  { keepsColumns = false, keepsTimes = false }: NonNullable<Parameters<typeof optimize>[2]>,
): ResolvedPlan {
  const folded = site === undefined ? plan : foldConstants(plan, site);
  const pruned = (current: ResolvedPlan): ResolvedPlan => pruneColumns(current, keepsTimes ? 'shown' : 'judged');
  const prune = keepsColumns ? [] : [pruned, collapseProjects];
  const rewrites = [simplifyConditions, inferNotNull, pushFilters, collapseProjects, ...prune];
  return rewrites.reduce((current, rewrite) => rewrite(current), folded);
}
