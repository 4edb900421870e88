import type { TimeZone } from '../types/time-zone.ts';
import { keyAnswers } from './why-keys.ts';
import type { StepAnswer, WhyAnswer, WindowAnswer } from './why-answer.ts';
import { factsOf, type WhyFacts, type WhyMoments, type WhyView } from './why-facts.ts';
import { type RecordTracer, whyRecord } from './why-record.ts';
import { stepAnswer } from './why-steps.ts';
import { type WhyQuestion, type WhyTarget, whyTarget } from './why-target.ts';
import { windowAnswers } from './why-windows.ts';

export interface WhySetup {
  readonly moments: WhyMoments;
  readonly zone: TimeZone;
  /** Reads records again and runs them through the query's plan; undefined where there is no program. */
  readonly trace: RecordTracer | undefined;
}

/** Answers from what is durable, and for a record from what the query's own plan does with it. */
export async function why({ moments, zone, trace }: WhySetup, question: WhyQuestion): Promise<WhyAnswer> {
  const target = whyTarget(question, zone);
  if (target.kind === 'record') {
    const { watermarkMs, records } = await whyRecord(moments, { zone: zone.id, trace }, target);
    return answer(watermarkMs, { records });
  }
  return moments.read((view) => {
    const facts = factsOf(view, zone.id);
    const parts = target.kind === 'key' ? { keys: keyAnswers(view, facts, target) } : stepsOf(view, facts, target);
    return answer(facts.nextWatermarkMs, parts);
  });
}

/** Of a time or a window: what steps with windows know of it; of the other steps with state what they keep. */
function stepsOf(
  view: WhyView,
  facts: WhyFacts,
  target: Extract<WhyTarget, { kind: 'time' | 'window' }>,
): { readonly windows: readonly WindowAnswer[]; readonly steps: readonly StepAnswer[] } {
  const { operators } = facts.query;
  return {
    windows: operators.flatMap((step) => (step.windows === undefined ? [] : windowAnswers(view, facts, step, target))),
    steps: operators.filter(({ windows }) => windows === undefined).map((step) => stepAnswer(view, facts, step)),
  };
}

function answer(watermarkMs: number, parts: Partial<Omit<WhyAnswer, 'watermarkMs' | 'text'>>): WhyAnswer {
  const { windows = [], keys = [], steps = [], records = [] } = parts;
  const lines = [...windows, ...keys, ...steps, ...records].map(({ text }) => text);
  const text =
    lines.length > 0 ? lines.join('\n') : 'The query keeps no state: what a batch reads, it gives out itself.';
  return { watermarkMs, windows, keys, steps, records, text };
}
