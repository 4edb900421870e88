import type { OperatorRecord } from './checkpoint-match.ts';
import type { KeyAnswer, WindowAnswer } from './why-answer.ts';
import type { WhyFacts } from './why-facts.ts';
import { givesOut, timeModeOf } from './why-rules.ts';
import { count, ms, us } from './why-words.ts';

/** A key's answer in words. */
export function describeKey(
  answer: Omit<KeyAnswer, 'text'>,
  step: OperatorRecord,
  facts: WhyFacts,
  window: WindowAnswer | undefined,
): string {
  const { operator, key, isInState, sinceBatch, finishedInBatch } = answer;
  const name = `${operator}: ${JSON.stringify(key)}`;
  if (!isInState) {
    const gone =
      finishedInBatch === undefined
        ? 'is not in the state'
        : `was in the window until batch ${finishedInBatch} finished it`;
    return `${name} ${gone}. ${window === undefined ? givesOut(step, facts) : sentenceOf(window)}`;
  }
  const since = sinceBatch === undefined ? 'for longer than is known' : `since batch ${sinceBatch}`;
  const rest = window === undefined ? `${givesOut(step, facts)}${leaving(answer, step, facts)}` : sentenceOf(window);
  return `${name} is in the state ${since}${holding(answer)}. ${rest}`;
}

/** What a window's answer says, as a sentence of its own. */
export function sentenceOf({ operator, text }: WindowAnswer): string {
  const sentence = text.slice(operator.length + 2);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function holding({ rows, variables }: Omit<KeyAnswer, 'text'>): string {
  if (rows !== undefined) {
    const side = (name: 'left' | 'right'): string =>
      `${count(rows[name].kept, 'row')} of the ${name} side, ${rows[name].matched} matched`;
    return `: ${side('left')}; ${side('right')}`;
  }
  if (variables === undefined) return '';
  return variables.length === 0 ? ', with timers alone' : `, in ${variables.join(', ')}`;
}

function leaving(
  { leavesAtUs, timersMs, rows }: Omit<KeyAnswer, 'text'>,
  step: OperatorRecord,
  { nextWatermarkMs }: WhyFacts,
): string {
  if (timersMs !== undefined) {
    const isEvent = timeModeOf(step.layout) === 'event';
    const timers =
      timersMs.length === 0
        ? ' No timer is set.'
        : ` Timers: ${timersMs.map(ms).join(', ')}${isEvent ? `; the watermark is ${ms(nextWatermarkMs)}` : ''}.`;
    return `${timers} Only the program removes it.`;
  }
  if (leavesAtUs === undefined)
    return ' When it leaves is not known: start the query once with this version, which records it.';
  if (leavesAtUs === null) return ' No watermark removes it.';
  const what = rows === undefined ? 'It leaves' : 'The first of its rows leaves';
  return ` ${what} the state when the watermark reaches ${us(leavesAtUs)}; it is ${ms(nextWatermarkMs)}.`;
}
