import { mapExpressions, transformPlan } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { isFoldable } from '../expressions/foldable.ts';
import { interpretExpression } from '../expressions/interpret.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import { transformDown } from '../expressions/typed-tree.ts';
import type { CallSite, EvaluationContext } from '../functions/define-function.ts';

/**
 * Computes what has no columns in it. What fails (ANSI arithmetic, a bad cast) is left as it is: it fails for the first row, or never
 * when there is none. What depends on the time of a batch is computed in each batch.
 */
export function foldConstants(plan: ResolvedPlan, site: CallSite): ResolvedPlan {
  return transformPlan(plan, (node) => mapExpressions(node, (e) => foldExpression(e, site)));
}

/** An expression with everything computed that needs no row. */
export function foldExpression(e: TypedExpression, site: CallSite): TypedExpression {
  return transformDown(e, (part) => (isComputed(part) && isFoldable(part) ? folded(part, site) : undefined));
}

function isComputed({ kind }: TypedExpression): boolean {
  return kind === 'call' || kind === 'cast' || kind === 'case' || kind === 'extract';
}

function folded(e: TypedExpression, site: CallSite): TypedExpression | undefined {
  try {
    const evaluate = interpretExpression(e, [], { ...site, context: timeless, mayGenerate: false });
    const value = evaluate([]);
    return { kind: 'literal', value, type: e.type, nullable: value === null };
  } catch {
    return undefined;
  }
}

/** Whoever asks for the time of the batch is not constant. */
const timeless: EvaluationContext = {
  get batchTimestampUs(): number {
    throw timeAsked;
  },
  set batchTimestampUs(_: number) {
    throw timeAsked;
  },
  partitionId: 0,
};

const timeAsked = Symbol('the time of a batch is asked for before there is one');
