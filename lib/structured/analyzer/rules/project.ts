import { raise } from '../../../kernel/errors.ts';
import type { Expression } from '../../expressions/expression.ts';
import type { Attribute, NamedExpression } from '../../expressions/typed-expression.ts';
import { anyIn } from '../../expressions/typed-tree.ts';
import { applyLifts } from '../apply-lifts.ts';
import { generatedOver } from '../generated.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { columnsNamed, matches, resolveName } from '../resolve-name.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Scope } from '../scope.ts';
import {
  isGenerator,
  namedOf,
  projectOver,
  refuseNestedGenerators,
  resolveItems,
  type SelectItem,
} from '../select-items.ts';
import { aggregateOf } from '../aggregation.ts';

/** `select`. With aggregates in it, it is an aggregation of everything. */
export function resolveProject(node: NodeOf<'project'>, context: NodeContext): ResolvedPlan {
  const scope = context.scope(node.child);
  return projectItems(resolveItems(node.columns, scope), context.input(node.child), scope);
}

/** `withColumns`: columns of a name that there is are replaced in place, others come behind. */
export function resolveWithColumns(node: NodeOf<'withColumns'>, context: NodeContext): ResolvedPlan {
  const input = context.input(node.child);
  const scope = context.scope(node.child);
  const names = node.columns.map(([name]) => (context.session.conf.isCaseSensitive ? name : name.toLowerCase()));
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) !== i) raise('COLUMN_ALREADY_EXISTS', { columnName: `\`${name}\`` });
  }
  const replaced = new Set<string>();
  const kept = input.output.map((attribute): Expression | Attribute => {
    const column = node.columns.find(([name]) => matches(attribute.name, name, scope));
    if (column === undefined) return attribute;
    replaced.add(column[0]);
    return aliased(column);
  });
  const added = node.columns.filter(([name]) => !replaced.has(name)).map(aliased);
  return projectMixed([...kept, ...added], input, scope);
}

function aliased([name, e]: readonly [string, Expression]): Expression {
  return e.kind === 'alias' ? { ...e, names: [name] } : { kind: 'alias', child: e, names: [name] };
}

/** `withColumnsRenamed`: one after the other; names that there are not are left alone. The event time stays what it is. */
export function resolveRenames(node: NodeOf<'withColumnsRenamed'>, context: NodeContext): ResolvedPlan {
  const input = context.input(node.child);
  const scope = context.scope(node.child);
  const columns = input.output.map((attribute): NamedExpression => {
    let { name } = attribute;
    for (const [from, to] of node.names) if (matches(name, from, scope)) name = to;
    return name === attribute.name
      ? { expression: attribute, attribute }
      : { expression: attribute, attribute: { ...attribute, id: context.session.nextId(), name, qualifier: [] } };
  });
  return columns.every(({ expression, attribute }) => expression === attribute) ? input : projectOver(input, columns);
}

/** `drop`: by name, unknown names are no error; or a column of a DataFrame. */
export function resolveDrop(node: NodeOf<'drop'>, context: NodeContext): ResolvedPlan {
  const input = context.input(node.child);
  const scope = context.scope(node.child);
  const dropped = new Set<number>();
  for (const column of node.columns) {
    if (column.kind !== 'name') continue;
    const isPlain = column.planId === undefined && column.parts.length === 1;
    const found = isPlain ? columnsNamed(column.parts[0] ?? '', input.output, scope) : quietly(column, scope);
    for (const attribute of found) dropped.add(attribute.id);
  }
  if (dropped.size === 0) return input;
  const kept = input.output.filter((attribute) => !dropped.has(attribute.id));
  return projectOver(
    input,
    kept.map((attribute) => ({ expression: attribute, attribute })),
  );
}

function quietly(column: Expression & { kind: 'name' }, scope: Scope): readonly Attribute[] {
  try {
    const found = resolveName(column.parts, column.planId, scope);
    return found.kind === 'attribute' ? [found] : [];
  } catch {
    return [];
  }
}

function projectMixed(mixed: readonly (Expression | Attribute)[], input: ResolvedPlan, scope: Scope): ResolvedPlan {
  const written = mixed.filter((item): item is Expression => item.kind !== 'attribute');
  const resolved = resolveItems(written, scope)[Symbol.iterator]();
  const items = mixed.map((item): SelectItem => {
    if (item.kind === 'attribute') return { expression: item, names: [item.name], isBare: true };
    const { value } = resolved.next() as { value: SelectItem };
    return value;
  });
  return projectItems(items, input, scope);
}

function projectItems(items: readonly SelectItem[], input: ResolvedPlan, scope: Scope): ResolvedPlan {
  refuseNestedGenerators(items);
  if (items.some(({ expression }) => anyIn(expression, (node) => node.kind === 'aggregate'))) {
    return aggregateOf({ input, keys: [], items, scope, isGlobal: true });
  }
  const child = applyLifts(input, scope.lifts);
  const generator = items.find(({ expression }) => isGenerator(expression));
  if (generator === undefined) {
    return projectOver(
      child,
      items.map((item) => namedOf(item, scope)),
    );
  }
  return generate(generator, items, child, scope);
}

function generate(
  generator: SelectItem,
  items: readonly SelectItem[],
  child: ResolvedPlan,
  scope: Scope,
): ResolvedPlan {
  const call = generator.expression;
  if (!isGenerator(call)) return raise('INTERNAL_INVARIANT', { what: 'an item that is no generator' });
  const generated = generatedOver(child, call, {
    names: generator.names,
    qualifier: [],
    isOuter: false,
    nextId: () => scope.session.nextId(),
  });
  const columns = generated.output.slice(child.output.length);
  return projectOver(
    generated,
    items.flatMap((item) =>
      item === generator ? columns.map((attribute) => ({ expression: attribute, attribute })) : [namedOf(item, scope)],
    ),
  );
}
