import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { inputsOf, withInputs } from '../analyzer/plan-tree.ts';
import type { NamedExpression, TypedExpression } from '../expressions/typed-expression.ts';
import { anyIn, isDeterministic, referencesOf, transformUp } from '../expressions/typed-tree.ts';
import { allOf, conjunctsOf } from './conjunctions.ts';

/**
 * Sinks filters towards the sources: through projections, unions, sides of joins, grouping keys, and below `withWatermark` when they do
 * not mention the event time. The last one changes results, and is Spark's: rows that such a filter removes do not move the watermark.
 *
 * Only deterministic conditions sink, and none passes a limit, a sample, or an operator that would see other rows for it.
 */
export function pushFilters(plan: ResolvedPlan): ResolvedPlan {
  if (plan.kind === 'join')
    return pushJoinCondition({ ...plan, left: pushFilters(plan.left), right: pushFilters(plan.right) });
  if (plan.kind !== 'filter') return withInputs(plan, inputsOf(plan).map(pushFilters));
  const child = pushFilters(plan.child);
  const parts = conjunctsOf(plan.condition);
  // What stands behind a condition that may give another answer each time must be evaluated as often as before.
  const firstStaying = parts.findIndex((part) => !isDeterministic(part));
  const movable = firstStaying === -1 ? parts : parts.slice(0, firstStaying);
  const fixed = firstStaying === -1 ? [] : parts.slice(firstStaying);
  const { plan: pushed, left } = sink(movable, child);
  return filterBy([...left, ...fixed], pushed);
}

interface Sunk {
  readonly plan: ResolvedPlan;
  /** Conditions that stay above. */
  readonly left: readonly TypedExpression[];
}

function sink(conditions: readonly TypedExpression[], child: ResolvedPlan): Sunk {
  switch (child.kind) {
    case 'filter': {
      if (!isDeterministic(child.condition)) return { plan: child, left: conditions };
      // The lower filter may guard the upper one: it stays in front.
      const all = [...conjunctsOf(child.condition), ...conditions];
      return sinkOrFilter(all, child.child);
    }
    case 'project':
      return throughProject(conditions, child);
    case 'watermark': {
      const [free, bound] = split(conditions, (part) => !referencesOf(part).has(child.column.id));
      return { plan: { ...child, child: below(free, child.child) }, left: bound };
    }
    case 'union': {
      const children = child.children.map((input) => {
        const ids = new Map(child.output.map((attribute, i) => [attribute.id, input.output[i]]));
        return below(
          conditions.map((part) => replaced(part, (id) => ids.get(id))),
          input,
        );
      });
      return { plan: { ...child, children }, left: [] };
    }
    case 'join':
      return throughJoin(conditions, child);
    case 'aggregate': {
      if (child.keys.length === 0) return { plan: child, left: conditions };
      const keys = new Set(child.keys.filter((key) => key.id !== child.session?.id).map((key) => key.id));
      const [free, bound] = split(conditions, (part) => isWithin(part, keys));
      return { plan: { ...child, child: below(free, child.child) }, left: bound };
    }
    case 'sort':
      return { plan: { ...child, child: below(conditions, child.child) }, left: [] };
    default:
      return { plan: child, left: conditions };
  }
}

function sinkOrFilter(conditions: readonly TypedExpression[], child: ResolvedPlan): Sunk {
  const { plan, left } = sink(conditions, child);
  return { plan: filterBy(left, plan), left: [] };
}

function below(conditions: readonly TypedExpression[], child: ResolvedPlan): ResolvedPlan {
  return conditions.length === 0 ? child : sinkOrFilter(conditions, child).plan;
}

function filterBy(conditions: readonly TypedExpression[], child: ResolvedPlan): ResolvedPlan {
  const condition = allOf(conditions);
  if (condition === undefined) return child;
  return { kind: 'filter', child, condition, output: child.output, isStreaming: child.isStreaming };
}

/** The condition with computed columns in place of their names; it stays above those that are computed anew each time. */
function throughProject(
  conditions: readonly TypedExpression[],
  child: Extract<ResolvedPlan, { kind: 'project' }>,
): Sunk {
  if (!child.columns.every(({ expression }) => isDeterministic(expression))) return { plan: child, left: conditions };
  const columns = new Map(child.columns.map((column) => [column.attribute.id, column]));
  const rewritten = new Map(conditions.map((part) => [part, replaced(part, (id) => columns.get(id)?.expression)]));
  // Below a watermark a filter decides what moves it: there it must arrive whatever it costs.
  const isWatermarked = leadsToWatermark(child.child);
  const isNeeded = (part: TypedExpression): boolean => isWatermarked && !mentionsEventTime(rewritten.get(part) ?? part);
  const [free, bound] = split(conditions, (part) => isNeeded(part) || isCheapBelow(part, columns));
  return {
    plan: {
      ...child,
      child: below(
        free.map((part) => rewritten.get(part) ?? part),
        child.child,
      ),
    },
    left: bound,
  };
}

