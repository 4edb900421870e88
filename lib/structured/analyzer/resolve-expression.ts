import { raise } from '../../kernel/errors.ts';
import type { Expression, SortExpression } from '../expressions/expression.ts';
import type { Attribute, LambdaVariable, SortOrder, TypedExpression } from '../expressions/typed-expression.ts';
import { anyIn } from '../expressions/typed-tree.ts';
import type { FunctionDefinition } from '../functions/define-function.ts';
import { arrangeArguments } from '../functions/named-arguments.ts';
import { isRefused, refuseFunction } from '../functions/refused-functions.ts';
import { findFunction, functionNames } from '../functions/registry.ts';
import { collectingProblems } from './analysis-error.ts';
import { builtCall } from './built-call.ts';
import { castMayGiveNull, castTo } from './cast-to.ts';
import { commonType } from './common-type.ts';
import { resolveExtract } from './resolve-extract.ts';
import { columnsNamed, resolveName, resolveStar } from './resolve-name.ts';
import { resolveOver } from './resolve-over.ts';
import { resolveTimeWindow } from './resolve-time-window.ts';
import type { Scope } from './scope.ts';
import { placed } from './placed.ts';
import { resolveSubquery } from './subqueries/resolve-subquery.ts';
import { suggestions } from './suggestions.ts';
import { checkCast } from './check-cast.ts';
import { typedText } from './typed-text.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Case = Extract<Expression, { kind: 'case' }>;

/**
 * Gives an expression types, columns and functions; raises all that is wrong in it at once, with the place in the text of what was
 * written as SQL.
 */
export function resolveExpression(e: Expression, scope: Scope): TypedExpression {
  return placed('position' in e ? e.position : undefined, () => resolve(e, scope));
}

function resolve(e: Expression, scope: Scope): TypedExpression {
  switch (e.kind) {
    case 'literal':
      return { kind: 'literal', value: e.value, type: e.type, nullable: e.value === null };
    case 'name':
      return isBareCall(e, scope)
        ? resolveCall({ kind: 'call', name: e.parts[0] ?? '', args: [] }, scope)
        : resolveName(e.parts, e.planId, scope);
    case 'star':
      return raise('INVALID_USAGE_OF_STAR_OR_REGEX', { elem: '*', prettyName: 'this place' });
    case 'call':
      return resolveCall(e, scope);
    case 'cast': {
      const child = resolveExpression(e.child, scope);
      const mode = e.mode === 'try' ? 'try' : scope.site.ansi ? 'ansi' : 'legacy';
      checkCast(child, e.type, mode);
      // A cast to the type that is there stays until the optimizer: it is a computed column, and no event time any more.
      const nullable = child.nullable || castMayGiveNull(child.type, e.type, mode);
      return { kind: 'cast', child, type: e.type, mode, nullable };
    }
    case 'case':
      return resolveCase(e, scope);
    case 'alias':
      return resolveExpression(e.child, scope);
    case 'extract': {
      const [child, key] = resolveAll([e.child, e.key], scope) as [TypedExpression, TypedExpression];
      return resolveExtract(child, key, scope);
    }
    case 'lambda':
      return raise('INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION', { function: 'this place' });
    case 'sort':
      return raise('INVALID_SORT_ORDER_PLACE', { order: e.ascending ? 'asc()' : 'desc()' });
    case 'over':
      return resolveOver(e, scope, resolveExpression);
    case 'subquery':
      return resolveSubquery(e, scope, resolveExpression);
    case 'udf':
      return {
        kind: 'udf',
        name: e.name,
        call: e.call,
        args: resolveAll(e.args, scope),
        type: e.returns,
        nullable: true,
        deterministic: e.deterministic,
        ...(e.isOwn === true ? { isOwn: true } : {}),
      };
    default:
      return e satisfies never;
  }
}

const bareFunctions = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtimestamp',
  'current_user',
  'user',
  'session_user',
  'current_catalog',
  'current_database',
  'current_schema',
]);

