import { raise } from '../../kernel/errors.ts';
import type { BatchPlan, CommitRecord, ProgramRecord, ReadonlyMapLike } from '../../store/state-store.ts';
import { type BatchEntry, historyOperator, historyTable } from './batch-history.ts';
import type { QueryRecord, WatermarkRecord } from './checkpoint-match.ts';

/** What an answer is drawn from: one committed moment of a query, running or not. */
export interface WhyView {
  readonly program: ProgramRecord | undefined;
  /** Retained commits, oldest first. */
  readonly commits: readonly CommitRecord[];
  /** What the last committed batches have read, oldest first. */
  readonly plans: readonly BatchPlan[];
  /** A table as of a retained version, the last one unless told otherwise. */
  table<K, V>(operator: string, name: string, version?: number): ReadonlyMapLike<K, V>;
}

/** Gives moments of a query. Nothing of a moment may be used after `body` has returned. */
export interface WhyMoments {
  read<T>(body: (view: WhyView) => T): T;
}

/** What the answers of one view have in common. */
export interface WhyFacts {
  readonly query: QueryRecord;
  readonly mode: string;
  readonly isAppend: boolean;
  readonly watermarks: readonly WatermarkRecord[];
  /** Of the last batch that was committed, and of the next one. */
  readonly watermarkMs: number;
  readonly nextWatermarkMs: number;
  readonly nodeWatermarksMs: readonly number[];
  /** Oldest first. */
  readonly history: readonly (readonly [batchId: number, entry: BatchEntry])[];
  /** Of times in keys. */
  readonly zone: string;
}

export function factsOf({ program, commits, table }: WhyView, zone: string): WhyFacts {
  const query = program?.meta?.['query'] as QueryRecord | undefined;
  if (query === undefined) return raise('WHY_NO_QUERY', { name: program?.appName ?? 'this checkpoint' });
  const meta = commits.at(-1)?.meta ?? {};
  const history = [...table<number, BatchEntry>(historyOperator, historyTable).entries()];
  const mode = query.mode ?? 'append';
  return {
    query,
    mode,
    isAppend: mode === 'append',
    watermarks: query.watermarks ?? [],
    watermarkMs: (meta['watermarkMs'] as number | undefined) ?? 0,
    nextWatermarkMs: (meta['nextWatermarkMs'] as number | undefined) ?? 0,
    nodeWatermarksMs: (meta['nodeWatermarks'] as readonly number[] | undefined) ?? [],
    history: history.toSorted(([one], [other]) => one - other),
    zone,
  };
}
