import { raise } from '../../../kernel/errors.ts';
import { compileExpression } from '../../expressions/compile.ts';
import type { Attribute, TypedExpression } from '../../expressions/typed-expression.ts';
import { hasPassed, timeAt } from '../event-time.ts';
import type { InternalRow, InternalValue } from '../../types/data-type.ts';
import { valueKey } from '../../types/value-key.ts';
import { type Group, type GroupTable, isNewIn } from '../group-table.ts';
import { indexOfAttribute } from '../key-values.ts';
import type { OperatorSetup, RowSink } from '../physical-operator.ts';
import { distinctName } from './distinct-name.ts';
import { failedIn, placeOf, type StagePlace } from './stage-failure.ts';
import { layoutAfter, type ProbeStep, type Stage, type StageEnd, type StageStep } from './stage.ts';

/** A stage as closures, one for each step: what runs where generating code is not allowed. */
export function interpretStage(stage: Stage, setup: OperatorSetup): RowSink {
  const layouts: (readonly Attribute[])[] = [stage.input];
  for (const step of stage.steps) layouts.push(layoutAfter(step, layouts.at(-1) as readonly Attribute[]));
  let sink = endSink(stage.end, layouts.at(-1) as readonly Attribute[], setup);
  for (let i = stage.steps.length - 1; i >= 0; i--) {
    sink = stepSink(stage.steps[i] as StageStep, layouts[i] as readonly Attribute[], sink, setup);
  }
  return sink;
}

function endSink(end: StageEnd, layout: readonly Attribute[], setup: OperatorSetup): RowSink {
  if (end.kind === 'rows') {
    const { emit } = end;
    const at = end.columns.map((column) => indexOfAttribute(layout, column));
    if (at.length === layout.length && at.every((index, i) => index === i)) return emit;
    return (row) => {
      emit(at.map((i) => row[i] as InternalValue));
    };
  }
  const keys = end.keys.map((key) => indexOfAttribute(layout, key));
  const { groups } = end;
  const update = groupUpdate(groups, layout, setup);
  return (row) => {
    update(groups.find(keys.map((i) => row[i] as InternalValue)), row);
  };
}

/** Takes a row into its group. */
function groupUpdate(
  groups: GroupTable,
  layout: readonly Attribute[],
  setup: OperatorSetup,
): (group: Group, row: InternalRow) => void {
  const { countAt } = groups;
  const parts = groups.aggregation.aggregates.map((aggregate, i) => {
    const place = { operator: 'aggregate', column: aggregate.column.name };
    const args = aggregate.args.map((arg) => guarded(arg, layout, setup, place));
    const filter = aggregate.filter === undefined ? undefined : guarded(aggregate.filter, layout, setup, place);
    const names = aggregate.args.map((arg) => valueKey(arg.type));
    const slot = countAt + 1 + i;
    const {
      at,
      isDistinct,
      function: { update },
    } = aggregate;
    return (group: Group, row: InternalRow): void => {
      if (filter !== undefined && filter(row) !== true) return;
      const values = args.map((arg) => arg(row));
      if (isDistinct && !isNewIn(group, slot, distinctName(values, names))) return;
      update(group, at, ...values);
    };
  });
  return (group, row) => {
    group[countAt] = (group[countAt] as number) + 1;
    for (const part of parts) part(group, row);
  };
}

function stepSink(step: StageStep, layout: readonly Attribute[], next: RowSink, setup: OperatorSetup): RowSink {
  const compile = (e: TypedExpression, place: StagePlace) => guarded(e, layout, setup, place);
  switch (step.kind) {
    case 'filter': {
      const condition = compile(step.condition, { operator: 'filter' });
      return (row) => {
        if (condition(row) === true) next(row);
      };
    }
    case 'project': {
      const columns = step.columns.map(({ expression, attribute }) => compile(expression, placeOf(step, attribute)));
      return (row) => {
        next(columns.map((column) => column(row)));
      };
    }
    case 'define': {
      const columns = step.columns.map(({ expression, attribute }) => compile(expression, placeOf(step, attribute)));
      return (row) => {
        next([...row, ...columns.map((column) => column(row))]);
      };
    }
    case 'eventTime': {
      const at = indexOfAttribute(layout, step.column);
      const { stats } = step;
      return (row) => {
        stats.observe(row[at] as number | bigint | null);
        next(row);
      };
    }
    case 'generate': {
      const args = step.args.map((arg) => compile(arg, { operator: 'generate' }));
      const nulls = step.columns.map(() => null);
      return (row) => {
        let hasRows = false;
        for (const values of step.call(...args.map((arg) => arg(row)))) {
          hasRows = true;
          next([...row, ...values]);
        }
        if (!hasRows && step.outer) next([...row, ...nulls]);
      };
    }
    case 'expand': {
      const projections = step.projections.map((projection) =>
        projection.map((e, i) => compile(e, placeOf(step, step.output[i]))),
      );
      return (row) => {
        for (const projection of projections) next(projection.map((column) => column(row)));
      };
    }
    case 'probe':
      return probeSink(step, layout, next, setup);
    case 'tap': {
      const update = groupUpdate(step.groups, layout, setup);
      return (row) => {
        update(step.groups.find([]), row);
        next(row);
      };
    }
    case 'watch': {
      const at = step.columns.map((column) => indexOfAttribute(layout, column));
      return (row) => {
        step.take(at.map((i) => row[i] as InternalValue));
        next(row);
      };
    }
    case 'count':
      return (row) => {
        step.tally.rows += 1;
        next(row);
      };
    case 'late': {
      const at = step.columns.map((column) => indexOfAttribute(layout, column));
      const timeOf = timeAt(indexOfAttribute(layout, step.time), step.time);
      return (row) => {
        if (hasPassed(timeOf(row), step.limit.us)) step.take(at.map((i) => row[i] as InternalValue));
        next(row);
      };
    }
    case 'sample':
      return (row) => {
        if (step.takes()) next(row);
      };
    default:
      return step satisfies never;
  }
}

function probeSink(step: ProbeStep, layout: readonly Attribute[], next: RowSink, setup: OperatorSetup): RowSink {
  const { table, how, isSingle } = step;
  const keys = step.keys.map((key) => guarded(key, layout, setup, { operator: 'join' }));
  const conditions = step.conditions.map((e) => guarded(e, [...layout, ...step.columns], setup, { operator: 'join' }));
  const nulls = step.columns.map(() => null);
  return (row) => {
    const found = table.find(keys.map((key) => key(row)));
    let hasMatched = false;
    for (const other of found) {
      const pair = [...row, ...other];
      if (!conditions.every((condition) => condition(pair) === true)) continue;
      if (hasMatched && isSingle === true) raise('SCALAR_SUBQUERY_TOO_MANY_ROWS', {});
      hasMatched = true;
      if (how === 'semi' || how === 'anti' || how === 'exists') break;
      next(pair);
    }
    if (how === 'exists') next([...row, hasMatched]);
    if (how === 'semi' ? hasMatched : how === 'anti' && !hasMatched) next(row);
    else if (how === 'left' && !hasMatched) next([...row, ...nulls]);
  };
}

/** An expression that says what it was to compute when it fails. */
function guarded(
  e: TypedExpression,
  layout: readonly Attribute[],
  setup: OperatorSetup,
  place: StagePlace,
): (row: InternalRow) => InternalValue {
  const evaluate = compileExpression(e, layout, setup);
  if (e.kind === 'attribute' || e.kind === 'literal') return evaluate;
  return (row) => {
    try {
      return evaluate(row);
    } catch (error) {
      throw failedIn(error, place);
    }
  };
}
