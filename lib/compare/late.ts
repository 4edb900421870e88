import type { RunBatch } from './run-model.ts';

/** The engine counted late rows in the batch, and the watermark by which it judged had passed the time. */
export function isLate({ lateRows, lateWatermarkMs }: RunBatch, timeMs: number): boolean {
  return lateRows > 0 && lateWatermarkMs !== undefined && timeMs <= lateWatermarkMs;
}
