import { expressionsOf, inputsOf } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { AggregateCall, Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import { anyIn, isDeterministic, referencesOf } from '../expressions/typed-tree.ts';
import { isIntegral } from '../types/type-classes.ts';
import { isKnownFunction } from './sent-plan.ts';

type AggregatePlan = Extract<ResolvedPlan, { kind: 'aggregate' }>;

/** Steps that rows go through one by one. */
const narrow: ReadonlySet<ResolvedPlan['kind']> = new Set([
  'project',
  'filter',
  'watermark',
  'generate',
  'expand',
  'union',
  'observe',
  'sample',
]);

/** Why the rows of a streaming source cannot be worked on in other threads up to the next operator, by source; not there: they can. */
export function whatStays(plan: ResolvedPlan): ReadonlyMap<number, string> {
  const reasons = new Map<number, string>();
  const visit = (node: ResolvedPlan, problem: string | undefined): void => {
    if (node.kind === 'read') {
      if (problem !== undefined && !reasons.has(node.sourceId)) reasons.set(node.sourceId, problem);
      return;
    }
    const isNarrow = narrow.has(node.kind) || isStaticJoin(node);
    const next = isNarrow ? (problem ?? problemOf(node)) : undefined;
    for (const input of inputsOf(node)) if (input.isStreaming) visit(input, next);
  };
  visit(plan, undefined);
  return reasons;
}

/** Whether groups of parts of the rows may be merged: in the order of the rows they give the same as all rows at once. */
export function mergesExactly(plan: AggregatePlan): boolean {
  return plan.aggregates.every(({ expression }) => isExact(expression));
}

/** The columns of its input that an aggregation reads. */
export function groupedColumns({ child, keys, aggregates }: AggregatePlan): readonly Attribute[] {
  const read = new Set(keys.map(({ id }) => id));
  for (const { expression } of aggregates) referencesOf(expression, read);
  return child.output.filter(({ id }) => read.has(id));
}

/** Sums of fractions depend on where they begin; sketches and lists are not put together here. */
const exact: ReadonlySet<string> = new Set([
  'count',
  'count_if',
  'min',
  'max',
  'bool_and',
  'bool_or',
  'bit_and',
  'bit_or',
  'bit_xor',
  'first',
  'last',
  'any_value',
]);
const exactOfWhole: ReadonlySet<string> = new Set(['sum', 'try_sum', 'avg', 'try_avg']);

function isExact(e: TypedExpression): boolean {
  if (e.kind !== 'aggregate' || e.distinct || problemIn([...e.args, ...(e.filter === undefined ? [] : [e.filter])])) {
    return false;
  }
  return exact.has(e.function.name) || (exactOfWhole.has(e.function.name) && isOfWhole(e));
}

function isOfWhole({ args }: AggregateCall): boolean {
  return args.every(({ type }) => isIntegral(type) || type.kind === 'decimal');
}

function isStaticJoin(node: ResolvedPlan): boolean {
  return node.kind === 'join' && !(node.left.isStreaming && node.right.isStreaming);
}

function problemOf(node: ResolvedPlan): string | undefined {
  if (node.kind === 'sample') return 'a sample is drawn from the rows in their order';
  if (node.kind === 'generate' && !isKnownFunction(node.generator)) return `${node.generator.name} is known here only`;
  if (node.kind === 'observe') {
    const metrics = expressionsOf(node).flatMap(aggregatesIn);
    return metrics.every(isExact) ? undefined : `the metrics of ${node.name} depend on the order of the rows`;
  }
  return problemIn(expressionsOf(node));
}

function problemIn(expressions: readonly TypedExpression[]): string | undefined {
  for (const e of expressions) {
    let problem = isDeterministic(e) ? undefined : 'a value depends on the order of the rows';
    anyIn(e, (part) => {
      problem ??= problemOfPart(part);
      return problem !== undefined;
    });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfPart(part: TypedExpression): string | undefined {
  if (part.kind === 'udf') return `${part.name} is a function of the program`;
  if (part.kind !== 'call') return undefined;
  const { name, body } = part.function;
  if (body.kind === 'scalar' && body.prepare !== undefined) return `${name} may have to fetch something`;
  return isKnownFunction(part.function) ? undefined : `${name} is known here only`;
}

function aggregatesIn(e: TypedExpression): readonly TypedExpression[] {
  const found: TypedExpression[] = [];
  anyIn(e, (part) => {
    if (part.kind === 'aggregate') found.push(part);
    return false;
  });
  return found;
}
