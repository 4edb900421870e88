import { raise } from '../../../kernel/errors.ts';
import { applyLifts } from '../apply-lifts.ts';
import { castTo } from '../cast-to.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { resolveExpression } from '../resolve-expression.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { refuseIn, restored } from '../select-items.ts';
import { typedText } from '../typed-text.ts';
import { withHiddenColumns } from './hidden-columns.ts';

/** `where`. A column that a `select` just below left out may still be used, as in Spark. */
export function resolveFilter(node: NodeOf<'filter'>, context: NodeContext): ResolvedPlan {
  const input = context.input(node.child);
  return withHiddenColumns(node.child, input, context, (child, scope) => {
    const condition = resolveExpression(node.condition, scope);
    refuseIn('where', condition, { aggregates: true, generators: true });
    if (condition.type.kind !== 'boolean' && condition.type.kind !== 'void') {
      raise('DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN', {
        filter: typedText(condition),
        type: condition.type.kind.toUpperCase(),
      });
    }
    const lifted = applyLifts(child, scope.lifts);
    const filtered: ResolvedPlan = {
      kind: 'filter',
      child: lifted,
      condition: castTo(condition, { kind: 'boolean' }, scope.site),
      output: lifted.output,
      isStreaming: lifted.isStreaming,
    };
    return restored(filtered, child.output);
  });
}
