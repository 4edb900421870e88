import type { BatchPlan, StateStore } from '../../store/state-store.ts';
import type { StateTable } from '../../store/state-table.ts';
import type { WindowCount } from '../operators/window-counts.ts';

/** The step under which the history stands in the store. */
export const historyOperator = 'watermark';
export const historyTable = 'history';

/** So many batches in which something happened are kept. */
const keptBatches = 1000;

/** What moved the query's watermark: a row, or that the source that held it was silent for too long. */
export interface WatermarkMove {
  readonly column: string;
  readonly isIdle: boolean;
  /** Of the row; microseconds. */
  readonly eventTimeUs?: number;
  /** Name of its source, and its place there; absent where a step between has made it. */
  readonly source?: string;
  readonly where?: Readonly<Record<string, string | number>>;
}

/** What a batch did that somebody may ask about. */
export interface BatchEntry {
  /** In force during the batch. */
  readonly watermarkMs: number;
  readonly lateWatermarkMs: number;
  /** From the next batch on. */
  readonly nextWatermarkMs: number;
  /** What moved it since the batch before, at the end of this one or, for a silent source, before it was planned. */
  readonly move?: WatermarkMove;
  /** What it read of each source, and when it was planned, where that is little: checkpoints of the first versions do not have it. */
  readonly ranges?: BatchPlan['ranges'];
  readonly timestampMs?: number;
  /** By operator: windows that were finished, with their groups. */
  readonly closed: Readonly<Record<string, readonly WindowCount[]>>;
  /** By operator: windows that rows came too late for, with the rows. */
  readonly late: Readonly<Record<string, readonly WindowCount[]>>;
}

/** Ranges of more partitions and files than this are not kept. */
const maxParts = 64;

/** The ranges of a batch, if they are few. */
export function fewRanges(ranges: BatchPlan['ranges']): BatchPlan['ranges'] | undefined {
  const parts = Object.values(ranges).flatMap((list) =>
    list.flatMap(({ until, detail }) => [
      ...Object.keys(until),
      ...(Array.isArray(detail) ? (detail as unknown[]) : []),
    ]),
  );
  return parts.length > maxParts ? undefined : ranges;
}

/** Whether a batch without an entry is known to have dropped nothing, oldest first; else its entry may have been let go. */
export function reachesBack(
  history: readonly (readonly [batchId: number, entry: BatchEntry])[],
  batchId: number,
): boolean {
  return history.length < keptBatches || batchId >= (history[0]?.[0] ?? 0);
}

/**
 * The facts by which `why` answers: durable with each batch that moved the watermark, finished windows or dropped rows. One small value
 * for a batch; the last 1000 are kept.
 */
export class BatchHistory {
  readonly #table: StateTable<number, BatchEntry>;
  readonly #batches: number[] = [];

  constructor(store: StateStore) {
    this.#table = store.table<number, BatchEntry>(historyOperator, historyTable);
    this.#table.forEach((batchId) => this.#batches.push(batchId));
    this.#batches.sort((a, b) => a - b);
  }

  /** While the batch runs: what it writes is durable with the batch. */
  record(batchId: number, entry: BatchEntry): void {
    const isWorthIt =
      entry.move !== undefined || Object.keys(entry.closed).length > 0 || Object.keys(entry.late).length > 0;
    if (!isWorthIt) return;
    this.#table.put(batchId, entry);
    this.#batches.push(batchId);
    if (this.#batches.length > keptBatches) this.#table.remove(this.#batches.shift() as number);
  }
}
