import { raise } from '../../../kernel/errors.ts';
import type { Attribute, NamedExpression, TypedExpression } from '../../expressions/typed-expression.ts';
import { defineFunction } from '../../functions/define-function.ts';
import { findFunction } from '../../functions/registry.ts';
import type { DataType, InternalValue } from '../../types/data-type.ts';
import { isNumeric } from '../../types/type-classes.ts';
import { collectingProblems } from '../analysis-error.ts';
import { castTo } from '../cast-to.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { newAttribute, resolveExpression } from '../resolve-expression.ts';
import { columnsNamed, quoted } from '../resolve-name.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Scope } from '../scope.ts';
import { projectOver } from '../select-items.ts';
import { suggestions } from '../suggestions.ts';
import { callOf, longLiteral } from '../window-functions.ts';

/** `fillna`: the value where a column is null, or NaN, in the columns that are of the value's kind. */
export function resolveFillNulls(node: NodeOf<'fillNulls'>, context: NodeContext): ResolvedPlan {
  const child = context.input(node.child);
  const scope = context.scope(node.child);
  const fill = new Map<number, TypedExpression>();
  if (Array.isArray(node.values)) {
    collectingProblems(
      (node.values as readonly (readonly [string, import('../../expressions/expression.ts').Expression])[]).map(
        ([name, value]) =>
          () => {
            for (const column of named(name, child, scope)) fill.set(column.id, resolveExpression(value, scope));
          },
      ),
    );
  } else {
    const value = resolveExpression(node.values as import('../../expressions/expression.ts').Expression, scope);
    const columns =
      node.columns === undefined ? child.output : node.columns.flatMap((name) => named(name, child, scope));
    for (const column of columns) if (takesKind(column.type, value.type)) fill.set(column.id, value);
  }
  return projectOver(
    child,
    child.output.map((attribute): NamedExpression => {
      const value = fill.get(attribute.id);
      return value === undefined ? { expression: attribute, attribute } : filled(attribute, value, scope);
    }),
  );
}

/** `dropna`: rows with at least so many values that are neither null nor NaN. */
export function resolveDropNulls(node: NodeOf<'dropNulls'>, context: NodeContext): ResolvedPlan {
  const child = context.input(node.child);
  const scope = context.scope(node.child);
  const columns =
    node.columns === undefined
      ? child.output
      : collectingProblems(node.columns.map((name) => () => named(name, child, scope))).flat();
  return {
    kind: 'filter',
    child,
    condition: callOf(atLeastNonNulls, [longLiteral(node.minNonNulls ?? columns.length), ...columns]),
    output: child.output,
    isStreaming: child.isStreaming,
  };
}

const atLeastNonNulls = defineFunction({
  name: 'at_least_n_non_nulls',
  group: 'conditional',
  summary: 'Whether so many of the values are neither null nor NaN.',
  usage: '',
  examples: [],
  resolve: (args) => ({ args: args.map((arg) => arg.type), type: { kind: 'boolean' }, nullable: false }),
  body: {
    kind: 'scalar',
    bind: () => ({
      seesNulls: true,
      evaluate: (least: number, ...values: readonly InternalValue[]): boolean =>
        values.reduce<number>((count, value) => (value === null || Number.isNaN(value) ? count : count + 1), 0) >=
        least,
    }),
  },
});

function named(name: string, child: ResolvedPlan, scope: Scope): readonly Attribute[] {
  const found = columnsNamed(name, child.output, scope);
  if (found.length > 0) return found;
  return raise('UNRESOLVED_COLUMN.WITH_SUGGESTION', {
    objectName: quoted([name]),
    proposal: suggestions(
      name,
      child.output.map((attribute) => attribute.name),
    ),
  });
}

/** A number fills numbers, a text texts, a boolean booleans: other columns are left alone. */
function takesKind(column: DataType, value: DataType): boolean {
  return isNumeric(value) ? isNumeric(column) : column.kind === value.kind;
}

function filled(attribute: Attribute, value: TypedExpression, scope: Scope): NamedExpression {
  const coalesce = findFunction('coalesce') ?? raise('INTERNAL_INVARIANT', { what: 'there is no coalesce' });
  const nanvl = findFunction('nanvl');
  const isFloating = attribute.type.kind === 'float' || attribute.type.kind === 'double';
  const none: TypedExpression = { kind: 'literal', value: null, type: attribute.type, nullable: true };
  const known: TypedExpression =
    isFloating && nanvl !== undefined
      ? { kind: 'call', function: nanvl, args: [attribute, none], type: attribute.type, nullable: true }
      : attribute;
  const cast: TypedExpression = castTo(value, attribute.type, scope.site);
  const expression: TypedExpression = {
    kind: 'call',
    function: coalesce,
    args: [known, cast],
    type: attribute.type,
    nullable: cast.nullable,
  };
  return { expression, attribute: newAttribute(attribute.name, expression, () => scope.session.nextId()) };
}