/** A function that is called without brackets, where no column has its name. */
function isBareCall({ parts, planId }: Extract<Expression, { kind: 'name' }>, scope: Scope): boolean {
  const [name = ''] = parts;
  return (
    parts.length === 1 &&
    planId === undefined &&
    bareFunctions.has(name.toLowerCase()) &&
    columnsNamed(
      name,
      [...scope.attributes, ...scope.variables.map((v) => ({ ...v, kind: 'attribute', qualifier: [] }) as const)],
      scope,
    ).length === 0
  );
}

/** Resolves several expressions; what is wrong in any of them is raised together. */
function resolveAll(expressions: readonly Expression[], scope: Scope): readonly TypedExpression[] {
  return collectingProblems(expressions.map((e) => () => resolveExpression(e, scope)));
}

export function resolveOrder(order: SortExpression, scope: Scope): SortOrder {
  return { child: resolveExpression(order.child, scope), ascending: order.ascending, nullsFirst: order.nullsFirst };
}

/** Columns in place of each `*`. */
export function expandStars(
  expressions: readonly Expression[],
  scope: Scope,
): readonly (Expression | { readonly kind: 'resolved'; readonly expression: TypedExpression })[] {
  return collectingProblems(
    expressions.map((e) => () => {
      if (e.kind !== 'star') return [e];
      return placed(e.position, () => resolveStar(e, scope)).map(
        (expression) => ({ kind: 'resolved', expression }) as const,
      );
    }),
  ).flat();
}

function resolveCall(e: Call, { isOver, ...scope }: Scope): TypedExpression {
  const name = e.name.toLowerCase();
  const [first] = e.args;
  if (name === 'not' && first?.kind === 'subquery' && first.form === 'in') {
    return builtCall('not', [resolveSubquery(first, scope, resolveExpression, true)]);
  }
  if (name === 'window' || name === 'session_window' || name === 'window_time') {
    return resolveTimeWindow(name, resolveAll(e.args, scope), scope);
  }
  const registered = scope.session.registeredFunction(name);
  if (registered !== undefined) {
    return {
      kind: 'udf',
      name: registered.name,
      call: registered.call,
      args: resolveAll(e.args, scope),
      type: registered.returns,
      nullable: true,
      deterministic: registered.deterministic,
    };
  }
  if (name === 'struct') return resolveStruct(e, scope);
  const definition = findFunction(name);
  if (definition === undefined) {
    if (isRefused(name)) return refuseFunction(name, resolveAll(e.args, scope).length);
    return raise('UNRESOLVED_ROUTINE', {
      routineName: `\`${e.name}\``,
      suggestion: suggestions(
        name,
        [...functionNames()].filter((known) => /^\w+$/u.test(known)),
      ),
    });
  }
  if (definition.body.kind === 'ranking' && isOver !== true) {
    raise('WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE', { funcName: definition.name });
  }
  const call = arrangeArguments(definition, e);
  const args = resolveArguments(definition, call, scope);
  refuseGenerators(e.name, args);
  return applyFunction(definition, call, args, isOver === true ? { ...scope, isOver } : scope);
}

function refuseGenerators(name: string, args: readonly TypedExpression[]): void {
  const generator = args.find((arg) => arg.kind === 'call' && arg.function.body.kind === 'generator');
  if (generator !== undefined) {
    raise('UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS', { expression: `${name}(${typedText(generator)})` });
  }
}

/** `struct(a, b AS c)` takes the names of its fields from its arguments. */
function resolveStruct(e: Call, scope: Scope): TypedExpression {
  const definition = findFunction('named_struct');
  if (definition === undefined) return raise('UNRESOLVED_ROUTINE', { routineName: '`named_struct`', suggestion: '' });
  const fields = collectingProblems(
    expandStars(e.args, scope).map((arg, i) => () => {
      const value = arg.kind === 'resolved' ? arg.expression : resolveExpression(arg, scope);
      const name: TypedExpression = {
        kind: 'literal',
        value: fieldName(arg.kind === 'resolved' ? undefined : arg, value, i),
        type: { kind: 'string' },
        nullable: false,
      };
      return [name, value] as const;
    }),
  );
  return applyFunction(definition, e, fields.flat(), scope);
}

