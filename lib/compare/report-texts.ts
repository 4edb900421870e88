import { clockText, secondsText, spanText } from './reason-text.ts';
import type { RunModel } from './run-model.ts';
import type { CompareSettings } from './settings.ts';

/** With what a comparison was run: only what makes a difference to the pair. */
export function settingsText({ settings, records, restart, span, uses, windowLabel }: RunModel): string {
  const of = (name: keyof CompareSettings, text: string): readonly string[] => (uses.includes(name) ? [text] : []);
  const parts = [
    `${counted(records.length, 'record')} from ${clockText(span.fromMs)} to ${clockText(span.untilMs)}`,
    `batch ${secondsText(settings.batchMs)}`,
    ...of('windowMs', `${windowLabel ?? 'window'} ${secondsText(settings.windowMs)}`),
    ...of('slideMs', `slide ${secondsText(settings.slideMs)}`),
    ...of('watermarkMs', `watermark ${secondsText(settings.watermarkMs)} behind`),
    ...of('top', `${counted(settings.top, 'rank')} kept`),
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