function mentionsEventTime(e: TypedExpression): boolean {
  return anyIn(e, (part) => part.kind === 'attribute' && part.watermarkDelayMs !== undefined);
}

function leadsToWatermark(plan: ResolvedPlan): boolean {
  return plan.kind === 'watermark' || inputsOf(plan).some(leadsToWatermark);
}

/**
 * A condition on a column that costs much to compute (JSON, a function of the program) stays above, where the column is computed once;
 * conditions on columns that are only passed on or cheap sink.
 */
function isCheapBelow(part: TypedExpression, columns: ReadonlyMap<number, NamedExpression>): boolean {
  return [...referencesOf(part)].every((id) => {
    const expression = columns.get(id)?.expression;
    return expression !== undefined && (expression.kind === 'attribute' || isCheap(expression));
  });
}

function isCheap(e: TypedExpression): boolean {
  switch (e.kind) {
    case 'attribute':
    case 'literal':
      return true;
    case 'extract':
      return isCheap(e.child) && !('key' in e.access);
    default:
      return false;
  }
}

function throughJoin(conditions: readonly TypedExpression[], child: Extract<ResolvedPlan, { kind: 'join' }>): Sunk {
  const left = new Set(child.left.output.map((attribute) => attribute.id));
  const right = new Set(child.right.output.map((attribute) => attribute.id));
  const mayLeft = ['inner', 'cross', 'left', 'leftSemi', 'leftAnti', 'existence'].includes(child.how);
  const mayRight = ['inner', 'cross', 'right'].includes(child.how);
  const [ofLeft, others] = split(conditions, (part) => mayLeft && isWithin(part, left));
  const [ofRight, staying] = split(others, (part) => mayRight && isWithin(part, right));
  const sides = { ...child, left: below(ofLeft, child.left), right: below(ofRight, child.right) };
  if (child.how !== 'inner' && child.how !== 'cross') return { plan: sides, left: staying };
  // What compares both sides is a condition of the join: an equality makes a key of it.
  const condition = allOf([...(child.condition === undefined ? [] : [child.condition]), ...staying]);
  return {
    plan: {
      ...sides,
      how: condition === undefined ? child.how : 'inner',
      ...(condition === undefined ? {} : { condition }),
    },
    left: [],
  };
}

/** Parts of a join's condition that read one side only become filters of that side, where an unmatched row of it is not kept. */
function pushJoinCondition(join: Extract<ResolvedPlan, { kind: 'join' }>): ResolvedPlan {
  if (join.condition === undefined) return join;
  const left = new Set(join.left.output.map((attribute) => attribute.id));
  const right = new Set(join.right.output.map((attribute) => attribute.id));
  const mayLeft = ['inner', 'leftSemi', 'right'].includes(join.how);
  const mayRight = ['inner', 'leftSemi', 'left', 'leftAnti', 'existence'].includes(join.how);
  const parts = conjunctsOf(join.condition);
  if (!parts.every((part) => isDeterministic(part))) return join;
  const [ofLeft, others] = split(parts, (part) => mayLeft && isWithin(part, left));
  const [ofRight, staying] = split(others, (part) => mayRight && isWithin(part, right));
  if (ofLeft.length + ofRight.length === 0) return join;
  const { condition: _, ...bare } = join;
  const condition = allOf(staying);
  return {
    ...bare,
    left: below(ofLeft, join.left),
    right: below(ofRight, join.right),
    ...(condition === undefined ? {} : { condition }),
  };
}

function isWithin(part: TypedExpression, ids: ReadonlySet<number>): boolean {
  const references = [...referencesOf(part)];
  return references.length > 0 && references.every((id) => ids.has(id));
}

function replaced(e: TypedExpression, by: (id: number) => TypedExpression | undefined): TypedExpression {
  return transformUp(e, (part) => (part.kind === 'attribute' ? (by(part.id) ?? part) : part));
}

function split<T>(items: readonly T[], test: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
