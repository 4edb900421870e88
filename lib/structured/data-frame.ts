import { arrow, type ArrowOptions, type ArrowTable } from './arrow-bridge.ts';
import { host } from '../io/host.ts';
import { messageOf, raise } from '../kernel/errors.ts';
import { analyze } from './analyzer/analyze.ts';
import type { ResolvedPlan } from './analyzer/resolved-plan.ts';
import { DataFrameWriter } from './data-frame-writer.ts';
import { DataStreamWriter } from './data-stream-writer.ts';
import { Column, type ColumnOrName, columnExpression, expressionOf, sortOf } from './expressions/column.ts';
import type { Expression, SortExpression } from './expressions/expression.ts';
import { nameOf } from './expressions/sql-text.ts';
import { DataFrameStatistics, type Quantiles } from './frames/data-frame-statistics.ts';
import { describe, summary } from './frames/describe.ts';
import { columnsOfSchema } from './frames/to-schema.ts';
import { unpivot } from './frames/unpivot.ts';
import { GroupedData } from './grouped-data.ts';
import { joinKind } from './join-kind.ts';
import { type RowObject, rowWriter, schemaOf } from './operators/row-objects.ts';
import type { LogicalNode, LogicalPlan } from './plan/logical-plan.ts';
import { rowTexts } from './query/row-texts.ts';
import { showTable } from './query/show-table.ts';
import { showVertical } from './show-vertical.ts';
import { schemaTree } from './schema-tree.ts';
import type { SessionState } from './session-state.ts';
import { parseExpression } from './sql/parse-expression.ts';
import type { DataType, InternalRow, StructType } from './types/data-type.ts';
import { parseSchema } from './types/ddl.ts';
import { typeText } from './types/type-text.ts';

/** A row as programs see it: values by column name, without a prototype. */
export type Row = RowObject;

/** What a watermark does besides. */
export interface WatermarkOptions {
  /** After so long without a row (`'30 seconds'`) this watermark no longer holds back that of the query; it never lets go without. */
  readonly idleTimeout?: string;
}

/** What `dropna` takes besides its positional arguments. */
export interface DropNullOptions {
  readonly how?: 'any' | 'all';
  readonly thresh?: number;
  readonly subset?: string | readonly string[];
}

type Columns = readonly (ColumnOrName | readonly ColumnOrName[])[];

/**
 * A table, or a stream of rows: immutable, and nothing is computed before an action or a start. Each method checks what it was given
 * against the columns at once, and raises an `AnalysisError` with everything that is wrong.
 *
 * Names are matched without regard to case. A text is a column's name where Spark takes names, and SQL where it takes conditions.
 *
 * @example
 * events.where('amount > 2').groupBy('user').agg(F.sum('amount').alias('total'))
 */
export class DataFrame {
  readonly #state: SessionState;
  readonly #plan: LogicalPlan;
  readonly #resolved: ResolvedPlan;

  constructor(state: SessionState, plan: LogicalPlan) {
    this.#state = state;
    this.#plan = plan;
    this.#resolved = analyze(plan, state);
  }

  /** What the DataFrame stands for, as data. */
  get plan(): LogicalPlan {
    return this.#plan;
  }

  /** The plan with its types: what a query is compiled from. */
  get resolvedPlan(): ResolvedPlan {
    return this.#resolved;
  }

  /** What the DataFrames of the session share; for parts of the engine. */
  get sessionState(): SessionState {
    return this.#state;
  }

  /** A DataFrame of the same session. */
  derive(node: LogicalNode): DataFrame {
    return this.#state.frame(node);
  }

  // Schema

