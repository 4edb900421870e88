import { raise } from '../../../kernel/errors.ts';
import { anyIn } from '../../expressions/typed-tree.ts';
import { collectingProblems } from '../analysis-error.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { namedOf, resolveItems } from '../select-items.ts';
import { typedText } from '../typed-text.ts';

/** `observe`: aggregates of the rows that pass. */
export function resolveObserve(node: NodeOf<'observe'>, context: NodeContext): ResolvedPlan {
  const child = context.input(node.child);
  const scope = context.scope(node.child);
  const items = resolveItems(node.metrics, scope);
  collectingProblems(
    items.map(({ expression }) => () => {
      if (expression.kind !== 'aggregate' && !anyIn(expression, (part) => part.kind === 'aggregate')) {
        raise('INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE', { expr: typedText(expression) });
      }
    }),
  );
  return {
    kind: 'observe',
    child,
    name: node.name,
    metrics: items.map((item) => namedOf(item, scope)),
    output: child.output,
    isStreaming: child.isStreaming,
  };
}
