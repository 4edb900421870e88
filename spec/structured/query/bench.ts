import { ManualClock, Session } from '../../../lib/index.ts';
import type { CheckpointFactory } from '../../../lib/batch/checkpoint.ts';
import { MemoryCheckpoints, memoryStream } from '../../../lib/testing/index.ts';

/** A session on a clock that stands still, with checkpoints in memory that outlive its queries. */
export function bench(
  config: Readonly<Record<string, string>> = {},
  openCheckpoint: CheckpointFactory = new MemoryCheckpoints().open,
) {
  const clock = new ManualClock(1_700_000_000_000);
  const spark = new Session({ clock, openCheckpoint, config: { 'spark.sql.session.timeZone': 'UTC', ...config } });
  return { clock, spark, stream: (schema: string) => memoryStream(spark, schema) };
}

/** The codes of an error and its causes, outermost first. */
export function codes(error: unknown): unknown[] {
  return error instanceof Error ? [(error as { code?: unknown }).code, ...codes(error.cause)] : [];
}
