import { raise } from '../kernel/errors.ts';
import type { DataFrame } from './data-frame.ts';
import { Column, type ColumnOrName, columnExpression, expressionOf } from './expressions/column.ts';
import type { Expression } from './expressions/expression.ts';
import {
  groupStateProgram,
  statefulProgram,
  type GroupStateFunction,
  type GroupStateOptions,
  type StatefulProcessorOptions,
} from './stateful-options.ts';
import type { LogicalNode } from './plan/logical-plan.ts';
import type { GroupStateProgram } from './plan/user-programs.ts';
import { isNumeric } from './types/type-classes.ts';

interface Grouping {
  readonly frame: DataFrame;
  readonly type: 'groupBy' | 'rollup' | 'cube' | 'groupingSets';
  /** Of `groupingSets`: the places of the keys of each set. */
  readonly sets?: readonly (readonly number[])[];
  readonly grouping: readonly Expression[];
  readonly pivot?: { readonly column: Expression; readonly values?: readonly Expression[] };
  readonly frameOf: (node: LogicalNode) => DataFrame;
}

/** Rows in groups: what `groupBy`, `rollup` and `cube` give. */
export class GroupedData {
  readonly #grouping: Grouping;

  constructor(grouping: Grouping) {
    this.#grouping = grouping;
  }

  /**
   * One row for each group: the grouping columns, then these.
   *
   * @example
   * df.groupBy('user').agg(F.sum('amount').alias('total'), F.max('ts'))
   * df.groupBy('user').agg({ amount: 'sum', '*': 'count' })
   */
  agg(...aggregates: readonly (Column | Readonly<Record<string, string>> | readonly Column[])[]): DataFrame {
    const columns = aggregates.flat().flatMap((aggregate): readonly Expression[] => {
      if (aggregate instanceof Column) return [aggregate.expression];
      if (typeof aggregate !== 'object' || aggregate === null) {
        return raise('QUERY_COLUMN_ARGUMENT', {
          method: 'agg',
          actual: String(aggregate),
          expected: "columns like sum('v'), or { column: 'function' }",
        });
      }
      return Object.entries(aggregate).map(([name, f]) => call(f, name));
    });
    return this.#aggregate(columns);
  }

  /** How many rows, as the column `count`. */
  count(): DataFrame {
    const one: Expression = { kind: 'literal', value: 1, type: { kind: 'int' } };
    return this.#aggregate([{ kind: 'alias', child: { kind: 'call', name: 'count', args: [one] }, names: ['count'] }]);
  }

  /** Sums of these columns, or of all numeric ones. */
  sum(...columns: readonly (string | readonly string[])[]): DataFrame {
    return this.#each('sum', columns.flat());
  }

  avg(...columns: readonly (string | readonly string[])[]): DataFrame {
    return this.#each('avg', columns.flat());
  }

  /** The same as `avg`. */
  mean(...columns: readonly (string | readonly string[])[]): DataFrame {
    return this.avg(...columns);
  }

  min(...columns: readonly (string | readonly string[])[]): DataFrame {
    return this.#each('min', columns.flat());
  }

  max(...columns: readonly (string | readonly string[])[]): DataFrame {
    return this.#each('max', columns.flat());
  }

  /**
   * A column for each value of another one. Without values they are computed first, so that a promise is given; a stream needs them.
   *
   * @example
   * df.groupBy('year').pivot('course', ['Java', 'Scala']).sum('earnings')
   * (await df.groupBy('year').pivot('course')).sum('earnings')
   */
  pivot(column: ColumnOrName, values: readonly unknown[]): GroupedData;
  pivot(column: ColumnOrName): Promise<GroupedData>;
  pivot(column: ColumnOrName, values?: readonly unknown[]): GroupedData | Promise<GroupedData> {
    if (values !== undefined)
      return this.#pivoted(
        column,
        values.map((value) => expressionOf(value)),
      );
    const { frame } = this.#grouping;
    if (frame.isStreaming) return raise('QUERY_PIVOT_VALUES', { column: String(column) });
    return withMend(
      pivotValues(frame, column).then((found) => this.#pivoted(column, found)),
      String(column),
    );
  }

