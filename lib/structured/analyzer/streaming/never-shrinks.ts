import { failure, type MillraceError } from '../../../kernel/errors.ts';
import { eventTimeColumn } from '../../operators/event-time.ts';
import type { OutputMode } from '../../plan/user-programs.ts';
import { joinExpiries } from '../../planner/input-watermark.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';

/**
 * Warns of a step whose state only grows. Silent in complete mode, whose meaning is that everything is kept, and about functions of the
 * user, which remove state as they like.
 */
export function neverShrinks(node: ResolvedPlan, mode: OutputMode): readonly MillraceError[] {
  if (!node.isStreaming || mode === 'complete') return [];
  switch (node.kind) {
    case 'aggregate':
      if (node.keys.length === 0 || eventTimeColumn(node.keys) >= 0) return [];
      return [
        warning(
          `the aggregation by ${names(node.keys)}`,
          'no key of it is the event time of a watermark, so no group is ever finished',
          'Group also by a window of a column with withWatermark, unless the number of different keys has a bound',
        ),
      ];
    case 'deduplicate':
      if (node.withinWatermark || eventTimeColumn(node.keys) >= 0) return [];
      return [
        warning(
          `dropDuplicates by ${names(node.keys)}`,
          'no key of it is the event time of a watermark, so every key is remembered for ever',
          'Use dropDuplicatesWithinWatermark, or add the event time to the keys, unless the number of different keys has a bound',
        ),
      ];
    case 'join':
      return join(node);
    default:
      return [];
  }
}

function join(node: Extract<ResolvedPlan, { kind: 'join' }>): readonly MillraceError[] {
  if (!node.left.isStreaming || !node.right.isStreaming) return [];
  const { leftShiftUs, rightShiftUs } = joinExpiries(node);
  const sides = [leftShiftUs === undefined ? 'left' : '', rightShiftUs === undefined ? 'right' : ''].filter(Boolean);
  if (sides.length === 0) return [];
  return [
    warning(
      'the join of two streams',
      `rows of the ${sides.join(' and the ')} side wait for a match for ever`,
      'Give both sides a watermark, and the condition a bound for their times: left.ts BETWEEN right.ts - INTERVAL 1 HOUR AND right.ts',
    ),
  ];
}

function warning(step: string, why: string, mend: string): MillraceError {
  return failure('QUERY_STATE_NEVER_SHRINKS', { step, why, mend });
}

function names(columns: ResolvedPlan['output']): string {
  return columns.map(({ name }) => name).join(', ');
}
