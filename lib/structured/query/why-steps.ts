import type { OperatorRecord } from './checkpoint-match.ts';
import type { StepAnswer } from './why-answer.ts';
import type { WhyFacts, WhyView } from './why-facts.ts';
import { holdings } from './why-holdings.ts';
import { givesOut, noun, timeModeOf } from './why-rules.ts';
import { count, ms, us } from './why-words.ts';

/** What a step without windows keeps, when it gives something out and when something of it leaves. */
export function stepAnswer(view: WhyView, facts: WhyFacts, step: OperatorRecord): StepAnswer {
  let kept = 0;
  let next: number | null | undefined = null;
  let timerMs: number | undefined;
  let [left, right] = [0, 0];
  for (const { leavesAtUs, rows, timersMs } of holdings(step, (name) => view.table(step.id, name))) {
    kept++;
    next = leavesAtUs === undefined ? undefined : earliest(next, leavesAtUs);
    for (const time of timersMs ?? []) timerMs = Math.min(timerMs ?? time, time);
    left += rows?.left.kept ?? 0;
    right += rows?.right.kept ?? 0;
  }
  if (step.name === 'globalLimit') return limit(view, facts, step);
  const sides = step.name === 'symmetricHashJoin' ? ` (${count(left, 'row')} left, ${count(right, 'row')} right)` : '';
  const has = kept === 0 ? 'keeps nothing yet' : `keeps ${count(kept, noun(step))}${sides}`;
  const leaves = kept === 0 ? '' : ` ${leaving(next, timerMs, step, facts)}`;
  return {
    operator: step.id,
    name: step.name,
    kept,
    ...(next === undefined ? {} : { nextLeavesAtUs: next }),
    text: `${step.id} has no windows that a watermark closes; it ${has}. ${givesOut(step, facts)}${leaves}`,
  };
}

function limit(view: WhyView, facts: WhyFacts, step: OperatorRecord): StepAnswer {
  const seen = view.table<string, number>(step.id, 'given').get('rows') ?? 0;
  return {
    operator: step.id,
    name: step.name,
    kept: seen,
    nextLeavesAtUs: null,
    text: `${step.id} has counted ${count(seen, 'row')}. ${givesOut(step, facts)}`,
  };
}

function earliest(one: number | null | undefined, other: number | null): number | null | undefined {
  if (one === undefined || other === null) return one;
  return one === null ? other : Math.min(one, other);
}

function leaving(
  next: number | null | undefined,
  timerMs: number | undefined,
  step: OperatorRecord,
  { nextWatermarkMs }: WhyFacts,
): string {
  const mode = timeModeOf(step.layout);
  if (step.name === 'flatMapGroupsWithState' || step.name === 'transformWithStateExec') {
    const timer =
      timerMs === undefined || mode === undefined
        ? ''
        : ` The next timer is at ${ms(timerMs)}${mode === 'event' ? `; the watermark is ${ms(nextWatermarkMs)}` : ''}.`;
    return `Only the program removes a key.${timer}`;
  }
  if (next === undefined)
    return 'When something leaves is not known: start the query once with this version, which records it.';
  if (next === null) return 'Nothing ever leaves.';
  return `The first leaves when the watermark reaches ${us(next)}; it is ${ms(nextWatermarkMs)}.`;
}
