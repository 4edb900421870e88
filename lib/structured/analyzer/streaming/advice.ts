import { failure } from '../../../kernel/errors.ts';
import { eventTimeColumn } from '../../operators/event-time.ts';
import type { OutputMode } from '../../plan/user-programs.ts';
import { inputsOf, nodesOf } from '../plan-tree.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { neverShrinks } from './never-shrinks.ts';

/**
 * What a query that may start does not do, though it looks as if it did: the texts of coded warnings, told once when it starts. Takes
 * the plan that runs, so that what is said of a step is what the step does.
 */
export function streamingAdvice(plan: ResolvedPlan, mode: OutputMode): readonly string[] {
  const watermarks = [...new Set(unusedWatermarks(plan, mode))];
  const advice =
    mode === 'complete' && watermarks.length > 0
      ? [failure('QUERY_WATERMARK_IN_COMPLETE_MODE', {})]
      : watermarks.map((column) => failure('QUERY_WATERMARK_UNUSED', { column }));
  return [...advice, ...[...nodesOf(plan)].flatMap((node) => neverShrinks(node, mode))].map(({ message }) => message);
}

/** The columns of watermarks that no step above them goes by. */
function* unusedWatermarks(plan: ResolvedPlan, mode: OutputMode, isUsedAbove = false): Generator<string> {
  if (plan.kind === 'watermark' && plan.isStreaming && !isUsedAbove) yield plan.column.name;
  for (const input of inputsOf(plan)) {
    yield* unusedWatermarks(input, mode, isUsedAbove || usesWatermark(plan, input, mode));
  }
}

/** Whether a step goes by the watermark of one of its inputs: drops late rows or removes state. */
function usesWatermark(plan: ResolvedPlan, input: ResolvedPlan, mode: OutputMode): boolean {
  switch (plan.kind) {
    case 'aggregate':
      // Late rows are dropped from sessions in every mode.
      return (mode !== 'complete' || plan.session !== undefined) && eventTimeColumn(plan.keys) >= 0;
    case 'deduplicate':
      return eventTimeColumn(input.output) >= 0;
    case 'join':
      return plan.left.isStreaming && plan.right.isStreaming && eventTimeColumn(input.output) >= 0;
    case 'flatMapGroupsWithState':
      return plan.program.timeout === 'EventTimeTimeout';
    case 'transformWithState':
      return plan.program.timeMode === 'EventTime';
    default:
      return false;
  }
}
