import type { Attribute } from '../../expressions/typed-expression.ts';
import { referencesOf } from '../../expressions/typed-tree.ts';
import type { Stage, StageEnd, StageStep } from './stage.ts';

/** A stage without the columns that nothing behind them reads, and the input columns that it does read. */
export function pruneStage(stage: Stage): { readonly stage: Stage; readonly reads: readonly Attribute[] } {
  const needed = neededAtEnd(stage.end);
  const steps: StageStep[] = [];
  for (const step of stage.steps.toReversed()) steps.push(pruneStep(step, needed));
  return { stage: { ...stage, steps: steps.toReversed() }, reads: stage.input.filter(({ id }) => needed.has(id)) };
}

function neededAtEnd(end: StageEnd): Set<number> {
  if (end.kind === 'rows') return new Set(end.columns.map(({ id }) => id));
  const needed = new Set(end.keys.map(({ id }) => id));
  addAggregates(end.groups, needed);
  return needed;
}

function addAggregates(groups: Extract<StageEnd, { kind: 'groups' }>['groups'], needed: Set<number>): void {
  for (const { args, filter } of groups.aggregation.aggregates) {
    for (const arg of args) referencesOf(arg, needed);
    if (filter !== undefined) referencesOf(filter, needed);
  }
}

/** The step without dead columns; `needed` becomes what is needed before it. */
function pruneStep(step: StageStep, needed: Set<number>): StageStep {
  switch (step.kind) {
    case 'filter':
      referencesOf(step.condition, needed);
      return step;
    case 'project':
    case 'define': {
      const columns = step.columns.filter(({ attribute }) => needed.has(attribute.id));
      // One attribute may be passed on under its own id: it is needed before as well.
      for (const { attribute } of columns) needed.delete(attribute.id);
      for (const { expression } of columns) referencesOf(expression, needed);
      return { ...step, columns };
    }
    case 'eventTime':
      needed.add(step.column.id);
      return step;
    case 'generate':
      for (const { id } of step.columns) needed.delete(id);
      for (const arg of step.args) referencesOf(arg, needed);
      return step;
    case 'expand': {
      const kept = step.output.map(({ id }) => needed.has(id));
      for (const { id } of step.output) needed.delete(id);
      const projections = step.projections.map((projection) => projection.filter((_, i) => kept[i]));
      for (const e of projections.flat()) referencesOf(e, needed);
      return { ...step, projections, output: step.output.filter((_, i) => kept[i]) };
    }
    case 'probe':
      for (const condition of step.conditions) referencesOf(condition, needed);
      for (const { id } of step.columns) needed.delete(id);
      if (step.exists !== undefined) needed.delete(step.exists.id);
      for (const key of step.keys) referencesOf(key, needed);
      return step;
    case 'tap':
      addAggregates(step.groups, needed);
      return step;
    case 'watch':
    case 'late':
      for (const { id } of step.columns) needed.add(id);
      return step;
    case 'count':
    case 'sample':
      return step;
    default:
      return step satisfies never;
  }
}
