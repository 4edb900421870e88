import { optimize } from '../optimizer/optimize.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import { analyze } from './analyze.ts';
import { type AnalysisSession, siteOf } from './analysis-session.ts';
import { planLines } from './plan-lines.ts';

/**
 * A plan as Spark's `explain` prints it. The extended form shows it as it was analyzed and as it was optimized too. Operators that the
 * watermark finishes or cleans say so.
 */
export function explainPlan(plan: LogicalPlan, session: AnalysisSession, extended: boolean): string {
  const analyzed = analyze(plan, session);
  const optimized = optimize(analyzed, siteOf(session));
  const physical = `== Physical Plan ==\n${planLines(optimized)}`;
  if (!extended) return physical;
  return `== Analyzed Logical Plan ==\n${analyzed.output.map(({ name, type }) => `${name}: ${type.kind}`).join(', ')}\n${planLines(analyzed)}\n== Optimized Logical Plan ==\n${planLines(optimized)}\n${physical}`;
}
