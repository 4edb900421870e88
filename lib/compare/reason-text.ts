import type { ComparedRow, Fate, Reason, ResultRow, RunModel, SideRow, TimeSpan } from './run-model.ts';

/**
 * Time of day in UTC, with a fraction only where there is one.
 *
 * @example
 * clockText(Date.UTC(2026, 0, 5, 12, 4, 58, 500))   // => '12:04:58.5'
 */
export function clockText(ms: number): string {
  return new Date(ms)
    .toISOString()
    .slice(11, 23)
    .replace(/\.?0*$/u, '');
}

/** @example spanText({ fromMs: 0, untilMs: 60_000 })   // => '00:00:00-00:01:00' */
export function spanText({ fromMs, untilMs }: TimeSpan): string {
  return `${clockText(fromMs)}-${clockText(untilMs)}`;
}

/** @example secondsText(4200)   // => '4.2 s' */
export function secondsText(ms: number): string {
  return `${Number((ms / 1000).toFixed(3))} s`;
}

/** What a row is about: its window and its label. */
export function rowName({ window, label }: Pick<ResultRow, 'window' | 'label'>): string {
  return [...(window === undefined ? [] : [spanText(window)]), label].filter((part) => part !== '').join(' ');
}

/** The value of a side, as tables show it: nothing for a row that is not there, or that a ranking leaves out. */
export function sideText(side: SideRow | undefined, top: number): string {
  if (side === undefined) return '-';
  const { value, rank } = side.row;
  if (rank === undefined) return String(value);
  return rank > top ? `- (${value})` : `${rank}. (${value})`;
}

/** Why a row differs, by one record, in a sentence. Everything it says was reported by the engines. */
export function reasonText(model: RunModel, row: ComparedRow, reason: Reason): string {
  const about = reason.about === row.id ? '' : `about ${otherLabel(model, row, reason)}: `;
  return `${about}${recordText(model, reason.record)}: DStream ${fateText(reason.dstream)}; structured ${fateText(reason.structured)}`;
}

/** A record for people. */
export function recordText({ records }: Pick<RunModel, 'records'>, id: number): string {
  const record = records[id];
  if (record === undefined) return `record ${id}`;
  return `event ${clockText(record.eventMs)} (${record.key}) arrived at ${clockText(record.arrivalMs)}`;
}

/** What an engine did with a record, to be read behind the engine's name. */
export function fateText(fate: Fate): string {
  switch (fate.kind) {
    case 'here':
      return `counted it here, in ${placeText(fate)}`;
    case 'elsewhere':
      return `counted it in ${fate.rows.map(rowName).join(' and ')}, in ${placeText(fate)}`;
    case 'late':
      return `dropped it in ${placeText(fate)}: late by ${secondsText(fate.lateMs)}, watermark ${clockText(fate.watermarkMs)}`;
    case 'duplicate':
      return `dropped it in ${placeText(fate)}: it had let one of this key through`;
    case 'nowhere':
      return `read it in ${placeText(fate)} and ${fate.what}`;
    case 'unread':
    default:
      return 'did not read it before the end';
  }
}

/** A batch, and the window where rows do not name one. */
function placeText({ timeMs, within }: Exclude<Fate, { readonly kind: 'unread' }>): string {
  const batch = `batch ${clockText(timeMs)}`;
  return within === undefined ? batch : `${batch} (window ${spanText(within)})`;
}

function otherLabel({ rows }: RunModel, row: ComparedRow, { about }: Reason): string {
  return rows.find(({ id }) => id === about)?.label ?? about.slice(about.indexOf(' ') + 1) ?? row.label;
}
