import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import type { Attribute, NamedExpression, TypedCall, TypedExpression } from '../expressions/typed-expression.ts';
import { anyIn, childrenOf } from '../expressions/typed-tree.ts';
import { collectingProblems } from './analysis-error.ts';
import { nameOf } from '../expressions/sql-text.ts';
import type { ResolvedPlan } from './resolved-plan.ts';
import { expandStars, newAttribute, resolveExpression } from './resolve-expression.ts';
import type { DataType } from '../types/data-type.ts';
import { columnsNamed, matches } from './resolve-name.ts';
import type { Scope } from './scope.ts';
import { typedText } from './typed-text.ts';

/** One item of a SELECT list, resolved. A generator has as many names as columns. */
export interface SelectItem {
  readonly expression: TypedExpression;
  readonly names: readonly string[];
  /** A bare column without an alias: it stays the column it is. */
  readonly isBare: boolean;
}

/**
 * Resolves a SELECT list, `*` expanded; all problems of all items at once. An item sees the aliases of those before it, where there is
 * no column of that name.
 */
export function resolveItems(written: readonly Expression[], around: Scope): readonly SelectItem[] {
  const aliases = new Map(around.aliases);
  const scope = { ...around, aliases };
  return collectingProblems(
    expandStars(written, scope).map((item) => (): SelectItem => {
      if (item.kind !== 'resolved') {
        const resolved = resolveItem(item, scope);
        if (item.kind === 'alias' && !isGenerator(resolved.expression)) {
          refuseHuge(resolved.expression);
          aliases.set(item.names[0]?.toLowerCase() ?? '', resolved.expression);
        }
        return resolved;
      }
      const { expression } = item;
      return { expression, names: [nameOfColumn(expression)], isBare: expression.kind === 'attribute' };
    }),
  );
}

const sizes = new WeakMap<TypedExpression, number>();

/** How many nodes an expression has when all that it repeats is written out. */
function sizeOf(e: TypedExpression): number {
  let size = sizes.get(e);
  if (size === undefined) sizes.set(e, (size = childrenOf(e).reduce((sum, child) => sum + sizeOf(child), 1)));
  return size;
}

/** Aliases of aliases: each use of one writes it out, and twice twice is soon more than there is memory. */
const MAX_ALIASED = 20_000;

function refuseHuge(e: TypedExpression): void {
  if (sizeOf(e) > MAX_ALIASED) raise('QUERY_PLAN_TOO_DEEP', {});
}

export function resolveItem(written: Expression, scope: Scope): SelectItem {
  const expression = resolveExpression(written, scope);
  if (written.kind === 'alias') {
    checkAliases(written.names, expression);
    return { expression, names: written.names, isBare: false };
  }
  const isColumn = written.kind === 'name';
  if (isGenerator(expression)) {
    return { expression, names: generatedNames(expression), isBare: false };
  }
  // What is resolved for its type only must leave nothing to compute.
  const typeIn = (part: Expression): DataType | undefined => typeOf(part, { ...scope, lifts: [] });
  const name = isColumn
    ? nameAsWritten(written.parts, expression)
    : nameOf(withNamesOf(scope, written), { typeOf: typeIn });
  return { expression, names: [name], isBare: expression.kind === 'attribute' && written.kind !== 'over' };
}

/** The type of a part of an item, for its name; `undefined` for what has none on its own, like the variable of a lambda. */
function typeOf(part: Expression, scope: Scope): DataType | undefined {
  try {
    return resolveExpression(part, scope).type;
  } catch {
    return undefined;
  }
}

/** The column of an item: itself when it is bare, else a new one. */
export function namedOf(item: SelectItem, scope: Scope): NamedExpression {
  const { expression } = item;
  refuseGrouping(expression);
  if (item.isBare && expression.kind === 'attribute') {
    const [name = expression.name] = item.names;
    return { expression, attribute: name === expression.name ? expression : { ...expression, name } };
  }
  return { expression, attribute: newAttribute(item.names[0] ?? '', expression, () => scope.session.nextId()) };
}

export function isGenerator(e: TypedExpression): e is TypedCall {
  return e.kind === 'call' && e.function.body.kind === 'generator';
}

/** Refuses what can only stand elsewhere: generators inside of expressions, aggregates outside of aggregations. */
export function refuseIn(
  place: string,
  e: TypedExpression,
  what: { readonly aggregates: boolean; readonly generators: boolean },
): void {
  refuseGrouping(e);
  if (what.aggregates && anyIn(e, (node) => node.kind === 'aggregate')) {
    raise('INVALID_WHERE_CONDITION', { condition: typedText(e), place });
  }
  if (what.generators && anyIn(e, isGenerator)) raise('UNSUPPORTED_GENERATOR.OUTSIDE_SELECT', { plan: place });
}

