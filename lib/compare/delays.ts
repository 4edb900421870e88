import type { CompareSettings } from './settings.ts';

/**
 * How long after its event a record arrives, by its partition: disorder for all, skew for the second partition, and for some so much
 * that the watermark may have passed the end of their windows.
 *
 * Each call makes three draws, whatever the settings: one setting changes only what it is about.
 */
export function delaysOf(settings: CompareSettings, random: () => number): (partition: number) => number {
  const closedMs = settings.windowMs + settings.watermarkMs;
  return (partition) => {
    const disorderMs = tenths(random() * settings.disorderMs);
    const isLate = random() * 100 < settings.latePercent;
    const beyondMs = tenths(random() * settings.windowMs);
    const delayMs = disorderMs + (partition === 1 ? settings.skewMs : 0);
    return isLate ? Math.max(delayMs, closedMs + beyondMs) : delayMs;
  };
}

/** Whole tenths of a second, which are short to read. */
export function tenths(ms: number): number {
  return Math.floor(ms / 100) * 100;
}
