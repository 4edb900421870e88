import { raise } from '../../kernel/errors.ts';
import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { InternalValue } from '../types/data-type.ts';
import { atomic } from '../types/type-classes.ts';
import type { BindSite, FunctionDefinition, RankedRows, RankingFunction } from './define-function.ts';
import { rankingExamples } from './ranking-examples.ts';
import { constantOf, takes, unexpected } from './signatures.ts';

function define(
  name: string,
  parameters: Parameters<typeof takes>[1],
  returns: Parameters<typeof takes>[2],
  summary: string,
  usage: string,
  bind: (site: BindSite) => RankingFunction,
  nullable = false,
): FunctionDefinition {
  return {
    name,
    group: 'ranking',
    summary,
    usage,
    examples: rankingExamples[name] ?? [],
    resolve: takes(name, parameters, returns, { nullable }),
    body: { kind: 'ranking', bind },
  };
}

function each(rows: RankedRows, value: (row: number) => InternalValue): InternalValue[] {
  return Array.from({ length: rows.count }, (_, row) => value(row));
}

/** For each row, the first row of its peers, and how many groups of peers there are up to it. */
function peers(rows: RankedRows): { readonly first: readonly number[]; readonly group: readonly number[] } {
  const first: number[] = [];
  const group: number[] = [];
  for (let row = 0; row < rows.count; row++) {
    const isPeer = row > 0 && rows.isPeerOfPrevious(row);
    first.push(isPeer ? (first[row - 1] as number) : row);
    group.push(isPeer ? (group[row - 1] as number) : (group[row - 1] ?? 0) + 1);
  }
  return { first, group };
}

function ntile({ args }: BindSite): RankingFunction {
  const buckets = Number(constantOf('ntile', args, 0) ?? 1);
  if (!(buckets >= 1)) {
    raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
      position: 'first',
      function: 'ntile',
      range: 'a positive number',
      actual: buckets,
    });
  }
  return (rows) => {
    const size = Math.floor(rows.count / buckets);
    const larger = rows.count % buckets;
    return each(rows, (row) =>
      row < larger * (size + 1)
        ? Math.floor(row / (size + 1)) + 1
        : larger + Math.floor((row - larger * (size + 1)) / size) + 1,
    );
  };
}

/** The rows in which the first argument is not null, in order. */
function rowsWithValue(rows: RankedRows): readonly number[] {
  return Array.from({ length: rows.count }, (_, row) => row).filter((row) => rows.argument(row, 0) !== null);
}

/** Where the first number from `least` up stands in an ascending list. */
function firstFrom(list: readonly number[], least: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The value some rows before (or behind): the default where there is none. */
function shifted(name: string, direction: 1 | -1): FunctionDefinition {
  const definition = define(
    name,
    ['any', 'int?', 'any?'],
    (types) => types[0] ?? atomic('void'),
    `The value of the row ${direction < 0 ? 'before' : 'behind'} by an offset (1), else the default (null). With IGNORE NULLS only rows with a value count.`,
    `${name}(input[, offset[, default]])`,
    ({ args, options }) => {
      const given = constantOf(name, args, 1);
      if (given === null) {
        raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
          position: 'second',
          function: name,
          range: 'a whole number',
          actual: 'NULL',
        });
      }
      const offset = Number(given ?? 1) * direction;
      const ignoresNulls = options?.['ignoreNulls'] === 'true';
      return (rows) => {
        const valued = ignoresNulls && offset !== 0 ? rowsWithValue(rows) : undefined;
        return each(rows, (row) => {
          const from = valued === undefined ? row + offset : shiftedAmong(valued, row, offset);
          if (from !== undefined && from >= 0 && from < rows.count) return rows.argument(from, 0);
          return args.length > 2 ? rows.argument(row, 2) : null;
        });
      };
    },
    true,
  );
  // The default becomes what the input is.
  return {
    ...definition,
    resolve: (args, site) => {
      const signature = definition.resolve(args, site);
      return { ...signature, args: signature.args.map((type, i) => (i === 2 ? signature.type : type)) };
    },
  };
}

/** Among the rows with a value, the one that stands so many before (or behind) a row. */
function shiftedAmong(valued: readonly number[], row: number, offset: number): number | undefined {
  return offset < 0 ? valued[firstFrom(valued, row) + offset] : valued[firstFrom(valued, row + 1) + offset - 1];
}

export const rankingFunctions: readonly FunctionDefinition[] = [
  define(
    'row_number',
    [],
    'int',
    'The number of a row in its partition, from 1.',
    'row_number()',
    () => (rows) => each(rows, (row) => row + 1),
  ),
  define('rank', [], 'int', 'The number of the first of the rows that are equal in order.', 'rank()', () => (rows) => {
    const { first } = peers(rows);
    return each(rows, (row) => (first[row] as number) + 1);
  }),
  define('dense_rank', [], 'int', 'As rank, without gaps.', 'dense_rank()', () => (rows) => [...peers(rows).group]),
  define('percent_rank', [], 'double', '(rank - 1) / (rows - 1).', 'percent_rank()', () => (rows) => {
    const { first } = peers(rows);
    return each(rows, (row) => (rows.count <= 1 ? 0 : (first[row] as number) / (rows.count - 1)));
  }),
  define('cume_dist', [], 'double', 'The share of rows up to this one and its equals.', 'cume_dist()', () => (rows) => {
    const { first } = peers(rows);
    const ends = new Map<number, number>();
    first.forEach((start, row) => ends.set(start, row + 1));
    return each(rows, (row) => (ends.get(first[row] as number) as number) / rows.count);
  }),
  {
    ...define('ntile', ['int'], 'int', 'The number of the bucket when a partition is dealt into n.', 'ntile(n)', ntile),
    resolve(args, site) {
      const signature = takes('ntile', ['int'], 'int', { nullable: false })(args, site);
      const [arg] = args as [TypedExpression];
      return arg.type.kind === 'int' ? signature : unexpected('ntile', 0, arg, 'INT');
    },
  },
  shifted('lag', -1),
  shifted('lead', 1),
  define(
    'nth_value',
    ['any', 'int'],
    (types) => types[0] ?? atomic('void'),
    'The value of the n-th row of the frame, null when it is shorter; with IGNORE NULLS only rows with a value count.',
    'nth_value(input, n)',
    ({ args, options }) => {
      const index = Number(constantOf('nth_value', args, 1) ?? 0) - 1;
      if (index < 0) {
        raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
          position: 'second',
          function: 'nth_value',
          range: 'a positive number',
          actual: index + 1,
        });
      }
      const ignoresNulls = options?.['ignoreNulls'] === 'true';
      return (rows) => {
        const valued = ignoresNulls ? rowsWithValue(rows) : undefined;
        return each(rows, (row) => {
          const { from, until } = rows.frame(row);
          const at = valued === undefined ? from + index : valued[firstFrom(valued, from) + index];
          return at !== undefined && at < until ? rows.argument(at, 0) : null;
        });
      };
    },
    true,
  ),
];
