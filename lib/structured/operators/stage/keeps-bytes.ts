import type { TypedExpression } from '../../expressions/typed-expression.ts';
import { childrenOf } from '../../expressions/typed-tree.ts';
import type { DataType } from '../../types/data-type.ts';
import type { GroupTable } from '../group-table.ts';
import type { Stage, StageStep } from './stage.ts';

/**
 * Whether a view of a block's bytes may be kept when a stage is through with the block: in a row, in a group, in what a function of a
 * user holds. Texts that were made of bytes are no views. In doubt they are kept.
 */
export function keepsBytes(stage: Stage): boolean {
  const views = new Set(stage.input.filter(({ type }) => holdsBytes(type)).map(({ id }) => id));
  if (views.size === 0) return false;
  const ends = stage.end.kind === 'rows' ? stage.end.columns : [...stage.end.keys, ...argumentsOf(stage.end.groups)];
  return [...stage.steps.flatMap(expressionsOf), ...ends].some((e) => usesView(e, views));
}

function holdsBytes(type: DataType): boolean {
  switch (type.kind) {
    case 'binary':
      return true;
    case 'array':
      return holdsBytes(type.element);
    case 'map':
      return holdsBytes(type.key) || holdsBytes(type.value);
    case 'struct':
      return type.fields.some((field) => holdsBytes(field.type));
    default:
      return false;
  }
}

function usesView(e: TypedExpression, views: ReadonlySet<number>): boolean {
  if (e.kind === 'attribute') return views.has(e.id);
  if (e.kind === 'cast' && e.type.kind === 'string' && e.child.type.kind === 'binary') return false;
  return childrenOf(e).some((child) => usesView(child, views));
}

function expressionsOf(step: StageStep): readonly TypedExpression[] {
  switch (step.kind) {
    case 'filter':
      return [step.condition];
    case 'project':
    case 'define':
      return step.columns.map(({ expression }) => expression);
    case 'eventTime':
      return [step.column];
    case 'generate':
      return step.args;
    case 'expand':
      return step.projections.flat();
    case 'probe':
      return [...step.keys, ...step.conditions];
    case 'tap':
      return argumentsOf(step.groups);
    case 'watch':
    case 'late':
      return step.columns;
    case 'count':
    case 'sample':
      return [];
    default:
      return step satisfies never;
  }
}

function argumentsOf({ aggregation }: GroupTable): readonly TypedExpression[] {
  return aggregation.aggregates.flatMap(({ args, filter }) => (filter === undefined ? args : [...args, filter]));
}
