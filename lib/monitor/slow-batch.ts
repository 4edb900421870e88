import type { BatchFacts, ProgressFacts } from './facts.ts';

/** A batch is worth a word when it took so many times the usual, and more than a few milliseconds. */
const timesUsual = 2;
const leastMs = 20;

/**
 * Why a batch of a StreamingContext took longer than its neighbours, or than its interval; undefined when it did neither.
 *
 * What is compared are figures of the batch with the median of those before it: the records, the output operations, the commit, and the
 * wait behind the batch before.
 */
export function slowBatch(batch: BatchFacts, before: readonly BatchFacts[], intervalMs: number): string | undefined {
  const { processingTimeMs: took, schedulingDelayMs: waited = 0 } = batch;
  if (took === undefined) return undefined;
  // Told for every batch, asked for by few: what is usual is looked up only for those that may be slow.
  const mayBeSlow = took > Math.min(leastMs, intervalMs);
  const usual = mayBeSlow ? median(before.flatMap(({ processingTimeMs }) => processingTimeMs ?? [])) : undefined;
  const isSlow = took > intervalMs || (usual !== undefined && took > Math.max(leastMs, timesUsual * usual));
  if (!isSlow) return waited > intervalMs ? `It waited ${waited} ms behind the batches before it.` : undefined;
  const reasons: string[] = [];
  const over = took > intervalMs ? `It took ${took} ms of an interval of ${intervalMs} ms` : `It took ${took} ms`;
  reasons.push(usual === undefined ? over : `${over}, where ${round(usual)} ms are usual`);
  const records = median(before.map((other) => other.records));
  if (records !== undefined && batch.records > timesUsual * Math.max(1, records)) {
    reasons.push(`it had ${batch.records} records, where ${round(records)} are usual`);
  }
  const slowest = [...batch.operations].toSorted((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0))[0];
  if (slowest?.durationMs !== undefined && slowest.durationMs > took / 2) {
    reasons.push(`${slowest.durationMs} ms went to the output operation ${slowest.name} (${slowest.operator})`);
  }
  if (batch.commit !== undefined && batch.commit.commitMs > took / 3) {
    reasons.push(`the commit of ${batch.commit.changedKeys} keys took ${round(batch.commit.commitMs)} ms`);
  }
  const costly = costliest(batch.operators);
  if (costly !== undefined && costly.timeMs > took / 3) {
    reasons.push(`${round(costly.timeMs)} ms were spent in ${costly.id}`);
  }
  return `${reasons.join('; ')}.`;
}

/** The same for a batch of a query, by Spark's phases. */
export function slowProgress(batch: ProgressFacts, before: readonly ProgressFacts[]): string | undefined {
  if (batch.durationMs <= leastMs) return undefined;
  const usual = median(before.map(({ durationMs }) => durationMs));
  if (usual === undefined || batch.durationMs <= Math.max(leastMs, timesUsual * usual)) return undefined;
  const reasons = [`It took ${batch.durationMs} ms, where ${round(usual)} ms are usual`];
  const rows = median(before.map((other) => other.rows));
  if (rows !== undefined && batch.rows > timesUsual * Math.max(1, rows)) {
    reasons.push(`it had ${batch.rows} rows, where ${round(rows)} are usual`);
  }
  const growth = Object.entries(batch.phasesMs)
    .filter(([phase]) => phase !== 'triggerExecution')
    .map(([phase, ms]) => ({ phase, ms, usual: median(before.map(({ phasesMs }) => phasesMs[phase] ?? 0)) ?? 0 }))
    .toSorted((a, b) => b.ms - b.usual - (a.ms - a.usual))[0];
  if (growth !== undefined && growth.ms - growth.usual > (batch.durationMs - usual) / 3) {
    reasons.push(`the phase ${growth.phase} took ${round(growth.ms)} ms, where ${round(growth.usual)} ms are usual`);
  }
  const removed = batch.state.reduce((sum, { removedRows }) => sum + removedRows, 0);
  if (removed > batch.rows) reasons.push(`the watermark closed ${removed} rows of state`);
  const costly = costliest(batch.operators);
  if (costly !== undefined && costly.timeMs > batch.durationMs / 3) {
    reasons.push(`${round(costly.timeMs)} ms were spent in ${costly.id}`);
  }
  return `${reasons.join('; ')}.`;
}

function costliest(operators: BatchFacts['operators']): { readonly id: string; readonly timeMs: number } | undefined {
  const timed = (operators ?? []).flatMap(({ id, timeMs }) => (timeMs === undefined ? [] : [{ id, timeMs }]));
  return timed.toSorted((a, b) => b.timeMs - a.timeMs)[0];
}

/** Of too few nothing can be called usual. */
function median(values: readonly number[]): number | undefined {
  if (values.length < 5) return undefined;
  return Float64Array.from(values).toSorted()[Math.floor(values.length / 2)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
