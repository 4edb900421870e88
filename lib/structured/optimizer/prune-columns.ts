import { joinExpressions } from '../analyzer/plan-tree.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import { referencesOf } from '../expressions/typed-tree.ts';

/**
 * Leaves out columns that nothing above uses, down to the sources, and before operators that keep rows: sides of joins, unions. An
 * event-time column stays below operators of streams that drop late rows by it.
 */
export function pruneColumns(plan: ResolvedPlan, times: TimesKept = 'judged'): ResolvedPlan {
  return exactly(prune(times, plan, idsOf(plan.output)), plan.output);
}

/** Event times stay where rows are judged by them; `shown`: also below aggregates, which judge by the window, for whoever looks at late rows. */
export type TimesKept = 'judged' | 'shown';

/** The plan with at least the wanted columns, in their old order. */
function prune(times: TimesKept, plan: ResolvedPlan, wanted: ReadonlySet<number>): ResolvedPlan {
  switch (plan.kind) {
    case 'local':
    case 'range':
      return plan;
    case 'read': {
      const output = plan.output.filter((attribute) => wanted.has(attribute.id));
      return { ...plan, output: output.length > 0 ? output : plan.output.slice(0, 1) };
    }
    case 'project': {
      const kept = plan.columns.filter(({ attribute }) => wanted.has(attribute.id));
      // A row without columns is still a row: the first column stands for it.
      const columns = kept.length > 0 ? kept : plan.columns.slice(0, 1);
      const child = prune(times, plan.child, readBy(columns.map(({ expression }) => expression)));
      return { ...plan, child, columns, output: columns.map(({ attribute }) => attribute) };
    }
    case 'filter':
      return over(plan, prune(times, plan.child, readBy([plan.condition], wanted)));
    case 'watermark':
      return over(plan, prune(times, plan.child, readBy([plan.column], wanted)));
    case 'sort':
      return over(
        plan,
        prune(
          times,
          plan.child,
          readBy(
            plan.order.map((order) => order.child),
            wanted,
          ),
        ),
      );
    case 'observe':
      return over(
        plan,
        prune(
          times,
          plan.child,
          readBy(
            plan.metrics.map(({ expression }) => expression),
            wanted,
          ),
        ),
      );
    case 'limit':
    case 'sample':
      return over(plan, prune(times, plan.child, wanted));
    case 'deduplicate':
      return over(plan, prune(times, plan.child, readBy([...plan.keys, ...eventTimes(plan.child)], wanted)));
    case 'generate': {
      const child = prune(times, plan.child, readBy(plan.args, wanted));
      return { ...plan, child, output: [...child.output, ...plan.columns] };
    }
    case 'expand': {
      const kept = plan.output.flatMap((attribute, i) => (wanted.has(attribute.id) ? [i] : []));
      const indexes = kept.length > 0 ? kept : [0];
      const projections = plan.projections.map((projection) => indexes.map((i) => projection[i] as TypedExpression));
      return {
        ...plan,
        child: prune(times, plan.child, readBy(projections.flat())),
        projections,
        output: indexes.map((i) => plan.output[i] as Attribute),
      };
    }
    case 'aggregate': {
      const aggregates = plan.aggregates.filter(({ attribute }) => wanted.has(attribute.id));
      const read = [...plan.keys, ...aggregates.map(({ expression }) => expression)];
      const child = prune(times, plan.child, readBy(times === 'shown' ? [...read, ...eventTimes(plan.child)] : read));
      return { ...plan, child, aggregates, output: [...plan.keys, ...aggregates.map(({ attribute }) => attribute)] };
    }
    case 'windowFunctions': {
      const functions = plan.functions.filter(({ attribute }) => wanted.has(attribute.id));
      if (functions.length === 0) return prune(times, plan.child, wanted);
      const read = [
        ...plan.partitionBy,
        ...plan.orderBy.map((order) => order.child),
        ...functions.map((item) => item.expression),
      ];
      const child = prune(times, plan.child, readBy(read, wanted));
      return { ...plan, child, functions, output: [...child.output, ...functions.map(({ attribute }) => attribute)] };
    }
    case 'join':
      return pruneJoin(times, plan, wanted);
    case 'union': {
      const kept = plan.output.flatMap((attribute, i) => (wanted.has(attribute.id) ? [i] : []));
      const indexes = kept.length > 0 ? kept : [0];
      const children = plan.children.map((child) => {
        const output = indexes.map((i) => child.output[i] as Attribute);
        return exactly(prune(times, child, idsOf(output)), output);
      });
      return { ...plan, children, output: indexes.map((i) => plan.output[i] as Attribute) };
    }
    case 'setOperation':
      return { ...plan, left: pruneColumns(plan.left, times), right: pruneColumns(plan.right, times) };
    case 'flatMapGroupsWithState':
      return { ...plan, child: pruneColumns(plan.child, times) };
    case 'transformWithState':
      return {
        ...plan,
        child: pruneColumns(plan.child, times),
        ...(plan.initialState === undefined
          ? {}
          : { initialState: { ...plan.initialState, plan: pruneColumns(plan.initialState.plan, times) } }),
      };
    default:
      return plan satisfies never;
  }
}