function fieldName(written: Expression | undefined, value: TypedExpression, index: number): string {
  if (written?.kind === 'alias') return written.names[0] ?? `col${index + 1}`;
  if (value.kind === 'attribute' || value.kind === 'variable') return value.name;
  if (value.kind === 'extract' && 'name' in value.access && written?.kind !== 'call') return value.access.name;
  return `col${index + 1}`;
}

/** Arguments from left to right: the types of a lambda's parameters follow from the arguments before it. */
function resolveArguments(definition: FunctionDefinition, e: Call, scope: Scope): readonly TypedExpression[] {
  if (definition.name === 'count' && e.distinct !== true && e.args.length === 1 && e.args[0]?.kind === 'star') {
    return [{ kind: 'literal', value: 1, type: { kind: 'int' }, nullable: false }];
  }
  const expanded = expandStars(e.args, scope);
  const typed: (TypedExpression | undefined)[] = expanded.map(() => undefined);
  const plain = expanded.flatMap((arg, i) => (arg.kind === 'lambda' ? [] : [i]));
  collectingProblems(
    plain.map((i) => () => {
      const arg = expanded[i] as (typeof expanded)[number];
      typed[i] = arg.kind === 'resolved' ? arg.expression : resolveExpression(arg, scope);
    }),
  );
  for (const [i, arg] of expanded.entries()) {
    if (arg.kind === 'lambda') typed[i] = resolveLambda(definition, arg, i, typed, scope);
    else if (definition.lambdaPlaces?.includes(i) === true) typed[i] = constantLambda(typed[i] as TypedExpression);
  }
  return typed as readonly TypedExpression[];
}

/** A value in place of a lambda stands for one that always gives it. */
function constantLambda(body: TypedExpression): TypedExpression {
  return { kind: 'lambda', parameters: [], body, type: body.type, nullable: body.nullable };
}

function resolveLambda(
  definition: FunctionDefinition,
  lambda: Extract<Expression, { kind: 'lambda' }>,
  index: number,
  args: readonly (TypedExpression | undefined)[],
  scope: Scope,
): TypedExpression {
  if (definition.lambdaParameters === undefined) {
    return raise('INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION', { function: definition.name });
  }
  const types = definition.lambdaParameters(index, args, lambda.parameters.length);
  if (types.length !== lambda.parameters.length) {
    return raise('INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH', {
      expectedNumArgs: types.length,
      actualNumArgs: lambda.parameters.length,
      function: definition.name,
    });
  }
  const parameters = lambda.parameters.map((name, i): LambdaVariable => {
    const { type, nullable } = types[i] as (typeof types)[number];
    return { kind: 'variable', id: scope.session.nextId(), name, type, nullable };
  });
  const body = resolveExpression(lambda.body, { ...scope, variables: [...parameters, ...scope.variables] });
  return { kind: 'lambda', parameters, body, type: body.type, nullable: body.nullable };
}

/** Aggregates that take WITHIN GROUP. */
const ordered = new Set(['percentile_cont', 'percentile_disc', 'mode', 'listagg']);

function applyFunction(
  definition: FunctionDefinition,
  e: Call,
  args: readonly TypedExpression[],
  scope: Scope,
): TypedExpression {
  const options = e.options === undefined ? {} : { options: e.options };
  const given = e.distinct === true ? { options: { ...e.options, distinct: 'true' } } : options;
  if (e.options?.['withinGroup'] !== undefined && !ordered.has(definition.name)) {
    raise('INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX', {
      prettyName: definition.name,
      syntax: 'WITHIN GROUP (ORDER BY ...)',
    });
  }
  const signature = definition.resolve(args, { ...scope.site, ...given });
  const casted = args.map((arg, i) => castTo(arg, signature.args[i] ?? arg.type, scope.site));
  const nullable = signature.nullable ?? casted.some((arg) => arg.nullable);
  if (definition.body.kind === 'aggregate')
    return aggregateCall(definition, e, casted, { type: signature.type, nullable }, scope);
  if (e.distinct === true)
    raise('INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX', { prettyName: definition.name, syntax: 'DISTINCT' });
  if (e.filter !== undefined) {
    raise('INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX', { prettyName: definition.name, syntax: 'FILTER' });
  }
  return { kind: 'call', function: definition, args: casted, type: signature.type, nullable, ...options };
}