  #pivoted(column: ColumnOrName, values: readonly Expression[]): GroupedData {
    if (this.#grouping.type !== 'groupBy' || this.#grouping.pivot !== undefined) {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'pivot',
        actual: this.#grouping.pivot === undefined ? this.#grouping.type : 'a second pivot',
        expected: 'a groupBy without a pivot',
      });
    }
    return new GroupedData({
      ...this.#grouping,
      pivot: {
        column: columnExpression(column, 'pivot'),
        values,
      },
    });
  }

  /**
   * Any function over the rows and the state of each key.
   *
   * `fn(key, rows, state)` is called for each key with rows in the batch, and without rows for each key whose timeout has come. What it
   * yields are rows of `outputSchema`.
   */
  flatMapGroupsWithState(fn: GroupStateFunction, options: GroupStateOptions): DataFrame {
    const { frame, frameOf } = this.#grouping;
    const program = groupStateProgram(fn as GroupStateProgram['call'], options);
    return frameOf({
      kind: 'flatMapGroupsWithState',
      child: frame.plan,
      grouping: this.#keys('flatMapGroupsWithState'),
      program,
    });
  }

  /** PySpark's name and order of arguments for `flatMapGroupsWithState`. */
  applyInPandasWithState(
    fn: GroupStateFunction,
    outputSchema: GroupStateOptions['outputSchema'],
    stateSchema: GroupStateOptions['stateSchema'],
    outputMode: string,
    timeout: string,
  ): DataFrame {
    return this.flatMapGroupsWithState(fn, { outputSchema, stateSchema, outputMode, timeout });
  }

  /** A processor with named states and timers of its own for each key. */
  transformWithState(processor: object, options: StatefulProcessorOptions): DataFrame {
    const { frame, frameOf } = this.#grouping;
    const program = statefulProgram(processor, options);
    const initial = options.initialState;
    const grouping = this.#keys('transformWithState');
    return frameOf({
      kind: 'transformWithState',
      child: frame.plan,
      grouping,
      program,
      ...(initial === undefined
        ? {}
        : { initialState: (initial instanceof GroupedData ? initial.#grouping.frame : initial).plan }),
    });
  }

  #keys(method: string): readonly Expression[] {
    const { type, grouping, pivot } = this.#grouping;
    if (type !== 'groupBy' || pivot !== undefined) {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method,
        actual: pivot === undefined ? type : 'a pivot',
        expected: 'a groupBy',
      });
    }
    return grouping;
  }

  #each(name: string, columns: readonly string[]): DataFrame {
    const numeric = this.#grouping.frame.schema.fields.filter(({ type }) => isNumeric(type)).map((field) => field.name);
    return this.#aggregate((columns.length > 0 ? columns : numeric).map((column) => call(name, column)));
  }

  #aggregate(aggregates: readonly Expression[]): DataFrame {
    const { frame, type, grouping, sets, pivot, frameOf } = this.#grouping;
    return frameOf({
      kind: 'aggregate',
      child: frame.plan,
      grouping,
      type,
      ...(sets === undefined ? {} : { sets }),
      aggregates,
      ...(pivot === undefined ? {} : { pivot }),
    });
  }
}

/** A program that does not wait for the values is told so: the promise has the aggregations, and each raises. */
function withMend(pending: Promise<GroupedData>, column: string): Promise<GroupedData> {
  const names = ['agg', 'count', 'sum', 'avg', 'mean', 'min', 'max'];
  const refuse = (): never => raise('QUERY_PIVOT_VALUES', { column });
  // Whoever calls one of these does not wait for the promise: its failure would be nobody's.
  pending.catch(() => undefined);
  return Object.assign(pending, Object.fromEntries(names.map((name) => [name, refuse])));
}

const maxPivotValues = 10_000;

/** The distinct values of a column in order, each named by its text. */
async function pivotValues(frame: DataFrame, column: ColumnOrName): Promise<readonly Expression[]> {
  const value = new Column(columnExpression(column, 'pivot'));
  const distinct = frame
    .select(value.alias('value'))
    .distinct()
    .orderBy('value')
    .limit(maxPivotValues + 1);
  const type = distinct.schema.fields[0]?.type ?? { kind: 'void' };
  const rows = await distinct
    .select('value', new Column(columnExpression('value')).cast('string').alias('text'))
    .rows('pivot');
  if (rows.length > maxPivotValues) raise('QUERY_PIVOT_TOO_MANY', { column: String(column), limit: maxPivotValues });
  return rows.map(([each = null, text]) => ({
    kind: 'alias',
    child: { kind: 'literal', value: each, type },
    names: [(text as string | null) ?? 'null'],
  }));
}

function call(name: string, column: string): Expression {
  const arg = columnExpression(column, 'agg');
  return { kind: 'call', name, args: [arg] };
}
