import { raise } from '../../../kernel/errors.ts';
import type { Expression } from '../../expressions/expression.ts';
import type { Attribute, NamedExpression, TypedExpression } from '../../expressions/typed-expression.ts';
import { findFunction } from '../../functions/registry.ts';
import type { JoinKind } from '../../plan/logical-plan.ts';
import { collectingProblems } from '../analysis-error.ts';
import { castTo } from '../cast-to.ts';
import { commonType } from '../common-type.ts';
import type { Analyzed, NodeContext, NodeOf } from '../node-context.ts';
import { withNewIds } from '../plan-tree.ts';
import { newAttribute, resolveExpression } from '../resolve-expression.ts';
import { columnsNamed, quoted } from '../resolve-name.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Scope } from '../scope.ts';
import { passedOn, projectOver, refuseIn } from '../select-items.ts';
import { joinedWithSubqueries } from '../subqueries/join-condition.ts';
import { lateralJoin } from '../subqueries/join-subquery.ts';
import { suggestions } from '../suggestions.ts';
import { typedText } from '../typed-text.ts';

/** `join` and `crossJoin`. A DataFrame joined with one made of itself gets new columns on the right. */
export function resolveJoin(node: NodeOf<'join'>, context: NodeContext): Analyzed {
  const left = context.input(node.left);
  if (node.isLateral === true) return { plan: lateral(node, left, context) };
  const original = context.input(node.right);
  const leftIds = new Set(left.output.map((attribute) => attribute.id));
  const isShared = original.output.some((attribute) => leftIds.has(attribute.id));
  const copy = isShared ? withNewIds(original, () => context.session.nextId()) : undefined;
  const right = copy?.plan ?? original;
  const scope = context.scope(node.left, { plan: node.right, resolved: right, ids: copy?.ids ?? new Map() });
  const names = node.isNatural === true ? commonNames(left, right, scope) : node.using;
  const plan =
    names === undefined || names.length === 0
      ? onCondition(node, left, right, scope, context, copy?.ids ?? new Map())
      : using(node, names, left, right, scope);
  return copy === undefined ? { plan } : { plan, ids: [undefined, copy.ids] };
}

function onCondition(
  node: NodeOf<'join'>,
  left: ResolvedPlan,
  right: ResolvedPlan,
  scope: Scope,
  context: NodeContext,
  ids: ReadonlyMap<number, number>,
): ResolvedPlan {
  if (node.on === undefined) return joined(left, right, node.how, undefined);
  const [first, second] = [node.left, node.right].map((side) => context.scope(side).columnsOf);
  const condition = resolveExpression(withSides(node.on), {
    ...scope,
    columnsOf: (planId) => {
      if (planId >= 0) return scope.columnsOf(planId);
      return (isLeft(planId) ? first?.(original(planId)) : renamed(second?.(original(planId)), ids)) ?? [];
    },
  });
  refuseIn('a join condition', condition, { aggregates: true, generators: true });
  if (scope.lifts.some(({ kind }) => kind !== 'subquery')) {
    raise('QUERY_WINDOW_IN_JOIN_CONDITION', { condition: typedText(condition) });
  }
  if (condition.type.kind !== 'boolean' && condition.type.kind !== 'void') {
    raise('JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE', {
      joinCondition: typedText(condition),
      conditionType: condition.type.kind.toUpperCase(),
    });
  }
  const cast = castTo(condition, { kind: 'boolean' }, scope.site);
  if (scope.lifts.length === 0) return joined(left, right, node.how, cast);
  return joinedWithSubqueries(joined(left, right, node.how, cast), scope.lifts);
}

/** `NATURAL`: the names that both sides have. */
function commonNames(left: ResolvedPlan, right: ResolvedPlan, scope: Scope): readonly string[] {
  return left.output.map(({ name }) => name).filter((name) => columnsNamed(name, right.output, scope).length > 0);
}

/** `LATERAL`: the right side is computed for each row of the left. */
function lateral(node: NodeOf<'join'>, left: ResolvedPlan, context: NodeContext): ResolvedPlan {
  const { how, on } = node;
  if (how !== 'inner' && how !== 'cross' && how !== 'left') {
    return raise('UNSUPPORTED_JOIN_TYPE_FOR_LATERAL', { joinType: how });
  }
  const right = context.inputIn(node.right, context.scope(node.left));
  const join = lateralJoin(left, right, how === 'left' ? 'left' : 'inner', () => context.session.nextId());
  // As the relation names them: what the join gives out has lost the alias.
  const columns = [...left.output, ...(how === 'left' ? right.output.map(nullable) : right.output)];
  const only = (plan: ResolvedPlan): ResolvedPlan => projectOver(plan, columns.map(passedOn));
  if (on === undefined) return only(join);
  const scope = { ...context.scope(node.left), attributes: [...left.output, ...right.output] };
  const condition = castTo(resolveExpression(on, scope), { kind: 'boolean' }, scope.site);
  return only({
    ...join,
    condition: join.condition === undefined ? condition : boolean('and', [join.condition, condition]),
  });
}

/** `df.col('x') = df.col('x')` in a join of `df` with itself: the one is meant on the left, the other on the right. */
function withSides(e: Expression): Expression {
  if (e.kind !== 'call') return e;
  const [a, b] = e.args;
  const isEquality = e.name === '=' || e.name === '<=>';
  if (isEquality && a?.kind === 'name' && b?.kind === 'name' && a.planId !== undefined && a.planId === b.planId) {
    const isSame = a.parts.length === b.parts.length && a.parts.every((part, i) => part === b.parts[i]);
    if (isSame)
      return {
        ...e,
        args: [
          { ...a, planId: -2 * a.planId - 1 },
          { ...b, planId: -2 * b.planId - 2 },
        ],
      };
  }
  return e.name === 'and' ? { ...e, args: e.args.map(withSides) } : e;
}

