import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { compileExpression } from '../expressions/compile.ts';
import type { AggregateCall, Attribute, NamedExpression, TypedExpression } from '../expressions/typed-expression.ts';
import { transformDown } from '../expressions/typed-tree.ts';
import type { InternalRow } from '../types/data-type.ts';
import { type Aggregation, bindAggregation } from './aggregation.ts';
import { GroupTable } from './group-table.ts';
import type { OperatorSetup } from './physical-operator.ts';
import { type RowObject, rowWriter, schemaOf } from './row-objects.ts';

/** The metrics of one `observe`: aggregates over all rows of a batch, and what is computed from them. */
export class ObservedMetrics {
  readonly name: string;
  readonly groups: GroupTable;
  readonly #aggregation: Aggregation;
  readonly #metrics: readonly ((row: InternalRow) => InternalRow[number])[];
  readonly #toObject: (row: InternalRow) => RowObject;

  constructor(plan: Extract<ResolvedPlan, { kind: 'observe' }>, setup: OperatorSetup) {
    const calls: NamedExpression[] = [];
    const metrics = plan.metrics.map(({ expression }) => withoutAggregates(expression, calls));
    this.name = plan.name;
    this.#toObject = rowWriter(schemaOf(plan.metrics.map(({ attribute }) => attribute)));
    this.#aggregation = bindAggregation(calls, setup);
    this.groups = new GroupTable([], this.#aggregation);
    const input = calls.map(({ attribute }) => attribute);
    this.#metrics = metrics.map((metric) => compileExpression(metric, input, setup));
  }

  begin(): void {
    this.groups.clear();
  }

  /** The metrics of the batch so far, by their names. */
  row(): RowObject {
    const results = this.#aggregation.results(this.groups.find([]));
    return this.#toObject(this.#metrics.map((metric) => metric(results)));
  }
}

/** Puts a column in place of each aggregate, and adds that to `calls`. */
function withoutAggregates(e: TypedExpression, calls: NamedExpression[]): TypedExpression {
  return transformDown(e, (node) => {
    if (node.kind !== 'aggregate') return undefined;
    const attribute = resultColumn(node, -1 - calls.length);
    calls.push({ expression: node, attribute });
    return attribute;
  });
}

function resultColumn({ type, nullable, function: { name } }: AggregateCall, id: number): Attribute {
  return { kind: 'attribute', id, name, type, nullable, qualifier: [] };
}
