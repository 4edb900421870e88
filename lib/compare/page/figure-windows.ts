import type { EngineName, RunModel, TimeSpan } from '../run-model.ts';

/** The windows that an engine gave rows for, each once, in order; or the grid of windows, where rows do not name theirs. */
export function windowsOf(model: RunModel, engine: EngineName): readonly TimeSpan[] {
  if (model.hasGrid) return gridOf(model);
  const found = new Map<string, TimeSpan>();
  for (const { rows } of model[engine].batches) {
    for (const { window } of rows) if (window !== undefined) found.set(`${window.fromMs}-${window.untilMs}`, window);
  }
  return [...found.values()].toSorted((a, b) => a.fromMs - b.fromMs || a.untilMs - b.untilMs);
}

function gridOf({ span, settings: { windowMs }, records }: RunModel): TimeSpan[] {
  const last = records.reduce((last, { arrivalMs }) => Math.max(last, arrivalMs), span.fromMs);
  const windows: TimeSpan[] = [];
  for (let fromMs = span.fromMs; fromMs <= last; fromMs += windowMs)
    windows.push({ fromMs, untilMs: fromMs + windowMs });
  return windows;
}

/** Whether some of the windows share time: then there is no room for words in each. */
export function overlap(windows: readonly TimeSpan[]): boolean {
  return windows.some(({ fromMs }, i) => i > 0 && fromMs < (windows[i - 1]?.untilMs ?? 0));
}

/** When the watermark closed what ends at a time: the first batch whose watermark had passed it. Never in complete mode. */
export function closingMs({ structured, settings }: RunModel, untilMs: number): number | undefined {
  if (settings.mode === 'complete') return undefined;
  return structured.batches.find(
    ({ watermarkMs, isAfterEnd }) => !isAfterEnd && watermarkMs !== undefined && watermarkMs >= untilMs,
  )?.timeMs;
}