function isLeft(sided: number): boolean {
  return -sided % 2 === 1;
}

function original(sided: number): number {
  return Math.floor((-sided - 1) / 2);
}

function renamed(
  lists: readonly (readonly Attribute[])[] | undefined,
  ids: ReadonlyMap<number, number>,
): readonly (readonly Attribute[])[] | undefined {
  return lists?.map((columns) => columns.map((column) => withId(column, ids)));
}

function withId(column: Attribute, ids: ReadonlyMap<number, number>): Attribute {
  return { ...column, id: ids.get(column.id) ?? column.id };
}

/** Columns of the same name on both sides: equal in the condition, once in the result, in front. */
function using(
  node: NodeOf<'join'>,
  names: readonly string[],
  left: ResolvedPlan,
  right: ResolvedPlan,
  scope: Scope,
): ResolvedPlan {
  const pairs = collectingProblems(
    names.flatMap((name) => [
      () => usingColumn(name, left, 'left', scope),
      () => usingColumn(name, right, 'right', scope),
    ]),
  );
  const keys = names.map((_, i) => [pairs[2 * i], pairs[2 * i + 1]] as [Attribute, Attribute]);
  const condition = keys.map(([a, b]) => equal(a, b, scope)).reduce((a, b) => boolean('and', [a, b]));
  const join = joined(left, right, node.how, condition);
  const used = new Set(keys.flat().map((key) => key.id));
  // Outer joins make columns nullable: the columns are those of the join's output.
  const given = new Map(join.output.map((attribute) => [attribute.id, attribute]));
  const rest = join.output.filter((attribute) => !used.has(attribute.id)).map(passedOn);
  const front = keys.map(([a, b]): NamedExpression => {
    if (node.how === 'right') return passedOn(given.get(b.id) ?? b);
    if (node.how !== 'full') return passedOn(given.get(a.id) ?? a);
    return coalesced(given.get(a.id) ?? a, given.get(b.id) ?? b, scope);
  });
  const project = projectOver(join, [...front, ...rest]);
  const shown = new Set(front.map(({ attribute }) => attribute.id));
  const hidden = join.output.filter(({ id }) => used.has(id) && !shown.has(id));
  return project.kind === 'project' ? { ...project, hidden } : project;
}

function usingColumn(name: string, side: ResolvedPlan, which: string, scope: Scope): Attribute {
  const found = columnsNamed(name, side.output, scope);
  const [column] = found;
  if (column === undefined) {
    return raise('UNRESOLVED_USING_COLUMN_FOR_JOIN', {
      colName: quoted([name]),
      side: which,
      suggestion: suggestions(
        name,
        side.output.map((attribute) => attribute.name),
      ),
    });
  }
  if (found.length > 1) {
    raise('AMBIGUOUS_REFERENCE', {
      name: quoted([name]),
      referenceNames: `[${found.map((f) => quoted([f.name])).join(', ')}]`,
    });
  }
  return column;
}

/** `a = b`, both cast to what they have in common. */
function equal(a: TypedExpression, b: TypedExpression, scope: Scope): TypedExpression {
  return boolean('=', [a, b], scope);
}

function boolean(name: string, args: readonly TypedExpression[], scope?: Scope): TypedExpression {
  const definition = findFunction(name) ?? raise('INTERNAL_INVARIANT', { what: `there is no ${name}` });
  const site = scope?.site ?? { ansi: true, timeZone: 'UTC' };
  const signature = definition.resolve(args, site);
  const casted = args.map((arg, i) => castTo(arg, signature.args[i] ?? arg.type, site));
  return {
    kind: 'call',
    function: definition,
    args: casted,
    type: { kind: 'boolean' },
    nullable: signature.nullable ?? casted.some((arg) => arg.nullable),
  };
}

function coalesced(a: Attribute, b: Attribute, scope: Scope): NamedExpression {
  const type = commonType([a, b], scope.site, 'join');
  const coalesce = findFunction('coalesce') ?? raise('INTERNAL_INVARIANT', { what: 'there is no coalesce' });
  const expression: TypedExpression = {
    kind: 'call',
    function: coalesce,
    args: [castTo(a, type, scope.site), castTo(b, type, scope.site)],
    type,
    nullable: a.nullable && b.nullable,
  };
  return { expression, attribute: newAttribute(a.name, expression, () => scope.session.nextId()) };
}

/** Of the side that may be missing. */
function nullable(attribute: Attribute): Attribute {
  return { ...attribute, nullable: true };
}

function joined(
  left: ResolvedPlan,
  right: ResolvedPlan,
  how: JoinKind,
  condition: TypedExpression | undefined,
): ResolvedPlan {
  const leftOutput = how === 'right' || how === 'full' ? left.output.map(nullable) : left.output;
  const rightOutput = how === 'left' || how === 'full' ? right.output.map(nullable) : right.output;
  return {
    kind: 'join',
    left,
    right,
    how: how === 'cross' && condition !== undefined ? 'inner' : how,
    ...(condition === undefined ? {} : { condition }),
    output: how === 'leftSemi' || how === 'leftAnti' ? left.output : [...leftOutput, ...rightOutput],
    isStreaming: left.isStreaming || right.isStreaming,
  };
}
