import { raise } from '../../../kernel/errors.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { projectOver } from '../select-items.ts';

/** `alias`, and in SQL `AS t(a, b)`, which names the columns too. */
export function resolveAlias({ child, name, columns }: NodeOf<'alias'>, context: NodeContext): ResolvedPlan {
  const input = context.input(child);
  const named = columns === undefined ? input : renamed(input, columns, context);
  if (name === undefined) return named;
  return { ...named, output: named.output.map((attribute) => qualified(attribute, name)) };
}

function qualified(attribute: Attribute, name: string): Attribute {
  return { ...attribute, qualifier: [name] };
}

function renamed(input: ResolvedPlan, columns: readonly string[], { session }: NodeContext): ResolvedPlan {
  const { length } = input.output;
  if (columns.length !== length) raise('ASSIGNMENT_ARITY_MISMATCH', { numTarget: columns.length, numExpr: length });
  return projectOver(
    input,
    input.output.map((attribute, i) => ({
      expression: attribute,
      attribute: { ...attribute, id: session.nextId(), name: columns[i] ?? '', qualifier: [] },
    })),
  );
}
