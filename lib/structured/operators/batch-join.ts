import { raise } from '../../kernel/errors.ts';
import { compileExpression } from '../expressions/compile.ts';
import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import type { InternalRow } from '../types/data-type.ts';
import type { JoinCondition } from '../planner/join-condition.ts';
import type { OperatorSetup, PhysicalOperator, RowSink } from './physical-operator.ts';
import { UnlessDiffer } from './unless-differ.ts';
import { StaticTable } from './static-table.ts';
import type { JoinPlan } from './stream-join.ts';

/** A join of static data, of every kind: the right side by key, the rows of the left side one by one. */
export class BatchJoin implements PhysicalOperator {
  readonly #how: JoinPlan['how'];
  readonly #table: StaticTable;
  readonly #leftKeys: (row: InternalRow) => InternalRow;
  readonly #matches: (pair: InternalRow) => boolean;
  readonly #leftWidth: number;
  readonly #rightWidth: number;
  readonly #emit: RowSink;
  readonly #isSingle: boolean;
  readonly #unless: UnlessDiffer | undefined;
  #left: InternalRow[] = [];
  #right: InternalRow[] = [];

  constructor(plan: JoinPlan, condition: JoinCondition, setup: OperatorSetup, emit: RowSink) {
    const compileAll = (list: readonly TypedExpression[], input: readonly Attribute[]) => {
      const compiled = list.map((e) => compileExpression(e, input, setup));
      return (row: InternalRow): InternalRow => compiled.map((value) => value(row));
    };
    const { left, right } = plan;
    this.#how = plan.how;
    this.#emit = emit;
    this.#leftWidth = left.output.length;
    this.#rightWidth = right.output.length;
    this.#leftKeys = compileAll(
      condition.keys.map((key) => key.left),
      left.output,
    );
    this.#table = new StaticTable(
      condition.keys.map((key) => key.left.type),
      condition.keys.map((key) => key.nullSafe),
      compileAll(
        condition.keys.map((key) => key.right),
        right.output,
      ),
    );
    const rest = compileAll(
      [...condition.leftOnly, ...condition.rightOnly, ...condition.rest],
      [...left.output, ...right.output],
    );
    this.#matches = (pair) => rest(pair).every((value) => value === true);
    this.#isSingle = plan.isSingle === true;
    if (plan.nullAware !== undefined) {
      const pairs = plan.nullAware;
      this.#unless = new UnlessDiffer(condition.keys, pairs, {
        leftKeys: this.#leftKeys,
        rightKeys: compileAll(
          condition.keys.map((key) => key.right),
          right.output,
        ),
        leftValues: compileAll(
          pairs.map(([value]) => value),
          left.output,
        ),
        rightValues: compileAll(
          pairs.map(([, value]) => value),
          right.output,
        ),
      });
    }
  }

  begin(): void {
    this.#left = [];
    this.#right = [];
  }

  input(index: number): RowSink {
    return (row) => {
      (index === 0 ? this.#left : this.#right).push(row);
    };
  }

  finish(): void {
    for (const row of this.#right) (this.#unless ?? this.#table).add(row);
    const matched = new Set<InternalRow>();
    for (const row of this.#left) this.#join(row, matched);
    if (this.#how === 'right' || this.#how === 'full') {
      const nulls = Array.from({ length: this.#leftWidth }, () => null);
      for (const row of this.#right) if (!matched.has(row)) this.#emit([...nulls, ...row]);
    }
    this.#table.clear();
    this.#unless?.clear();
    this.begin();
  }

  #join(row: InternalRow, matched: Set<InternalRow>): void {
    let hasMatch = false;
    const isOnce = this.#how === 'leftSemi' || this.#how === 'leftAnti' || this.#how === 'existence';
    for (const other of this.#unless?.find(row) ?? this.#table.find(this.#leftKeys(row))) {
      const pair = [...row, ...other];
      if (!this.#matches(pair)) continue;
      if (hasMatch && this.#isSingle) raise('SCALAR_SUBQUERY_TOO_MANY_ROWS', {});
      hasMatch = true;
      if (isOnce) break;
      matched.add(other);
      this.#emit(pair);
    }
    if (this.#how === 'existence') this.#emit([...row, hasMatch]);
    else if (this.#how === 'leftSemi' ? hasMatch : this.#how === 'leftAnti' && !hasMatch) this.#emit(row);
    else if (!hasMatch && (this.#how === 'left' || this.#how === 'full')) {
      this.#emit([...row, ...Array.from({ length: this.#rightWidth }, () => null)]);
    }
  }
}
