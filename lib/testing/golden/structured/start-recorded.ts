import type { QueryOptions } from '../../../structured/backend.ts';
import type { DataFrame } from '../../../structured/data-frame.ts';
import { outputModeOf } from '../../../structured/data-stream-writer.ts';
import type { StreamingQuery } from '../../../structured/query/streaming-query.ts';

/** Starts a query whose batches are handed over as they are, without objects in between. */
export async function startRecorded(
  frame: DataFrame,
  { outputMode, checkpointLocation }: { readonly outputMode: string; readonly checkpointLocation: string },
  take: NonNullable<QueryOptions['foreachBatch']>,
): Promise<StreamingQuery> {
  return await frame.sessionState.backend.start(frame.plan, {
    mode: outputModeOf(outputMode),
    format: 'foreachBatch',
    options: { checkpointLocation },
    partitionBy: [],
    trigger: { kind: 'processingTime', intervalMs: 0 },
    foreachBatch: take,
  });
}
