import { failure } from '../../../kernel/errors.ts';
import type { OutputMode } from '../../plan/user-programs.ts';
import { raiseAll } from '../analysis-error.ts';
import { nodesOf } from '../plan-tree.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { chainedAggregations } from './chained-aggregations.ts';
import { chainedState } from './chained-state.ts';
import { deduplicateWithinWatermark } from './deduplicate-within-watermark.ts';
import { distinctAggregates } from './distinct-aggregates.ts';
import { groupStateMode } from './group-state-mode.ts';
import { limits } from './limits.ts';
import { outputMode } from './output-mode.ts';
import { rowNumbers } from './row-numbers.ts';
import { sampling } from './sampling.ts';
import { sessionWindows } from './session-windows.ts';
import { setOperations } from './set-operations.ts';
import { sorting } from './sorting.ts';
import { staticJoins } from './static-joins.ts';
import { streamJoins } from './stream-joins.ts';
import { type StreamingRule, streamingNodes } from './streaming-rule.ts';
import { timers } from './timers.ts';
import { unions } from './unions.ts';
import { watermarkRedefined } from './watermark-redefined.ts';
import { windowFunctions } from './window-functions.ts';

const rules: readonly StreamingRule[] = [
  outputMode,
  chainedAggregations,
  chainedState,
  groupStateMode,
  timers,
  sessionWindows,
  distinctAggregates,
  deduplicateWithinWatermark,
  streamJoins,
  staticJoins,
  unions,
  setOperations,
  limits,
  sorting,
  sampling,
  rowNumbers,
  windowFunctions,
  watermarkRedefined,
];

/**
 * Refuses a query that cannot run as a stream in a mode, with all its problems at once. What Spark finds only while the first batch is
 * planned is found here too: nothing is refused after the start.
 */
export function checkStreaming(plan: ResolvedPlan, mode: OutputMode): void {
  if (!plan.isStreaming) {
    raiseAll([failure('WRITE_STREAM_NOT_ALLOWED', {})]);
    return;
  }
  const nodes = [...nodesOf(plan)];
  const query = { plan, mode, nodes, aggregates: streamingNodes(nodes, 'aggregate') };
  raiseAll(rules.flatMap((rule) => rule(query)));
}
