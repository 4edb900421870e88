import { ManualClock } from '../../lib/kernel/manual-clock.ts';
import type { ResolvedPlan } from '../../lib/structured/analyzer/resolved-plan.ts';
import { compileQuery } from '../../lib/structured/planner/compile-query.ts';
import type { InternalRow } from '../../lib/structured/types/data-type.ts';
import { MemoryStore } from '../../lib/store/memory-store.ts';

/** The rows of a plan over rows at hand, exactly as it stands: nothing is optimized. */
export async function runPlan(plan: ResolvedPlan, mayGenerate = true): Promise<readonly InternalRow[]> {
  const store = new MemoryStore({ clock: new ManualClock() });
  const rows: InternalRow[] = [];
  const context = { batchTimestampUs: 0, partitionId: 0 };
  const setup = { store, mode: 'append', context, ansi: true, timeZone: 'UTC', mayGenerate } as const;
  const query = compileQuery(plan, setup, (row) => rows.push(row));
  query.begin({ batchId: 0, watermarkUs: undefined, lateWatermarkUs: undefined, processingTimeMs: 0 });
  query.finish();
  query.close();
  await store.close();
  return rows;
}
