import { raise } from '../../kernel/errors.ts';
import type { DataFrame } from '../data-frame.ts';
import { Column } from '../expressions/column.ts';
import type { Expression } from '../expressions/expression.ts';
import { isNumeric } from '../types/type-classes.ts';

const described = ['count', 'mean', 'stddev', 'min', 'max'] as const;
const summarized = ['count', 'mean', 'stddev', 'min', '25%', '50%', '75%', 'max'] as const;

/** `describe`: count, mean, deviation, least and greatest of columns of numbers and texts, each statistic a row of texts. */
export function describe(frame: DataFrame, columns: readonly string[]): DataFrame {
  // A name that there is not is an error here, at once.
  const chosen = columns.length === 0 ? frame : frame.select(...columns);
  return statisticsOf(chosen, described);
}

/** `summary`: the statistics that are asked for, percentiles like `25%` among them. */
export function summary(frame: DataFrame, statistics: readonly string[]): DataFrame {
  return statisticsOf(frame, statistics.length === 0 ? summarized : statistics);
}

function statisticsOf(frame: DataFrame, statistics: readonly string[]): DataFrame {
  const { fields } = frame.schema;
  const columns = fields.filter(({ type }) => isNumeric(type) || type.kind === 'string');
  const cells = statistics.flatMap((statistic, row) =>
    columns.map(({ name, type }, i) => {
      const value = statisticOf(statistic, { kind: 'name', parts: [name] }, isNumeric(type));
      return new Column({
        kind: 'alias',
        child: { kind: 'cast', child: value, type: { kind: 'string' }, mode: 'cast' },
        names: [`c${row}_${i}`],
      });
    }),
  );
  for (const statistic of statistics) statisticOf(statistic, text(''), true);
  const values = statistics.flatMap((statistic, row): Expression[] => [
    text(statistic),
    ...columns.map((_, i): Expression => ({ kind: 'name', parts: [`c${row}_${i}`] })),
  ]);
  const rows: Expression = { kind: 'literal', value: statistics.length, type: { kind: 'int' } };
  const stack: Expression = { kind: 'call', name: 'stack', args: [rows, ...values] };
  const one = cells.length === 0 ? frame.groupBy().count() : frame.agg(...cells);
  const names = ['summary', ...columns.map(({ name }) => name)];
  return one.select(new Column({ kind: 'alias', child: stack, names })).toDF(...names);
}

/** One statistic of one column; of a text the numbers are those of the texts that are numbers. */
function statisticOf(statistic: string, column: Expression, isNumber: boolean): Expression {
  const number: Expression = isNumber ? column : { kind: 'cast', child: column, type: { kind: 'double' }, mode: 'try' };
  switch (statistic.toLowerCase()) {
    case 'count':
      return { kind: 'call', name: 'count', args: [column] };
    case 'count_distinct':
      return { kind: 'call', name: 'count', args: [column], distinct: true };
    case 'approx_count_distinct':
      return { kind: 'call', name: 'approx_count_distinct', args: [column] };
    case 'mean':
      return { kind: 'call', name: 'avg', args: [number] };
    case 'stddev':
      return { kind: 'call', name: 'stddev', args: [number] };
    case 'min':
    case 'max':
      return { kind: 'call', name: statistic.toLowerCase(), args: [column] };
    default:
      return percentile(statistic, number);
  }
}

function percentile(statistic: string, column: Expression): Expression {
  const percent = /^(\d+(?:\.\d+)?)%$/u.exec(statistic)?.[1];
  if (percent === undefined || Number(percent) > 100) {
    return raise('UNRECOGNIZED_STATISTIC', { stats: statistic });
  }
  const fraction: Expression = { kind: 'literal', value: Number(percent) / 100, type: { kind: 'double' } };
  return { kind: 'call', name: 'percentile_approx', args: [column, fraction] };
}

function text(value: string): Expression {
  return { kind: 'literal', value, type: { kind: 'string' } };
}
