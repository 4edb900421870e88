import { raise } from '../../../kernel/errors.ts';
import type { Expression, SortExpression } from '../../expressions/expression.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import { collectingProblems } from '../analysis-error.ts';
import { applyLifts } from '../apply-lifts.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { resolveOrder } from '../resolve-expression.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { refuseIn, restored } from '../select-items.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { typedText } from '../typed-text.ts';
import { withHiddenColumns } from './hidden-columns.ts';

type Item = Omit<SortExpression, 'child'> & {
  readonly child: Expression | { readonly kind: 'resolved'; readonly expression: Attribute };
};

/** `ORDER BY ALL`, and a number where the SELECT list was a star. */
function everyColumn(item: SortExpression, { output }: ResolvedPlan): readonly Item[] {
  const { child } = item;
  if (child.kind === 'star') return output.map((expression) => ({ ...item, child: { kind: 'resolved', expression } }));
  return [item];
}

/** `orderBy`. A column that a `select` just below left out may still be used, as in Spark. */
export function resolveSort(node: NodeOf<'sort'>, context: NodeContext): ResolvedPlan {
  const input = context.input(node.child);
  return withHiddenColumns(node.child, input, context, (child, scope) => {
    const order = collectingProblems(
      node.order
        .flatMap((item) => everyColumn(item, child))
        .map((item) => () => {
          const resolved =
            item.child.kind === 'resolved'
              ? { ...item, child: item.child.expression }
              : resolveOrder({ ...item, child: item.child }, scope);
          refuseIn('orderBy', resolved.child, { aggregates: true, generators: true });
          if (resolved.child.type.kind === 'map') {
            raise('DATATYPE_MISMATCH.INVALID_ORDERING_TYPE', {
              functionName: `orderBy(${typedText(resolved.child)})`,
              dataType: sqlTypeText(resolved.child.type),
            });
          }
          return resolved;
        }),
    );
    const lifted = applyLifts(child, scope.lifts);
    const sorted: ResolvedPlan = {
      kind: 'sort',
      child: lifted,
      order,
      output: lifted.output,
      isStreaming: lifted.isStreaming,
    };
    return restored(sorted, child.output);
  });
}