/** `grouping` and `grouping_id` are gone when they stand where they belong. */
function refuseGrouping(e: TypedExpression): void {
  if (anyIn(e, (node) => node.kind === 'call' && node.function.body.kind === 'rewritten')) {
    raise('UNSUPPORTED_GROUPING_EXPRESSION', { expression: typedText(e) });
  }
}

/** A generator can only be a whole item. */
export function refuseNestedGenerators(items: readonly SelectItem[]): void {
  for (const { expression } of items) {
    if (childrenOf(expression).some((child) => anyIn(child, isGenerator))) {
      raise('UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS', { expression: typedText(expression) });
    }
  }
  const generators = items.filter(({ expression }) => isGenerator(expression));
  if (generators.length > 1) {
    raise('UNSUPPORTED_GENERATOR.MULTI_GENERATOR', {
      num: generators.length,
      generators: generators.map(({ expression }) => typedText(expression)).join(', '),
    });
  }
}

export function projectOver(child: ResolvedPlan, columns: readonly NamedExpression[]): ResolvedPlan {
  return {
    kind: 'project',
    child,
    columns,
    output: columns.map(({ attribute }) => attribute),
    isStreaming: child.isStreaming,
  };
}

/** A column that is passed on as it is. */
export function passedOn(attribute: Attribute): NamedExpression {
  return { expression: attribute, attribute };
}

/** Only the first columns again, where helper columns were added behind them. */
export function restored(plan: ResolvedPlan, output: readonly Attribute[]): ResolvedPlan {
  if (plan.output.length === output.length) return plan;
  return projectOver(
    plan,
    output.map((attribute) => ({ expression: attribute, attribute })),
  );
}

/** A column keeps the case in which it was asked for, as in Spark. */
function nameAsWritten(parts: readonly string[], e: TypedExpression): string {
  const name = nameOfColumn(e);
  const written = parts.at(-1) ?? '';
  return name.toLowerCase() === written.toLowerCase() ? written : name;
}

function nameOfColumn(e: TypedExpression): string {
  if (e.kind === 'attribute' || e.kind === 'variable') return e.name;
  return e.kind === 'extract' && 'name' in e.access ? e.access.name : typedText(e);
}

/** Columns are named as they are in the plan, not as they were written: `Amount + 1` is `(amount + 1)`. */
function withNamesOf(scope: Scope, e: Expression): Expression {
  const again = (child: Expression): Expression => withNamesOf(scope, child);
  switch (e.kind) {
    case 'name': {
      const isAlias = e.planId === undefined && isOfAlias(e.parts, scope);
      if (isAlias) return { kind: 'name', parts: [`lateralAliasReference(${e.parts.join('.')})`] };
      return { ...e, parts: partsInPlan(e.parts, scope) };
    }
    case 'call':
      return { ...e, args: e.args.map(again) };
    case 'cast':
    case 'alias':
      return { ...e, child: again(e.child) };
    case 'extract':
      return { ...e, child: again(e.child), key: again(e.key) };
    default:
      return e;
  }
}

/** Whether a name means the alias of an item before, and no column. */
function isOfAlias(parts: readonly string[], scope: Scope): boolean {
  const [first = ''] = parts;
  return (
    scope.aliases?.has(first.toLowerCase()) === true &&
    columnsNamed(first, scope.attributes, scope).length === 0 &&
    !isTimeWindow(first)
  );
}

/** `window.start` in a query that groups by `window(...)`: a column of the groups, and no alias. */
function isTimeWindow(name: string): boolean {
  return /^(?:session_)?window$/iu.test(name);
}

function partsInPlan(parts: readonly string[], scope: Scope): readonly string[] {
  const [first = '', second] = parts;
  const [found] = columnsNamed(first, scope.attributes, scope);
  if (found !== undefined) return [found.name, ...parts.slice(1)];
  const qualified = scope.attributes.find(
    ({ name, qualifier }) =>
      second !== undefined && matches(name, second, scope) && matches(qualifier.at(-1) ?? '', first, scope),
  );
  return qualified === undefined ? parts : [qualified.name, ...parts.slice(2)];
}

function generatedNames(e: TypedCall): readonly string[] {
  return e.type.kind === 'struct' ? e.type.fields.map((field) => field.name) : [e.function.name];
}

function checkAliases(names: readonly string[], e: TypedExpression): void {
  const count = isGenerator(e) && e.type.kind === 'struct' ? e.type.fields.length : 1;
  if (names.length === count || (names.length === 1 && count === 1)) return;
  raise('UDTF_ALIAS_NUMBER_MISMATCH', { aliasesNum: names.length, outputNum: count });
}
