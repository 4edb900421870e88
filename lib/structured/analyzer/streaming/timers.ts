import { failure, type MillraceError } from '../../../kernel/errors.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { type CheckedQuery, streamingNodes } from './streaming-rule.ts';

/** Timeouts and timers by event time need a watermark, which is what makes the time go on. */
export function timers({ nodes }: CheckedQuery): readonly MillraceError[] {
  const groups = streamingNodes(nodes, 'flatMapGroupsWithState')
    .filter(({ program, child }) => program.timeout === 'EventTimeTimeout' && !hasEventTime(child))
    .map(() =>
      failure('QUERY_EVENT_TIME_WITHOUT_WATERMARK', { operator: 'flatMapGroupsWithState', option: 'EventTimeTimeout' }),
    );
  const processors = streamingNodes(nodes, 'transformWithState')
    .filter(({ program, child }) => program.timeMode === 'EventTime' && !hasEventTime(child))
    .map(() =>
      failure('QUERY_EVENT_TIME_WITHOUT_WATERMARK', { operator: 'transformWithState', option: "timeMode 'EventTime'" }),
    );
  return [...groups, ...processors];
}

function hasEventTime(plan: ResolvedPlan): boolean {
  return plan.output.some((attribute) => attribute.watermarkDelayMs !== undefined);
}
