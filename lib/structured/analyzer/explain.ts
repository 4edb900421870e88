import { optimize } from '../optimizer/optimize.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import { typeText } from '../types/type-text.ts';
import { analyze } from './analyze.ts';
import { type AnalysisSession, siteOf } from './analysis-session.ts';
import { parsedLines } from './parsed-lines.ts';
import { physicalLines } from './physical-lines.ts';
import { planLines } from './plan-lines.ts';

/**
 * A plan as Spark's `explain` prints it: how it runs, or with `extended` all its stages from what was written. Operators that keep state
 * say what the watermark does to it.
 */
export function explainPlan(plan: LogicalPlan, session: AnalysisSession, extended: boolean): string {
  const analyzed = analyze(plan, session);
  const optimized = optimize(analyzed, siteOf(session));
  const physical = `== Physical Plan ==\n${physicalLines(optimized)}\n`;
  if (!extended) return physical;
  const columns = analyzed.output.map(({ name, type }) => `${name}: ${typeText(type)}`).join(', ');
  return [
    `== Parsed Logical Plan ==\n${parsedLines(plan)}\n`,
    `== Analyzed Logical Plan ==\n${columns}\n${planLines(analyzed)}\n`,
    `== Optimized Logical Plan ==\n${planLines(optimized)}\n`,
    physical,
  ].join('\n');
}
