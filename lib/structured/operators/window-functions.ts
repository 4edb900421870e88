import { raise } from '../../kernel/errors.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { compileExpression } from '../expressions/compile.ts';
import { callSite } from '../expressions/evaluation-site.ts';
import type { AggregateCall, TypedCall } from '../expressions/typed-expression.ts';
import type { InternalRow, InternalValue } from '../types/data-type.ts';
import { valueKey } from '../types/value-key.ts';
import { bindAggregation } from './aggregation.ts';
import type { OperatorSetup, PhysicalOperator, RowSink } from './physical-operator.ts';
import { type KeyedRow, rowOrder } from './row-order.ts';

type WindowPlan = Extract<ResolvedPlan, { kind: 'windowFunctions' }> & ResolvedPlan;
type WindowFunction = WindowPlan['functions'][number];

/** The rows of one partition, sorted. */
interface Partition {
  readonly rows: readonly KeyedRow[];
  /** Whether the row equals the one before it in the order. */
  readonly isPeer: (row: number) => boolean;
}

/** Gives one value for each row of a partition. */
type Evaluate = (partition: Partition) => readonly InternalValue[];

/** Functions over a window specification, of static data: partitions in order of first appearance, rows in the order of the window. */
export class WindowFunctions implements PhysicalOperator {
  readonly #partitionOf: (row: InternalRow) => string;
  readonly #keysOf: (row: InternalRow) => InternalRow;
  readonly #compare: (a: KeyedRow, b: KeyedRow) => number;
  readonly #functions: readonly Evaluate[];
  readonly #emit: RowSink;
  readonly #partitions = new Map<string, KeyedRow[]>();

  constructor(plan: WindowPlan, setup: OperatorSetup, emit: RowSink) {
    const input = plan.child.output;
    const parts = plan.partitionBy.map((e) => compileExpression(e, input, setup));
    const name = valueKey({
      kind: 'struct',
      fields: plan.partitionBy.map(({ type, nullable }, i) => ({ name: `${i}`, type, nullable })),
    });
    this.#partitionOf = (row) => name(parts.map((part) => part(row))) as string;
    const keys = plan.orderBy.map((order) => compileExpression(order.child, input, setup));
    this.#keysOf = (row) => keys.map((key) => key(row));
    this.#compare = rowOrder(plan.orderBy);
    this.#functions = plan.functions.map((item) => evaluator(item, plan, setup));
    this.#emit = emit;
  }

  begin(): void {
    this.#partitions.clear();
  }

