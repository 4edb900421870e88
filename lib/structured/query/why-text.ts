import type { WhyMove, WindowAnswer } from './why-answer.ts';
import type { WhyFacts } from './why-facts.ts';
import { count, ms, us } from './why-words.ts';

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
