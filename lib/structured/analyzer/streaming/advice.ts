import type { OutputMode } from '../../plan/user-programs.ts';
import { nodesOf } from '../plan-tree.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';

/** What a query that may start does not do, though it looks as if it did: told when it starts. */
export function streamingAdvice(plan: ResolvedPlan, mode: OutputMode): readonly string[] {
  const hasWatermark = [...nodesOf(plan)].some(({ kind }) => kind === 'watermark');
  return mode === 'complete' && hasWatermark
    ? [
        'In complete mode the watermark has no effect: no row is dropped as late and no state is removed, so the result grows for ever. Use append or update mode for state that is cleaned.',
      ]
    : [];
}