  get schema(): StructType {
    return schemaOf(this.#resolved.output);
  }

  get columns(): readonly string[] {
    return this.#resolved.output.map(({ name }) => name);
  }

  get dtypes(): readonly (readonly [name: string, type: string])[] {
    return this.#resolved.output.map(({ name, type }) => [name, typeText(type)] as const);
  }

  get isStreaming(): boolean {
    return this.#resolved.isStreaming;
  }

  /** Prints the schema as a tree. */
  async printSchema(): Promise<void> {
    await host().write(`${schemaTree(this.schema)}\n`);
  }

  /** Prints the plan: what runs, or with `true` or `'extended'` all its stages from what was written. */
  async explain(mode: boolean | 'simple' | 'extended' = false): Promise<void> {
    const extended = mode === true || mode === 'extended';
    await host().write(`${this.#state.backend.explain(this.#plan, extended)}\n`);
  }

  /** A column of this DataFrame, which it stays when it is joined with others. */
  col(name: string): Column {
    const e = columnExpression(name, 'col');
    if (e.kind !== 'name') return new Column(e);
    const column: Expression = { ...e, planId: this.#plan.planId };
    analyze({ kind: 'project', child: this.#plan, columns: [column], planId: this.#state.nextId() }, this.#state);
    return new Column(column);
  }

  /** All columns whose names match a regular expression between backticks: `` df.select(df.colRegex('`id|ts`')) ``. */
  colRegex(pattern: string): Column {
    const inner = /^`(.*)`$/su.exec(pattern)?.[1];
    if (inner === undefined) return this.col(pattern);
    try {
      RegExp(inner, 'iu');
    } catch (error) {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'colRegex',
        actual: `${pattern} (${messageOf(error)})`,
        expected: 'a regular expression',
      });
    }
    return new Column({ kind: 'star', qualifier: [], pattern: inner });
  }

  // Columns

  select(...columns: Columns): DataFrame {
    return this.derive({ kind: 'project', child: this.#plan, columns: namesOf(columns, 'select') });
  }

  /** `select` of SQL texts. */
  selectExpr(...texts: readonly (string | readonly string[])[]): DataFrame {
    return this.derive({
      kind: 'project',
      child: this.#plan,
      columns: texts.flat().map((text) => parseExpression(text)),
    });
  }

  /** With a column added, or replaced where there is one of that name. */
  withColumn(name: string, column: Column): DataFrame {
    return this.withColumns({ [name]: column });
  }

  withColumns(columns: Readonly<Record<string, Column>>): DataFrame {
    const pairs = Object.entries(columns).map(([name, column]) => [name, columnOf(column, 'withColumn')] as const);
    return this.derive({ kind: 'withColumns', child: this.#plan, columns: pairs });
  }

  withColumnRenamed(from: string, to: string): DataFrame {
    return this.withColumnsRenamed({ [from]: to });
  }

  withColumnsRenamed(names: Readonly<Record<string, string>>): DataFrame {
    return this.derive({ kind: 'withColumnsRenamed', child: this.#plan, names: Object.entries(names) });
  }

  /** Without these columns; names that there are not are ignored. */
  drop(...columns: Columns): DataFrame {
    const dropped = columns
      .flat()
      .map((column): Expression =>
        typeof column === 'string' ? { kind: 'name', parts: [column] } : columnExpression(column),
      );
    return this.derive({ kind: 'drop', child: this.#plan, columns: dropped });
  }

  /** All columns under new names. */
  toDF(...names: readonly string[]): DataFrame {
    const { output } = this.#resolved;
    if (names.length !== output.length) {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'toDF',
        actual: `${names.length} names`,
        expected: `one for each of the ${output.length} columns`,
      });
    }
    return this.derive({ kind: 'alias', child: this.#plan, columns: names });
  }

  /** Names the DataFrame: its columns are then also `name.column`. */
  alias(name: string): DataFrame {
    return this.derive({ kind: 'alias', child: this.#plan, name });
  }

  /** The same as `alias`. */
  as(name: string): DataFrame {
    return this.alias(name);
  }

  // Rows

  /** Rows for which the condition is true: a column or SQL text. */
  where(condition: Column | string): DataFrame {
    return this.derive({ kind: 'filter', child: this.#plan, condition: conditionOf(condition, 'where') });
  }

  /** The same as `where`. */
  filter(condition: Column | string): DataFrame {
    return this.where(condition);
  }

  distinct(): DataFrame {
    return this.derive({ kind: 'deduplicate', child: this.#plan, withinWatermark: false });
  }

  /** The first row of each key; all columns are the key when none are given. */
  dropDuplicates(...columns: readonly (string | readonly string[])[]): DataFrame {
    return this.derive({ kind: 'deduplicate', child: this.#plan, withinWatermark: false, ...keysOf(columns) });
  }

  /** `dropDuplicates` that remembers a key for as long as the watermark's delay after it was first seen. */
  dropDuplicatesWithinWatermark(...columns: readonly (string | readonly string[])[]): DataFrame {
    return this.derive({ kind: 'deduplicate', child: this.#plan, withinWatermark: true, ...keysOf(columns) });
  }

  /** Sorted; `{ ascending: false }` or a list of booleans says how, unless a column says so itself. */
  orderBy(
    ...columns: readonly (
      | ColumnOrName
      | readonly ColumnOrName[]
      | { readonly ascending: boolean | readonly boolean[] }
    )[]
  ): DataFrame {
    return this.derive({ kind: 'sort', child: this.#plan, order: orderOf(columns) });
  }

  /** The same as `orderBy`. */
  sort(
    ...columns: readonly (
      | ColumnOrName
      | readonly ColumnOrName[]
      | { readonly ascending: boolean | readonly boolean[] }
    )[]
  ): DataFrame {
    return this.orderBy(...columns);
  }

  /** The same as `orderBy`: there is one partition. */
  sortWithinPartitions(
    ...columns: readonly (
      | ColumnOrName
      | readonly ColumnOrName[]
      | { readonly ascending: boolean | readonly boolean[] }
    )[]
  ): DataFrame {
    return this.orderBy(...columns);
  }

  limit(count: number): DataFrame {
    return this.derive({ kind: 'limit', child: this.#plan, count: wholeNumber(count, 'limit'), offset: 0 });
  }

  /** Without the first rows. */
  offset(count: number): DataFrame {
    return this.derive({ kind: 'limit', child: this.#plan, count: Infinity, offset: wholeNumber(count, 'offset') });
  }

  /** A random part of the rows, by seed the same each time; `sample(false, 0.1, 7)` says that no row is drawn twice. */
  sample(fraction: number, seed?: number): DataFrame;
  sample(withReplacement: boolean, fraction: number, seed?: number): DataFrame;
  sample(first: boolean | number, second?: number, third?: number): DataFrame {
    const fraction = typeof first === 'boolean' ? (second ?? Number.NaN) : first;
    const seed = typeof first === 'boolean' ? third : second;
    if (first === true || !(fraction >= 0 && fraction <= 1)) {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'sample',
        actual: first === true ? 'withReplacement: true' : String(fraction),
        expected: 'a fraction from 0 to 1, without replacement',
      });
    }
    return this.derive({ kind: 'sample', child: this.#plan, fraction, ...(seed === undefined ? {} : { seed }) });
  }

  /** The rows dealt at random into parts by weight; by seed the same each time, whatever the order of the rows is. */
  randomSplit(weights: readonly number[], seed: number = this.#state.nextId()): readonly DataFrame[] {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (!(sum > 0) || weights.some((weight) => !(weight >= 0))) {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'randomSplit',
        actual: weights.join(', '),
        expected: 'weights from 0 up, not all of them 0',
      });
    }
    const sorted = this.sortedByAll();
    let from = 0;
    return weights.map((weight) => {
      const until = from + weight / sum;
      const part = this.derive({ kind: 'sample', child: sorted.plan, from, fraction: until, seed });
      from = until;
      return part;
    });
  }

  /** Sorted by all columns that have an order. */
  private sortedByAll(): DataFrame {
    const names = this.#resolved.output.filter(({ type }) => isOrdered(type)).map(({ name }) => name);
    const distinct = names.filter((name) => names.indexOf(name) === names.lastIndexOf(name));
    return distinct.length === 0 ? this : this.orderBy(...distinct);
  }

  /** A part of the rows for each value of a column: `{ value: fraction }`. */
  sampleBy(
    column: ColumnOrName,
    fractions: Readonly<Record<string, number>> | ReadonlyMap<unknown, number>,
    seed?: number,
  ): DataFrame {
    return this.stat.sampleBy(column, fractions, seed);
  }

  /** Columns as rows: the ids, the name of a column, its value. All columns that are no ids when `values` is null. */
  unpivot(
    ids: ColumnOrName | readonly ColumnOrName[],
    values: ColumnOrName | readonly ColumnOrName[] | null | undefined,
    variableColumnName: string,
    valueColumnName: string,
  ): DataFrame {
    return unpivot(this, {
      ids: [ids].flat(),
      values: values === null || values === undefined ? undefined : [values].flat(),
      variableColumnName,
      valueColumnName,
    });
  }

  /** The same as `unpivot`. */
  melt(
    ids: ColumnOrName | readonly ColumnOrName[],
    values: ColumnOrName | readonly ColumnOrName[] | null | undefined,
    variableColumnName: string,
    valueColumnName: string,
  ): DataFrame {
    return this.unpivot(ids, values, variableColumnName, valueColumnName);
  }

  /** The columns of a schema by name, in its order and with its types. */
  to(schema: string | StructType): DataFrame {
    const columns = columnsOfSchema(this, typeof schema === 'string' ? parseSchema(schema) : schema);
    return this.derive({ kind: 'project', child: this.#plan, columns });
  }

  // Statistics

  /** Count, mean, standard deviation, least and greatest of columns, each statistic a row of texts. */
  describe(...columns: readonly (string | readonly string[])[]): DataFrame {
    return describe(this, columns.flat());
  }

  /** The statistics that are named: `count`, `mean`, `stddev`, `min`, `max`, `25%`, `count_distinct`, ... */
  summary(...statistics: readonly (string | readonly string[])[]): DataFrame {
    return summary(this, statistics.flat());
  }

  get stat(): DataFrameStatistics {
    return new DataFrameStatistics(this);
  }

  /** Pearson's correlation of two columns. */
  async corr(col1: string, col2: string, method?: string): Promise<number> {
    return await this.stat.corr(col1, col2, method);
  }

  /** The covariance of a sample of two columns. */
  async cov(col1: string, col2: string): Promise<number> {
    return await this.stat.cov(col1, col2);
  }

  /** How often each pair of values of two columns occurs. */
  async crosstab(col1: string, col2: string): Promise<DataFrame> {
    return await this.stat.crosstab(col1, col2);
  }

  /** Values at percentiles of a column, or of each of several. */
  approxQuantile<C extends string | readonly string[]>(
    col: C,
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<Quantiles<C>> {
    return this.stat.approxQuantile(col, probabilities, relativeError);
  }

  // Nulls

  /** In place of null, and of NaN: one value for all columns of its kind, or `{ column: value }`. */
  fillna(value: unknown, subset?: string | readonly string[]): DataFrame {
    const columns = subset === undefined ? {} : { columns: [subset].flat() };
    if (isRecord(value)) {
      const values = Object.entries(value).map(([name, item]) => [name, expressionOf(item)] as const);
      return this.derive({ kind: 'fillNulls', child: this.#plan, values });
    }
    return this.derive({ kind: 'fillNulls', child: this.#plan, values: expressionOf(value), ...columns });
  }

  /** Rows without nulls and NaN: in `any` column, in `all`, or with at least `thresh` other values. */
  dropna(
    options: 'any' | 'all' | DropNullOptions = {},
    least?: number | null,
    columns?: string | readonly string[] | null,
  ): DataFrame {
    const given = typeof options === 'string' ? { how: options } : options;
    const { how = 'any', thresh = least ?? undefined, subset = columns ?? undefined }: DropNullOptions = given;
    if (how !== 'any' && how !== 'all') {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'dropna',
        actual: `how: ${String(how)}`,
        expected: "how: 'any' or 'all'",
      });
    }
    const minNonNulls = thresh ?? (how === 'all' ? 1 : undefined);
    return this.derive({
      kind: 'dropNulls',
      child: this.#plan,
      ...(minNonNulls === undefined ? {} : { minNonNulls }),
      ...(subset === undefined ? {} : { columns: [subset].flat() }),
    });
  }

  /** Other values in place of some: `replace('a', 'b')`, or pairs of old and new ones. */
  replace(from: unknown, to?: unknown, subset?: string | readonly string[]): DataFrame {
    const pairs = replacementsOf(from, to);
    const wanted = subset === undefined ? undefined : new Set([subset].flat().map((name) => name.toLowerCase()));
    const columns = this.#resolved.output.map((attribute): Expression => {
      const column: Expression = { kind: 'name', parts: [attribute.name], planId: this.#plan.planId };
      const fitting = pairs.filter(([old]) => fits(attribute.type.kind, old));
      if (fitting.length === 0 || wanted?.has(attribute.name.toLowerCase()) === false) return column;
      const branches = fitting.map(
        ([old, value]) =>
          [{ kind: 'call', name: '<=>', args: [column, expressionOf(old)] }, cast(value, attribute.type)] as const,
      );
      return { kind: 'alias', child: { kind: 'case', branches, otherwise: column }, names: [attribute.name] };
    });
    return this.derive({ kind: 'project', child: this.#plan, columns });
  }

  get na(): {
    readonly fill: DataFrame['fillna'];
    readonly drop: DataFrame['dropna'];
    readonly replace: DataFrame['replace'];
  } {
    return {
      fill: (value, subset) => this.fillna(value, subset),
      drop: (options, least, columns) => this.dropna(options, least, columns),
      replace: (from, to, subset) => this.replace(from, to, subset),
    };
  }

  // Event time

  /**
   * Marks the event time, and how late a row may be: what is later may be dropped, and state older than that is removed. With several
   * watermarks the least holds; one whose sources were silent for `idleTimeout` is left out until they have rows again.
   */
  withWatermark(column: string, delay: string, options: WatermarkOptions = {}): DataFrame {
    const { idleTimeout } = options;
    if (typeof column !== 'string' || typeof delay !== 'string' || typeof (idleTimeout ?? '') !== 'string') {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'withWatermark',
        actual: [column, delay, ...(idleTimeout === undefined ? [] : [idleTimeout])]
          .map((one) => typeof one)
          .join(' and '),
        expected: "the name of a column and a duration: ('ts', '10 minutes')",
      });
    }
    const node = { kind: 'watermark', child: this.#plan, column, delay } as const;
    return this.derive(idleTimeout === undefined ? node : { ...node, idleTimeout });
  }

  // Groups

  /** Groups rows by columns; without any, all rows are one group. */
  groupBy(...columns: Columns): GroupedData {
    return this.grouped('groupBy', columns);
  }

  /** The same as `groupBy`. */
  groupby(...columns: Columns): GroupedData {
    return this.groupBy(...columns);
  }

  /** `groupBy` with subtotals: each column less from the right. */
  rollup(...columns: Columns): GroupedData {
    return this.grouped('rollup', columns);
  }

  /** `groupBy` with subtotals for every selection of the columns. */
  cube(...columns: Columns): GroupedData {
    return this.grouped('cube', columns);
  }

  /** `groupBy` of several lists of keys at once: a row has null in the keys that its list leaves out. */
  groupingSets(sets: readonly (readonly ColumnOrName[])[], ...columns: Columns): GroupedData {
    const keys = namesOf(columns, 'groupingSets');
    const places = sets.map((set) =>
      set.map((key) => {
        const wanted = nameOf(columnExpression(key, 'groupingSets')).toLowerCase();
        const place = keys.findIndex((known) => nameOf(known).toLowerCase() === wanted);
        if (place >= 0) return place;
        return raise('QUERY_DATAFRAME_ARGUMENT', {
          method: 'groupingSets',
          actual: `the key ${wanted}, which is none of the columns`,
          expected: 'sets of the columns that follow',
        });
      }),
    );
    return new GroupedData({
      frame: this,
      type: 'groupingSets',
      grouping: keys,
      sets: places,
      frameOf: (node) => this.derive(node),
    });
  }

  /** Aggregates of all rows. */
  agg(...aggregates: readonly (Column | Readonly<Record<string, string>>)[]): DataFrame {
    return this.groupBy().agg(...aggregates);
  }

  private grouped(type: 'groupBy' | 'rollup' | 'cube', columns: Columns): GroupedData {
    const grouping = namesOf(columns, type);
    return new GroupedData({ frame: this, type, grouping, frameOf: (node) => this.derive(node) });
  }

  /** Metrics of the rows that pass here, computed beside them: in the progress of a query. */
  observe(name: string, ...metrics: readonly Column[]): DataFrame {
    return this.derive({
      kind: 'observe',
      child: this.#plan,
      name,
      metrics: metrics.map((metric) => columnOf(metric, 'observe')),
    });
  }

  // Several DataFrames

  /** `on`: a name or names that both have, or a condition. `how`: `inner`, `left`, `right`, `full`, `left_semi`, `left_anti`, `cross`. */
  join(other: DataFrame, on?: string | readonly string[] | Column | readonly Column[], how = 'inner'): DataFrame {
    checkFrame(other, 'join');
    const node = { kind: 'join', left: this.#plan, right: other.plan, how: joinKind(how) } as const;
    if (on === undefined) return this.derive(node);
    const items: readonly (string | Column)[] = typeof on === 'string' || on instanceof Column ? [on] : on;
    if (items.every((item) => typeof item === 'string')) return this.derive({ ...node, using: items });
    const conditions = items.map((item) => columnOf(item, 'join'));
    return this.derive({
      ...node,
      on: conditions.reduce((left, right) => ({ kind: 'call', name: 'and', args: [left, right] })),
    });
  }

  crossJoin(other: DataFrame): DataFrame {
    checkFrame(other, 'crossJoin');
    return this.derive({ kind: 'join', left: this.#plan, right: other.plan, how: 'cross' });
  }

  /** The rows of both, columns by position. Duplicates stay. */
  union(other: DataFrame): DataFrame {
    checkFrame(other, 'union');
    return this.derive({
      kind: 'union',
      left: this.#plan,
      right: other.plan,
      byName: false,
      allowMissingColumns: false,
    });
  }

  /** The same as `union`. */
  unionAll(other: DataFrame): DataFrame {
    return this.union(other);
  }

  /** The rows of both, columns by name; with `allowMissingColumns` a column that one side has not is null there. */
  unionByName(other: DataFrame, options: boolean | { readonly allowMissingColumns?: boolean } = {}): DataFrame {
    checkFrame(other, 'unionByName');
    const { allowMissingColumns = false } = typeof options === 'boolean' ? { allowMissingColumns: options } : options;
    return this.derive({ kind: 'union', left: this.#plan, right: other.plan, byName: true, allowMissingColumns });
  }

  /** Rows that the other has not, without duplicates. */
  subtract(other: DataFrame): DataFrame {
    return this.setOperation(other, 'except', false);
  }

  /** The same as `subtract`. */
  except(other: DataFrame): DataFrame {
    return this.subtract(other);
  }

  exceptAll(other: DataFrame): DataFrame {
    return this.setOperation(other, 'except', true);
  }

  /** Rows that both have, without duplicates. */
  intersect(other: DataFrame): DataFrame {
    return this.setOperation(other, 'intersect', false);
  }

  intersectAll(other: DataFrame): DataFrame {
    return this.setOperation(other, 'intersect', true);
  }

  private setOperation(other: DataFrame, operation: 'except' | 'intersect', isAll: boolean): DataFrame {
    checkFrame(other, operation);
    return this.derive({ kind: 'setOperation', left: this.#plan, right: other.plan, operation, isAll });
  }

  /** Hands the DataFrame to a function: steps of one's own in a chain. */
  transform<A extends readonly unknown[]>(change: (frame: DataFrame, ...args: A) => DataFrame, ...args: A): DataFrame {
    return change(this, ...args);
  }

  /** A hint of Spark; there is nothing to hint at on one machine, so it changes nothing. */
  hint(name: string, ..._parameters: readonly unknown[]): DataFrame {
    return this.derive({ kind: 'hint', child: this.#plan, name });
  }

  /** Spark's request to keep the rows at hand. Each action computes them anew here, so it changes nothing. */
  cache(): this {
    return this;
  }

  /** The same as `cache`. */
  persist(): this {
    return this.cache();
  }

  unpersist(): this {
    return this;
  }

  /** Spark's request for another number of partitions. Everything runs in one here, so it changes nothing. */
  repartition(..._partitions: readonly unknown[]): this {
    return this;
  }

  /** The same as `repartition`. */
  repartitionByRange(..._partitions: readonly unknown[]): this {
    return this;
  }

  /** The same as `repartition`. */
  repartitionById(..._partitions: readonly unknown[]): this {
    return this;
  }

  /** The rows as they are now: what is made of the result does not compute them anew. */
  async localCheckpoint(): Promise<DataFrame> {
    const rows = await this.rows('localCheckpoint');
    return this.derive({ kind: 'local', schema: this.schema, rows });
  }

  /** The same as `localCheckpoint`: rows of static data are kept in memory. */
  async checkpoint(): Promise<DataFrame> {
    return await this.localCheckpoint();
  }

  /** The same as `repartition`. */
  coalesce(_partitions: number): this {
    return this;
  }

  // Views

  /** Gives the DataFrame a name for `spark.sql` and `spark.table`; a view of that name is replaced. */
  createOrReplaceTempView(name: string): void {
    this.#state.views.set(name, { plan: this.#plan, session: this.#state }, false);
  }

  /** The same, where the name must be new. */
  createTempView(name: string): void {
    this.#state.views.set(name, { plan: this.#plan, session: this.#state }, true);
  }

  /** A view `global_temp.name`, which sessions made with `newSession` see too. */
  createOrReplaceGlobalTempView(name: string): void {
    this.#state.globalViews.set(name, { plan: this.#plan, session: this.#state }, false);
  }

  /** The same, where the name must be new. */
  createGlobalTempView(name: string): void {
    this.#state.globalViews.set(name, { plan: this.#plan, session: this.#state }, true);
  }

  /** The older name of `createOrReplaceTempView`. */
  registerTempTable(name: string): void {
    this.createOrReplaceTempView(name);
  }

  // Output

  /** Starts a query on the stream. */
  get writeStream(): DataStreamWriter {
    return new DataStreamWriter(this);
  }

  /** Writes static data. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this);
  }

  // Actions

  /** Prints the first rows as a table, as Spark does; `vertical` prints a line for each value. */
  async show(numRows = 20, truncate: boolean | number = true, vertical = false): Promise<void> {
    this.requireStatic('show');
    const layout = {
      numRows: wholeNumber(numRows, 'show'),
      truncate: truncate === true ? 20 : truncate === false ? 0 : truncate,
    };
    const { output } = this.#resolved;
    const rows = await this.limit(numRows + 1).rows('show');
    const texts = rows.slice(0, numRows).map(rowTexts(output, this.#state.conf.timeZone));
    const print = vertical ? showVertical : showTable;
    await host().write(`${print(this.columns, texts, rows.length, layout)}\n`);
  }

  async collect(): Promise<readonly Row[]> {
    const write = rowWriter(this.schema);
    return (await this.rows('collect')).map(write);
  }

  async count(): Promise<number> {
    this.requireStatic('count');
    const counted = this.groupBy().count();
    const [row] = await counted.rows('count');
    return Number(row?.[0]);
  }

  async take(count: number): Promise<readonly Row[]> {
    this.requireStatic('take');
    return await this.limit(count).collect();
  }

  /** The last rows. */
  async tail(count: number): Promise<readonly Row[]> {
    const rows = await this.collect();
    return rows.slice(Math.max(0, rows.length - wholeNumber(count, 'tail')));
  }

  /** The first rows, or without a number the first one, null when there is none. */
  head(): Promise<Row | null>;
  head(count: number): Promise<readonly Row[]>;
  async head(count?: number): Promise<readonly Row[] | Row | null> {
    return count === undefined ? await this.first() : await this.take(count);
  }

  async first(): Promise<Row | null> {
    this.requireStatic('first');
    const [row] = await this.limit(1).collect();
    return row ?? null;
  }

  async isEmpty(): Promise<boolean> {
    this.requireStatic('isEmpty');
    return (await this.first()) === null;
  }

  /**
   * The rows one after the other, without holding all of them: files and topics are read as the rows are taken, and no further than
   * that. What needs all rows (a sort, an aggregation) still has them.
   */
  async *toLocalIterator(): AsyncGenerator<Row, void, undefined> {
    this.requireStatic('toLocalIterator');
    const write = rowWriter(this.schema);
    for await (const rows of this.#state.backend.iterate(this.#plan)) for (const row of rows) yield write(row);
  }

  async foreach(f: (row: Row) => unknown): Promise<void> {
    this.requireStatic('foreach');
    for await (const row of this.toLocalIterator()) await f(row);
  }

  /** Calls the function once, with the rows: there is one partition. */
  async foreachPartition(f: (rows: Iterable<Row>) => unknown): Promise<void> {
    this.requireStatic('foreachPartition');
    await f(await this.collect());
  }

  /** Whether the rows are at hand, so that no source is read. */
  isLocal(): boolean {
    return this.#plan.kind === 'local';
  }

  /** Rows as JSON texts. */
  async toJSON(): Promise<readonly string[]> {
    this.requireStatic('toJSON');
    const all: Expression = { kind: 'call', name: 'struct', args: [{ kind: 'star', qualifier: [] }] };
    const json = this.derive({
      kind: 'project',
      child: this.#plan,
      columns: [{ kind: 'call', name: 'to_json', args: [all] }],
    });
    return (await json.rows('toJSON')).map(([text]) => text as string);
  }

  /**
   * The rows as a table of Apache Arrow, in the types that Spark chooses, all exact: 64-bit numbers and decimals are bigints (decimals
   * unscaled) unless the options of `tableFromIPC` say otherwise. Needs the package `@uwdata/flechette` beside this one.
   */
  async toArrow(options: ArrowOptions = {}): Promise<ArrowTable> {
    return arrow().table(await this.toArrowIPC(), options);
  }

  /** The same as bytes of Arrow's stream format, for any other library. */
  async toArrowIPC(): Promise<Uint8Array> {
    return arrow().write(this.schema, await this.rows('toArrow'), this.#state.conf.timeZone);
  }

  /** Rows as they are inside; for parts of the engine. */
  async rows(action = 'collect'): Promise<readonly InternalRow[]> {
    this.requireStatic(action);
    return await this.#state.backend.collect(this.#plan);
  }

  private requireStatic(action: string): void {
    if (this.isStreaming) raise('QUERY_ACTION_ON_STREAM', { action });
  }
}

function isOrdered(type: DataType): boolean {
  if (type.kind === 'array') return isOrdered(type.element);
  if (type.kind === 'struct') return type.fields.every((field) => isOrdered(field.type));
  return type.kind !== 'map';
}

function namesOf(columns: Columns, method: string): readonly Expression[] {
  return columns.flat().map((column) => columnExpression(column, method));
}

function columnOf(column: unknown, method: string): Expression {
  if (column instanceof Column) return column.expression;
  return raise('QUERY_COLUMN_ARGUMENT', {
    method,
    actual: typeof column === 'string' ? `the text '${column}'` : String(column),
    expected: "a column: col('name'), lit(value) or expr('...')",
  });
}

function conditionOf(condition: Column | string, method: string): Expression {
  return typeof condition === 'string' ? parseExpression(condition) : columnOf(condition, method);
}

function keysOf(columns: readonly (string | readonly string[])[]): { readonly columns?: readonly string[] } {
  return columns.length === 0 ? {} : { columns: columns.flat() };
}

type Ascending = { readonly ascending: boolean | readonly boolean[] };

function orderOf(columns: readonly (ColumnOrName | readonly ColumnOrName[] | Ascending)[]): readonly SortExpression[] {
  const options = columns.filter((column): column is Ascending => isRecord(column) && 'ascending' in column);
  const order = columns
    .filter((column): column is ColumnOrName | readonly ColumnOrName[] => !options.includes(column as Ascending))
    .flat()
    .map((column) => sortOf(column));
  const [option] = options;
  if (option === undefined) return order;
  const { ascending } = option;
  return order.map((item, i) =>
    (typeof ascending === 'boolean' ? ascending : (ascending[i] ?? true)) ? item : descending(item),
  );
}

function descending({ child }: SortExpression): SortExpression {
  return { kind: 'sort', child, ascending: false, nullsFirst: false };
}

function wholeNumber(count: number, method: string): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  return raise('QUERY_DATAFRAME_ARGUMENT', { method, actual: String(count), expected: 'a whole number from 0 up' });
}

function checkFrame(other: unknown, method: string): void {
  if (other instanceof DataFrame) return;
  raise('QUERY_DATAFRAME_ARGUMENT', {
    method,
    actual: other === null ? 'null' : `a ${typeof other}`,
    expected: 'a DataFrame',
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Column) &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

function replacementsOf(from: unknown, to: unknown): readonly (readonly [unknown, unknown])[] {
  if (from instanceof Map) return [...from];
  if (isRecord(from)) return Object.entries(from);
  if (Array.isArray(from))
    return from.map((old: unknown, i) => [old, Array.isArray(to) ? (to as unknown[])[i] : to] as const);
  return [[from, to]];
}

function fits(kind: string, value: unknown): boolean {
  if (typeof value === 'string') return kind === 'string';
  if (typeof value === 'boolean') return kind === 'boolean';
  return ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal'].includes(kind);
}

function cast(value: unknown, type: StructType['fields'][number]['type']): Expression {
  return { kind: 'cast', child: expressionOf(value), type, mode: 'cast' };
}