function aggregateCall(
  definition: FunctionDefinition,
  e: Call,
  args: readonly TypedExpression[],
  { type, nullable }: { type: TypedExpression['type']; nullable: boolean },
  scope: Scope,
): TypedExpression {
  const filter = e.filter === undefined ? undefined : resolveExpression(e.filter, scope);
  if (filter !== undefined && filter.type.kind !== 'boolean') {
    raise('INVALID_AGGREGATE_FILTER.NOT_BOOLEAN', { filter: typedText(filter), type: filter.type.kind.toUpperCase() });
  }
  if (filter !== undefined && anyIn(filter, (node) => node.kind === 'aggregate')) {
    raise('INVALID_AGGREGATE_FILTER.CONTAINS_AGGREGATE', { filter: typedText(filter) });
  }
  const parts = filter === undefined ? args : [...args, filter];
  // Over a window the aggregates within are those of the groups: `sum(sum(v)) OVER ()`.
  if (scope.isOver !== true && parts.some((part) => anyIn(part, (node) => node.kind === 'aggregate'))) {
    raise('NESTED_AGGREGATE_FUNCTION', { function: definition.name });
  }
  return {
    kind: 'aggregate',
    function: definition,
    args,
    distinct: e.distinct === true,
    type,
    nullable,
    ...(filter === undefined ? {} : { filter }),
    ...(e.options === undefined ? {} : { options: e.options }),
  };
}

function resolveCase(e: Case, scope: Scope): TypedExpression {
  const written = [...e.branches.flat(), ...(e.otherwise === undefined ? [] : [e.otherwise])];
  const typed = resolveAll(written, scope);
  const conditions = e.branches.map((_, i) => typed[2 * i] as TypedExpression);
  for (const condition of conditions) {
    if (condition.type.kind !== 'boolean' && condition.type.kind !== 'void') {
      raise('DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE', {
        position: 'first',
        function: 'CASE WHEN',
        required: 'BOOLEAN',
        argument: typedText(condition),
        actual: condition.type.kind.toUpperCase(),
      });
    }
  }
  const values = e.branches.map((_, i) => typed[2 * i + 1] as TypedExpression);
  const last = e.otherwise === undefined ? undefined : typed.at(-1);
  const all = last === undefined ? values : [...values, last];
  const type = commonType(all, scope.site, 'CASE WHEN');
  const otherwise: TypedExpression =
    last === undefined ? { kind: 'literal', value: null, type, nullable: true } : castTo(last, type, scope.site);
  const branches = conditions.map(
    (condition, i) =>
      [
        castTo(condition, { kind: 'boolean' }, scope.site),
        castTo(values[i] as TypedExpression, type, scope.site),
      ] as const,
  );
  return {
    kind: 'case',
    branches,
    otherwise,
    type,
    nullable: otherwise.nullable || branches.some(([, value]) => value.nullable),
  };
}

/** A new column that holds the result of an expression. The event time stays one under another name, and only so. */
export function newAttribute(name: string, e: TypedExpression, nextId: () => number): Attribute {
  return {
    kind: 'attribute',
    id: nextId(),
    name,
    type: e.type,
    nullable: e.nullable,
    qualifier: [],
    ...(e.kind === 'attribute' && e.watermarkDelayMs !== undefined ? { watermarkDelayMs: e.watermarkDelayMs } : {}),
  };
}
