import { clockText, secondsText, spanText } from './reason-text.ts';
import type { RunModel } from './run-model.ts';

/** With what a comparison was run. */
export function settingsText({ settings, records, restart, span }: RunModel): string {
  const parts = [
    `${records.length} records from ${clockText(span.fromMs)} to ${clockText(span.untilMs)}`,
    `batch ${secondsText(settings.batchMs)}`,
    `window ${secondsText(settings.windowMs)}`,
    `watermark ${secondsText(settings.watermarkMs)} behind`,
    `${settings.mode} mode`,
  ];
  if (restart !== undefined) parts.push(`down ${spanText(restart)}`);
  return parts.join(', ');
}

/** What came of it, in a few sentences. */
export function verdictText({ rows, verdict, settings }: RunModel): string {
  const parts = [
    verdict.isSame
      ? `The results are the same: ${counted(rows.length, 'row')}.`
      : `${verdict.differing} of ${counted(rows.length, 'row')} differ.`,
  ];
  if (verdict.byChance > 0) {
    parts.push(`${counted(verdict.byChance, 'row')} same by chance: other records, the same value.`);
  }
  if (verdict.waiting > 0) {
    parts.push(
      `Structured still holds back ${counted(verdict.waiting, 'row')}: in ${settings.mode} mode a row comes out when the watermark has passed it.`,
    );
  }
  if (verdict.lateRows > 0) parts.push(`Structured dropped ${counted(verdict.lateRows, 'late row')}.`);
  return parts.join(' ');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