  input(): RowSink {
    return (row) => {
      const name = this.#partitionOf(row);
      const keyed = { row, keys: this.#keysOf(row) };
      const rows = this.#partitions.get(name);
      if (rows === undefined) this.#partitions.set(name, [keyed]);
      else rows.push(keyed);
    };
  }

  finish(): void {
    for (const rows of this.#partitions.values()) {
      rows.sort(this.#compare);
      const isPeer = (row: number): boolean =>
        row > 0 && this.#compare(rows[row - 1] as KeyedRow, rows[row] as KeyedRow) === 0;
      const columns = this.#functions.map((evaluate) => evaluate({ rows, isPeer }));
      rows.forEach(({ row }, i) => {
        this.#emit([...row, ...columns.map((column) => column[i] as InternalValue)]);
      });
    }
    this.#partitions.clear();
  }
}

function evaluator(item: WindowFunction, plan: WindowPlan, setup: OperatorSetup): Evaluate {
  const { expression } = item;
  if (expression.kind === 'call' && expression.function.body.kind === 'ranking') {
    return ranking(expression, item, plan, setup);
  }
  if (expression.kind === 'aggregate') return framed(expression, item, plan, setup);
  return raise('INTERNAL_INVARIANT', { what: `${item.attribute.name} is no window function` });
}

function ranking(call: TypedCall, item: WindowFunction, plan: WindowPlan, setup: OperatorSetup): Evaluate {
  const { body } = call.function;
  if (body.kind !== 'ranking') return raise('INTERNAL_INVARIANT', { what: `${call.function.name} is no ranking` });
  const rank = body.bind(callSite(call, setup));
  const args = call.args.map((arg) => compileExpression(arg, plan.child.output, setup));
  const { frame, sign } = frameOf(item, plan);
  return ({ rows, isPeer }) =>
    rank({
      count: rows.length,
      argument: (row, index) => (args[index] as (row: InternalRow) => InternalValue)((rows[row] as KeyedRow).row),
      isPeerOfPrevious: isPeer,
      frame: (row) => boundsOf(frame, { rows, isPeer }, row, sign),
    });
}

/** Without a frame: up to the current row and its peers when there is an order, else the whole partition. */
function frameOf(
  item: WindowFunction,
  plan: WindowPlan,
): { frame: NonNullable<WindowFunction['frame']>; sign: number } {
  const until = plan.orderBy.length === 0 ? Number.POSITIVE_INFINITY : 0;
  return {
    frame: item.frame ?? { unit: 'range', from: Number.NEGATIVE_INFINITY, until },
    sign: plan.orderBy[0]?.ascending === false ? -1 : 1,
  };
}

/** An aggregate over a frame. */
function framed(call: AggregateCall, item: WindowFunction, plan: WindowPlan, setup: OperatorSetup): Evaluate {
  const aggregation = bindAggregation([{ expression: call, attribute: item.attribute }], setup);
  const input = plan.child.output;
  const args = call.args.map((arg) => compileExpression(arg, input, setup));
  const filter = call.filter === undefined ? undefined : compileExpression(call.filter, input, setup);
  const { update } = (aggregation.aggregates[0] as (typeof aggregation.aggregates)[number]).function;
  const add = (buffer: InternalValue[], row: InternalRow): void => {
    if (filter === undefined || filter(row) === true) update(buffer, 0, ...args.map((arg) => arg(row)));
  };
  const { frame, sign } = frameOf(item, plan);
  return (partition) => {
    const results: InternalValue[] = [];
    let buffer = aggregation.initial();
    let from = 0;
    let until = 0;
    partition.rows.forEach((_, at) => {
      const bounds = boundsOf(frame, partition, at, sign);
      // A frame that only grows goes on with the same buffer.
      if (bounds.from !== from || bounds.until < until) {
        buffer = aggregation.initial();
        from = bounds.from;
        until = from;
      }
      for (; until < bounds.until; until++) add(buffer, (partition.rows[until] as KeyedRow).row);
      const [value] = aggregation.results(buffer) as [InternalValue];
      // The buffer goes on growing: a list is given as it is now.
      results.push(Array.isArray(value) ? value.slice() : value);
    });
    return results;
  };
}

function boundsOf(
  frame: NonNullable<WindowFunction['frame']>,
  partition: Partition,
  at: number,
  sign: number,
): { readonly from: number; readonly until: number } {
  const { rows } = partition;
  const count = rows.length;
  if (frame.unit === 'rows') {
    const from = Math.min(count, Math.max(0, at + frame.from));
    return { from, until: Math.max(from, Math.min(count, at + frame.until + 1)) };
  }
  const from = frame.from === Number.NEGATIVE_INFINITY ? 0 : rangeBound(partition, at, frame.from, sign, true);
  const until = frame.until === Number.POSITIVE_INFINITY ? count : rangeBound(partition, at, frame.until, sign, false);
  return { from, until: Math.max(from, until) };
}

/** The first row of (or behind) those whose order value is within `offset` of the row's. Null is within nothing but itself. */
function rangeBound({ rows, isPeer }: Partition, at: number, offset: number, sign: number, isFrom: boolean): number {
  if (offset === 0 || (rows[at] as KeyedRow).keys[0] === null) {
    let bound = at;
    if (isFrom) while (isPeer(bound)) bound--;
    else
      do bound++;
      while (bound < rows.length && isPeer(bound));
    return bound;
  }
  const limit = Number((rows[at] as KeyedRow).keys[0]) * sign + offset;
  const isInside = (row: KeyedRow): boolean => {
    const value = row.keys[0];
    if (value === null || value === undefined) return false;
    return isFrom ? Number(value) * sign >= limit : Number(value) * sign <= limit;
  };
  if (isFrom) {
    const found = rows.findIndex(isInside);
    return found < 0 ? rows.length : found;
  }
  return rows.findLastIndex(isInside) + 1;
}
