import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { PhysicalPlan } from './plan-builder.ts';
import type { PlannedSource, Scan } from './planned-source.ts';

/** Sends the rows of a block through the stages that read them; gives how many rows they were. */
export function pushBlock(
  { eventTimes }: PhysicalPlan,
  { source, scans: all }: PlannedSource,
  block: ColumnarBlock,
  isWanted: (scan: Scan) => boolean = () => true,
): number {
  const scans = all.filter((scan) => !scan.part.isKept && isWanted(scan));
  if (scans.length === 0) return 0;
  const columns = block.columns(source.columns);
  for (const scan of scans) scan.take(columns, block);
  for (const { stats } of eventTimes) {
    stats.locate((row) => ({ sourceId: source.sourceId, where: block.whereOf(row) }));
  }
  if (source.isStreaming && !scans.some(({ keepsBytes }) => keepsBytes)) block.release?.();
  return block.count * scans.length;
}
