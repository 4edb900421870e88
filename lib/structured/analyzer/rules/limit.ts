import { raise } from '../../../kernel/errors.ts';
import type { Expression } from '../../expressions/expression.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { constantValue } from '../constant-value.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { placed } from '../placed.ts';
import { resolveExpression } from '../resolve-expression.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { typedText } from '../typed-text.ts';

/** `limit` and `offset`; in SQL they may be computed of constants. */
export function resolveLimit(node: NodeOf<'limit'>, context: NodeContext): ResolvedPlan {
  const child = context.input(node.child);
  return {
    kind: 'limit',
    child,
    count: amount(node.count, node, context),
    offset: amount(node.offset, node, context),
    output: child.output,
    isStreaming: child.isStreaming,
  };
}

function amount(given: number | Expression, { child }: NodeOf<'limit'>, context: NodeContext): number {
  if (typeof given === 'number') return given;
  const position = 'position' in given ? given.position : undefined;
  return placed(position, () => {
    const scope = context.scope(child);
    const e = resolveExpression(given, scope);
    const value = constantValue(e, scope.site);
    if (value === undefined) return raise('INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE', { expr: typedText(e) });
    if (!['int', 'smallint', 'tinyint'].includes(e.type.kind)) {
      raise('INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE', { expr: typedText(e), dataType: sqlTypeText(e.type) });
    }
    if (value === null) return raise('INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL', {});
    if (Number(value) < 0) raise('INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE', { value: Number(value) });
    return Number(value);
  });
}
