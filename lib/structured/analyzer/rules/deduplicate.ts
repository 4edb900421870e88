import { raise } from '../../../kernel/errors.ts';
import { collectingProblems } from '../analysis-error.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { columnsNamed } from '../resolve-name.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { suggestions } from '../suggestions.ts';

/** `dropDuplicates`, `distinct`, `dropDuplicatesWithinWatermark`. Of a name that two columns have, both are keys. */
export function resolveDeduplicate(node: NodeOf<'deduplicate'>, context: NodeContext): ResolvedPlan {
  const child = context.input(node.child);
  const scope = context.scope(node.child);
  if (node.withinWatermark && !child.isStreaming) raise('QUERY_DEDUPLICATE_WITHIN_WATERMARK_STATIC', {});
  const names = child.output.map((attribute) => attribute.name);
  const found = collectingProblems(
    (node.columns ?? []).map((name) => () => {
      const columns = columnsNamed(name, child.output, scope);
      if (columns.length === 0)
        raise('QUERY_DEDUPLICATE_COLUMN', { column: `\`${name}\``, proposal: suggestions(name, names) });
      return columns;
    }),
  );
  const keys =
    node.columns === undefined ? child.output : [...new Map(found.flat().map((key) => [key.id, key])).values()];
  for (const key of keys) {
    if (key.type.kind === 'map') raise('UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE', { colName: `\`${key.name}\`` });
  }
  return {
    kind: 'deduplicate',
    child,
    keys,
    withinWatermark: node.withinWatermark,
    output: child.output,
    isStreaming: child.isStreaming,
  };
}