function pruneJoin(
  times: TimesKept,
  plan: Extract<ResolvedPlan, { kind: 'join' }>,
  wanted: ReadonlySet<number>,
): ResolvedPlan {
  const read = readBy(joinExpressions(plan), wanted);
  const [left, right] = [plan.left, plan.right].map((side) => {
    const judged = plan.isStreaming && side.isStreaming ? eventTimes(side) : [];
    const ids = new Set([...read, ...idsOf(judged)]);
    const kept = side.output.filter((attribute) => ids.has(attribute.id));
    const output = kept.length > 0 ? kept : side.output.slice(0, 1);
    return exactly(prune(times, side, idsOf(output)), output);
  }) as [ResolvedPlan, ResolvedPlan];
  const isLeftOnly = plan.how === 'leftSemi' || plan.how === 'leftAnti' || plan.how === 'existence';
  const given = idsOf([
    ...left.output,
    ...(isLeftOnly ? [] : right.output),
    ...(plan.exists === undefined ? [] : [plan.exists]),
  ]);
  return { ...plan, left, right, output: plan.output.filter((attribute) => given.has(attribute.id)) };
}

/** A node that passes its child's columns on, over a child with fewer of them. */
function over<P extends ResolvedPlan & { readonly child: ResolvedPlan }>(plan: P, child: ResolvedPlan): P {
  const own = new Map(plan.output.map((attribute) => [attribute.id, attribute]));
  return { ...plan, child, output: child.output.map((attribute) => own.get(attribute.id) ?? attribute) };
}

/** A projection to these columns, where the plan gives others or another order. */
function exactly(plan: ResolvedPlan, output: readonly Attribute[]): ResolvedPlan {
  if (plan.output.length === output.length && plan.output.every((attribute, i) => attribute.id === output[i]?.id))
    return plan;
  return {
    kind: 'project',
    child: plan,
    columns: output.map((attribute) => ({ expression: attribute, attribute })),
    output,
    isStreaming: plan.isStreaming,
  };
}

function eventTimes(plan: ResolvedPlan): readonly Attribute[] {
  return plan.isStreaming ? plan.output.filter((attribute) => attribute.watermarkDelayMs !== undefined) : [];
}

function idsOf(attributes: readonly Attribute[]): Set<number> {
  return new Set(attributes.map((attribute) => attribute.id));
}

function readBy(expressions: readonly TypedExpression[], also: ReadonlySet<number> = new Set()): ReadonlySet<number> {
  const ids = new Set(also);
  for (const e of expressions) referencesOf(e, ids);
  return ids;
}
