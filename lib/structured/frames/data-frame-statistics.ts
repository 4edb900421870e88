import { raise } from '../../kernel/errors.ts';
import type { DataFrame } from '../data-frame.ts';
import { Column, type ColumnOrName, columnExpression, expressionOf } from '../expressions/column.ts';
import type { Expression } from '../expressions/expression.ts';
import { atomic, isNumeric } from '../types/type-classes.ts';

/** Of one column its values at the percentiles; of several columns those of each. */
export type Quantiles<C extends string | readonly string[]> = C extends string
  ? readonly number[]
  : readonly (readonly number[])[];

/** What `df.stat` has; each is a method of the DataFrame too. */
export class DataFrameStatistics {
  readonly #frame: DataFrame;

  constructor(frame: DataFrame) {
    this.#frame = frame;
  }

  /** Pearson's correlation of two columns of numbers. */
  async corr(col1: string, col2: string, method = 'pearson'): Promise<number> {
    if (method !== 'pearson') {
      raise('QUERY_DATAFRAME_ARGUMENT', { method: 'corr', actual: method, expected: "'pearson'" });
    }
    return await this.#pair('corr', col1, col2);
  }

  /** The covariance of a sample of two columns of numbers. */
  async cov(col1: string, col2: string): Promise<number> {
    return await this.#pair('covar_samp', col1, col2);
  }

  /** How often each pair of values of two columns occurs: a row for each value of the first, a column for each of the second. */
  async crosstab(col1: string, col2: string): Promise<DataFrame> {
    const counted = this.#frame.groupBy(labelOf(col1).alias('a'), labelOf(col2).alias('b')).count();
    const rows = (await counted.rows('crosstab')) as readonly (readonly [string, string, number])[];
    const columns = [...new Set(rows.map(([, b]) => b))].toSorted();
    const table = new Map<string, number[]>();
    for (const [a, b, count] of rows) {
      const row = table.get(a) ?? columns.map(() => 0);
      row[columns.indexOf(b)] = count;
      table.set(a, row);
    }
    return this.#frame.derive({
      kind: 'local',
      schema: {
        kind: 'struct',
        fields: [
          { name: `${col1}_${col2}`, type: atomic('string'), nullable: true },
          ...columns.map((name) => ({ name, type: atomic('bigint'), nullable: true })),
        ],
      },
      rows: Array.from(table, ([a, counts]) => [a, ...counts]),
    });
  }

  /** Values at percentiles, with an error of at most `relativeError` of the rows; 0 is exact. Nulls and NaN do not count. */
  async approxQuantile<C extends string | readonly string[]>(
    col: C,
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<Quantiles<C>> {
    const isInRange = probabilities.every((fraction) => fraction >= 0 && fraction <= 1);
    if (!isInRange || !(relativeError >= 0)) {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'approxQuantile',
        actual: `${probabilities.join(', ')} with the error ${relativeError}`,
        expected: 'probabilities from 0 to 1 and an error from 0 up',
      });
    }
    const accuracy = relativeError === 0 ? 2_147_483_647 : Math.ceil(1 / relativeError);
    const names: readonly string[] = typeof col === 'string' ? [col] : col;
    const fractions = call('array', ...probabilities.map((each) => double(each)));
    const quantiles = names.map((name, i) => {
      const number: Expression = { kind: 'cast', child: this.#number(name), type: { kind: 'double' }, mode: 'cast' };
      const known = call('nanvl', number, double(null));
      return new Column(call('percentile_approx', known, fractions, expressionOf(accuracy))).alias(`q${i}`);
    });
    const [row = []] = await this.#frame.agg(...quantiles).rows('approxQuantile');
    const results = row.map((values) => (values ?? []) as readonly number[]);
    return (typeof col === 'string' ? (results[0] ?? []) : results) as Quantiles<C>;
  }

  /** A part of the rows for each value of a column: `{ value: fraction }`; values that are not named have none. */
  sampleBy(
    col: ColumnOrName,
    fractions: Readonly<Record<string, number>> | ReadonlyMap<unknown, number>,
    seed?: number,
  ): DataFrame {
    const pairs = fractions instanceof Map ? [...fractions] : Object.entries(fractions as Record<string, number>);
    for (const [value, fraction] of pairs) {
      if (!(fraction >= 0 && fraction <= 1)) {
        raise('QUERY_DATAFRAME_ARGUMENT', {
          method: 'sampleBy',
          actual: `${String(value)}: ${fraction}`,
          expected: 'fractions from 0 to 1',
        });
      }
    }
    const key = columnExpression(col, 'sampleBy');
    const isNumber = isNumeric(this.#frame.select(new Column(key)).schema.fields[0]?.type ?? atomic('void'));
    const branches = pairs.map(([value, fraction]) => {
      const wanted: unknown = isNumber && typeof value === 'string' ? Number(value) : value;
      return [call('<=>', key, expressionOf(wanted)), double(fraction)] as const;
    });
    const random = call('rand', ...(seed === undefined ? [] : [expressionOf(seed)]));
    const fraction: Expression = { kind: 'case', branches, otherwise: double(0) };
    return this.#frame.where(new Column(call('<', random, branches.length === 0 ? double(0) : fraction)));
  }

  async #pair(name: string, col1: string, col2: string): Promise<number> {
    // Spark counts what is missing as 0 here, though not in the functions of the same names.
    const known = (column: string): Expression => {
      const number: Expression = { kind: 'cast', child: this.#number(column), type: { kind: 'double' }, mode: 'cast' };
      return call('coalesce', call('nanvl', number, double(null)), double(0));
    };
    const statistic = new Column(call(name, known(col1), known(col2))).alias('x');
    const [row] = await this.#frame.agg(statistic).rows(name);
    return (row?.[0] ?? Number.NaN) as number;
  }

  /** A column that must be one of numbers. */
  #number(name: string): Expression {
    const column = columnExpression(name, 'stat');
    const type = this.#frame.select(new Column(column)).schema.fields[0]?.type;
    if (type !== undefined && !isNumeric(type)) {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'stat',
        actual: `${name} ${type.kind}`,
        expected: 'a column of numbers',
      });
    }
    return column;
  }
}

/** A value as the name of a row or a column. */
function labelOf(name: string): Column {
  return new Column(call('coalesce', cast(columnExpression(name, 'crosstab')), expressionOf('null')));
}

function call(name: string, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, args };
}

function cast(child: Expression): Expression {
  return { kind: 'cast', child, type: { kind: 'string' }, mode: 'cast' };
}

function double(value: number | null): Expression {
  return { kind: 'literal', value, type: { kind: 'double' } };
}
