import type { ColumnVector, ColumnarBlock } from '../../io/columnar-block.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { QuerySource } from '../operators/compiled-query.ts';
import type { PlanPart } from './plan-part.ts';

export type ReadPlan = Extract<ResolvedPlan, { kind: 'read' }>;

/** A source of the plan, and the stages that read it. */
export interface PlannedSource {
  source: QuerySource;
  readonly node: ReadPlan;
  readonly scans: Scan[];
}

export interface Scan {
  /** Where its columns stand among those of the source. */
  take(columns: readonly ColumnVector[], block: ColumnarBlock): void;
  /** Whether views of a block's bytes may be kept. */
  readonly keepsBytes: boolean;
  readonly part: PlanPart;
}

/** A stage that reads some columns of a source. */
export interface PendingScan {
  readonly names: readonly string[];
  readonly block: (columns: readonly ColumnVector[], block: ColumnarBlock) => void;
  readonly keepsBytes: boolean;
  readonly part: PlanPart;
}

/** A source with the columns that its stages read, each column once. */
export function plannedSource({
  node,
  names,
  scans,
}: {
  readonly node: ReadPlan;
  readonly names: ReadonlySet<string>;
  readonly scans: readonly PendingScan[];
}): PlannedSource {
  const columns = [...names];
  return {
    node,
    source: {
      sourceId: node.sourceId,
      isStreaming: node.isStreaming ?? false,
      format: node.format,
      options: node.options,
      schema: node.schema,
      columns,
      ...(node.source === undefined ? {} : { source: node.source }),
    },
    scans: scans.map((scan) => {
      const at = scan.names.map((name) => columns.indexOf(name));
      return {
        keepsBytes: scan.keepsBytes,
        part: scan.part,
        take(vectors, block) {
          scan.block(
            at.map((i) => vectors[i] as ColumnVector),
            block,
          );
        },
      };
    }),
  };
}
