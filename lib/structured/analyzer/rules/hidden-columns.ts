import { MillraceError } from '../../../kernel/errors.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { NodeContext } from '../node-context.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Scope } from '../scope.ts';
import { projectOver } from '../select-items.ts';

/**
 * Resolves a filter or a sort over its input; where a column is missing and a `select` below left it out, over that `select` with the
 * columns kept, which end above again.
 */
export function withHiddenColumns(
  plan: LogicalPlan,
  input: ResolvedPlan,
  context: NodeContext,
  resolve: (child: ResolvedPlan, scope: Scope) => ResolvedPlan,
): ResolvedPlan {
  const scope = context.scope(plan);
  try {
    return resolve(input, scope);
  } catch (error) {
    const below = input.kind === 'project' ? input.child : undefined;
    if (input.kind !== 'project' || below === undefined || !isMissing(error)) throw error;
    const given = new Set(input.output.map((attribute) => attribute.id));
    const hidden = below.output.filter((attribute) => !given.has(attribute.id));
    const names = new Set(input.output.map((attribute) => attribute.name.toLowerCase()));
    // What the select gave has precedence over what it left out.
    const visible = hidden.filter((attribute) => !names.has(attribute.name.toLowerCase()));
    const wider: ResolvedPlan = {
      ...input,
      columns: [...input.columns, ...hidden.map((attribute) => ({ expression: attribute, attribute }))],
      output: [...input.output, ...hidden],
    };
    let result: ResolvedPlan;
    try {
      result = resolve(wider, {
        ...scope,
        attributes: [...input.output, ...visible],
        columnsOf: (planId) => columnsBelow(planId, plan, context, scope),
        lifts: [],
      });
    } catch {
      // The problem as the user sees it: with the columns of the select.
      throw error;
    }
    return projectOver(
      result,
      input.output.map((attribute) => ({ expression: attribute, attribute })),
    );
  }
}

function columnsBelow(
  planId: number,
  plan: LogicalPlan,
  context: NodeContext,
  scope: Scope,
): ReturnType<Scope['columnsOf']> {
  const own = scope.columnsOf(planId);
  return 'child' in plan ? [...own, ...context.scope(plan.child).columnsOf(planId)] : own;
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof MillraceError &&
    (error.code === 'UNRESOLVED_COLUMN.WITH_SUGGESTION' || error.code === 'CANNOT_RESOLVE_DATAFRAME_COLUMN')
  );
}
