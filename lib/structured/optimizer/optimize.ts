import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { pushFilters } from './push-filters.ts';

/** One rewrite of a plan: the same rows come out, except where Spark's own rewrites change what moves a watermark. */
export type Rewrite = (plan: ResolvedPlan) => ResolvedPlan;

const rewrites: readonly Rewrite[] = [pushFilters];

/** Rewrites a plan into one that does less work. Columns of the result keep names, order and ids. */
export function optimize(plan: ResolvedPlan): ResolvedPlan {
  return rewrites.reduce((rewritten, rewrite) => rewrite(rewritten), plan);
}
