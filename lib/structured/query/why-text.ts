import type { RecordAnswer, WhyFacts, WhyMove, WindowAnswer } from './why.ts';

/** A window's answer in words. */
export function describeWindow(answer: Omit<WindowAnswer, 'text'>, facts: WhyFacts): string {
  const { operator, startUs, endUs, state, late } = answer;
  const name = startUs === null ? `the event time ${us(endUs)}` : `the window ${us(startUs)} - ${us(endUs)}`;
  const lateRows = late.reduce((sum, { rows }) => sum + rows, 0);
  const dropped =
    lateRows === 0
      ? ''
      : ` ${count(lateRows, 'row')} came too late for it and ${lateRows === 1 ? 'was' : 'were'} dropped (${late.map(({ batchId, rows }) => `batch ${batchId}: ${rows}`).join(', ')}).`;
  const body = state === 'open' ? open(answer, facts) : state === 'due' ? due(answer, facts) : closed(answer, facts);
  return `${operator}: ${name} ${body}${dropped}`;
}

/** A record's answer in words. */
export function describeRecord(answer: Omit<RecordAnswer, 'text'>): string {
  const { partition, offset, isRead, batchId, lateWatermarkMs, late: lateInBatch, movedTo } = answer;
  const name = `${partition}:${offset}`;
  if (!isRead) return `${name} was not read yet by a batch that is committed.`;
  const by = batchId === undefined ? 'by a batch that is no longer known' : `by batch ${batchId}`;
  const late =
    lateWatermarkMs === undefined ? '' : ` Windows that ended at ${ms(lateWatermarkMs)} or before were closed to it.`;
  const moved = movedTo === undefined ? '' : ` It moved the watermark to ${ms(movedTo)}.`;
  return `${name} was read ${by}.${late}${dropped(lateInBatch)}${moved}`;
}

/** What is known of a record from the late rows of its batch. */
function dropped(late: RecordAnswer['late']): string {
  if (late === undefined) return '';
  if (late.length === 0) return ' It was not dropped as late: no row of that batch was.';
  const windows = late.map(
    ({ operator, startUs, endUs, rows }) =>
      `${operator}: ${startUs === null ? us(endUs) : `${us(startUs)} - ${us(endUs)}`}, ${count(rows, 'row')}`,
  );
  return ` It was dropped as late only if its event time belongs to one of these, of which rows of that batch were: ${windows.join('; ')}.`;
}

function open({ groups, waitsFor }: Omit<WindowAnswer, 'text'>, { nextWatermarkMs, isAppend }: WhyFacts): string {
  const has = groups === 0 ? 'is open, and no row of it has come' : `is open with ${count(groups, 'group')}`;
  const needs = waitsFor.map(
    ({ column, sources, eventTimeUs }) =>
      `an event with ${column} >= ${us(eventTimeUs)} has come${sources.length === 0 ? '' : ` from ${sources.join(' or ')}`}`,
  );
  const when = needs.length === 0 ? '' : ` It closes when ${needs.join(' and ')}, plus one batch.`;
  return `${has}${isAppend && groups > 0 ? ': it is given out when it closes' : ''}. The watermark is ${ms(nextWatermarkMs)}.${when}`;
}

function due({ closedBy }: Omit<WindowAnswer, 'text'>, { isAppend }: WhyFacts): string {
  return `is closed by the next batch${isAppend ? ', which gives it out' : ''}${moved(closedBy)}.`;
}

function closed({ groups, closedInBatch, closedBy }: Omit<WindowAnswer, 'text'>, { isAppend }: WhyFacts): string {
  if (closedInBatch === undefined) {
    return `is closed${moved(closedBy)}; no row of it was counted, or that is longer ago than is known.`;
  }
  const how = isAppend ? 'was given out' : 'was removed from the state, after its last update,';
  return `${how} by batch ${closedInBatch} with ${count(groups, 'group')}${moved(closedBy)}.`;
}

function moved(move: WhyMove | undefined): string {
  if (move === undefined) return '';
  const { batchId, watermarkMs, column, isIdle, eventTimeUs, source, where } = move;
  if (isIdle)
    return `: the watermark went to ${ms(watermarkMs)} before batch ${batchId}, because ${column} was silent for its idle timeout`;
  const place =
    where === undefined
      ? ''
      : `, ${source}: ${Object.entries(where)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}`;
  const by = eventTimeUs === undefined ? '' : `, by the record with ${column} ${us(eventTimeUs)}${place}`;
  return `: the watermark went to ${ms(watermarkMs)} with batch ${batchId}${by}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function us(micros: number): string {
  return ms(Math.floor(micros / 1000));
}

/** UTC. */
function ms(millis: number): string {
  return new Date(millis)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/u, '');
}
