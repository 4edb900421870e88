import { describe, expect, it } from '@jest/globals';
import * as F from '../../../lib/functions.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import { Session } from '../../../lib/structured/session.ts';
import { Window } from '../../../lib/structured/window-spec.ts';
import { newSession, printed, streamOf } from '../frames.ts';

const { col, expr, lit } = F;

const rows = [
  ['a', 1, 1.5],
  ['b', 2, null],
  [null, 3, Number.NaN],
  ['a', 4, 4],
] as const;

function items(spark: Session = newSession()): DataFrame {
  return spark.createDataFrame(rows, 'k STRING, v INT, x DOUBLE');
}

/** Rows as arrays, in the order in which they come. */
async function rowsOf(frame: DataFrame): Promise<readonly unknown[]> {
  return await frame.rows();
}

describe('DataFrame', () => {
  it.each<readonly [string, (f: DataFrame) => DataFrame, readonly unknown[]]>([
    ['select by name, without regard to case', (f) => f.select('V', 'k').limit(1), [[1, 'a']]],
    ['select of a list', (f) => f.select(['k', 'v']).limit(1), [['a', 1]]],
    ['selectExpr', (f) => f.selectExpr('v * 2 AS d', 'upper(k)').limit(1), [[2, 'A']]],
    ['where with SQL and with columns', (f) => f.where('v > 1').where(col('k').isNotNull()).select('v'), [[2], [4]]],
    ['where on a column that select left out', (f) => f.select('k').where('v > 3'), [['a']]],
    ['orderBy on a column that select left out', (f) => f.select('k').orderBy(col('v').desc()).limit(1), [['a']]],
    ['where on df.col of what select left out', (f) => f.select('k').where(f.col('v').gt(3)), [['a']]],
    [
      'withColumn in place and behind',
      (f) => f.withColumn('V', col('v').plus(1)).withColumn('n', lit('n')).drop('x', 'nosuch').limit(1),
      [['a', 2, 'n']],
    ],
    [
      'withColumns at once',
      (f) =>
        f
          .withColumns({ v: col('v').plus(1), w: col('v') })
          .select('v', 'w')
          .limit(1),
      [[2, 1]],
    ],
    ['withColumnsRenamed', (f) => f.withColumnsRenamed({ k: 'key', nosuch: 'y' }).select('key').limit(1), [['a']]],
    ['toDF', (f) => f.toDF('a', 'b', 'c').select('b').limit(1), [[1]]],
    ['alias', (f) => f.alias('t').select('t.v').limit(1), [[1]]],
    ['colRegex', (f) => f.select(f.colRegex('`[KV]`')).limit(1), [['a', 1]]],
    ['distinct', (f) => f.select('k').distinct(), [['a'], ['b'], [null]]],
    ['dropDuplicates keeps the first', (f) => f.dropDuplicates(['k']).select('v'), [[1], [2], [3]]],
    ['dropDuplicates of names one by one', (f) => f.dropDuplicates('k').select('v'), [[1], [2], [3]]],
    [
      'orderBy puts nulls first, descending last',
      (f) => f.orderBy('k', col('v').desc()).select('k', 'v'),
      [
        [null, 3],
        ['a', 4],
        ['a', 1],
        ['b', 2],
      ],
    ],
    ['orderBy with ascending for all', (f) => f.orderBy('v', { ascending: false }).select('v').limit(2), [[4], [3]]],
    [
      'orderBy with ascending for each',
      (f) => f.orderBy('k', 'v', { ascending: [false, true] }).select('k', 'v'),
      [
        ['b', 2],
        ['a', 1],
        ['a', 4],
        [null, 3],
      ],
    ],
    ['offset', (f) => f.orderBy('v').offset(3).select('v'), [[4]]],
    [
      'fillna of one value',
      (f) => f.fillna(0).select('k', 'x'),
      [
        ['a', 1.5],
        ['b', 0],
        [null, 0],
        ['a', 4],
      ],
    ],
    ['fillna of a text', (f) => f.na.fill('?').select('k', 'v').where('v = 3'), [['?', 3]]],
    ['fillna by column', (f) => f.fillna({ k: '?', x: 9 }).where('v = 3').select('k', 'x'), [['?', 9]]],
    ['fillna within a subset', (f) => f.fillna(0, ['v']).select('x').where('x IS NULL'), [[null]]],
    ['dropna', (f) => f.dropna().select('v'), [[1], [4]]],
    [
      'dropna of rows that are all null',
      (f) => f.na.drop({ how: 'all', subset: ['k', 'x'] }).select('v'),
      [[1], [2], [4]],
    ],
    ['dropna by number', (f) => f.dropna({ thresh: 2 }).select('v'), [[1], [2], [4]]],
    ['replace', (f) => f.replace('a', 'z').select('k'), [['z'], ['b'], [null], ['z']]],
    [
      'replace of several in a subset',
      (f) => f.na.replace([1, 2], [10, 20], ['v']).select('v'),
      [[10], [20], [3], [4]],
    ],
    [
      'groupBy and agg',
      (f) => f.groupBy('k').agg(F.sum('v').alias('s'), F.count('*').alias('n')).orderBy('k'),
      [
        [null, 3, 1],
        ['a', 5, 2],
        ['b', 2, 1],
      ],
    ],
    [
      'agg by names',
      (f) => f.groupBy('k').agg({ v: 'sum', '*': 'count' }).orderBy('k'),
      [
        [null, 3, 1],
        ['a', 5, 2],
        ['b', 2, 1],
      ],
    ],
    [
      'a grouping expression in an aggregate',
      (f) => f.groupBy(expr('v % 2')).agg(expr('v % 2 + count(*) AS y')).orderBy('y').select('y'),
      [[2], [3]],
    ],
    ['agg without groups', (f) => f.agg(F.max('v').alias('m')), [[4]]],
    ['select of aggregates', (f) => f.select(F.max('v'), F.min('v').plus(1)), [[4, 2]]],
    ['sum of all numbers', (f) => f.where('k = "a"').groupBy('k').sum(), [['a', 5, 5.5]]],
    [
      'rollup',
      (f) =>
        f
          .where('k IS NOT NULL')
          .rollup('k')
          .agg(F.sum('v').alias('s'), expr('grouping(k) AS g'), expr('grouping_id() AS id'))
          .orderBy('g', 'k'),
      [
        ['a', 5, 0, 0],
        ['b', 2, 0, 0],
        [null, 7, 1, 1],
      ],
    ],
    [
      'cube',
      (f) => f.where('v < 3').cube('k', 'v').count().orderBy('k', 'v').where('k IS NULL AND v IS NULL'),
      [[null, null, 2]],
    ],
    [
      'pivot',
      (f) => f.where('k IS NOT NULL').groupBy('k').pivot('v', [1, 2]).count().orderBy('k'),
      [
        ['a', 1, null],
        ['b', null, 1],
      ],
    ],
    [
      'window functions',
      (f) =>
        f
          .where('k = "a"')
          .select(
            'v',
            F.rowNumber()
              .over(Window.partitionBy('k').orderBy(col('v').desc()))
              .alias('n'),
          )
          .orderBy('n'),
      [
        [4, 1],
        [1, 2],
      ],
    ],
    [
      'explode of a map',
      (f) => f.limit(1).select(F.explode(F.createMap(lit('p'), 'v')).alias('key', 'value')),
      [['p', 1]],
    ],
    [
      'a generator beside columns',
      (f) => f.limit(1).select('v', F.explode(F.array('v', lit(9)))),
      [
        [1, 1],
        [1, 9],
      ],
    ],
    ['union', (f) => f.select('v').union(f.selectExpr('v * 10L')).where('v > 15'), [[20], [30], [40]]],
    [
      'unionByName',
      (f) => f.select('k', 'v').limit(1).unionByName(f.select('v').limit(1), { allowMissingColumns: true }),
      [
        ['a', 1],
        [null, 1],
      ],
    ],
    ['subtract', (f) => f.select('k').subtract(f.where('v = 1').select('k')), [['b'], [null]]],
    ['exceptAll', (f) => f.select('k').exceptAll(f.where('v = 1').select('k')).orderBy('k'), [[null], ['a'], ['b']]],
    ['intersect', (f) => f.select('k').intersect(f.where('v = 1').select('k')), [['a']]],
    ['transform', (f) => f.transform((g, n: number) => g.limit(n), 1).select('v'), [[1]]],
    ['hint', (f) => f.hint('broadcast').select('v').limit(1), [[1]]],
    ['join on a name', (f) => f.where('v = 2').join(f.select('k', col('v').alias('w')), 'k'), [['b', 2, null, 2]]],
    [
      'join with itself on its columns',
      (f) => {
        const other = f.where('v > 1');
        return f
          .join(other, f.col('v').equalTo(other.col('v').minus(1)))
          .select(f.col('v'), other.col('v').alias('next'));
      },
      [
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    ],
    ['join with itself on one column', (f) => f.where('v < 3').join(f.where('v < 3'), 'v').select('v'), [[1], [2]]],
    [
      'join of one DataFrame with itself by df.col',
      (f) =>
        f
          .join(f, f.col('v').equalTo(f.col('v')))
          .groupBy()
          .count(),
      [[4]],
    ],
    [
      'crossJoin',
      (f) =>
        f
          .where('v < 3')
          .select('v')
          .crossJoin(f.where('v > 3').select(col('v').alias('w'))),
      [
        [1, 4],
        [2, 4],
      ],
    ],
    [
      'join with several conditions',
      (f) =>
        f
          .alias('l')
          .join(f.alias('r'), [expr('l.k = r.k'), expr('l.v < r.v')])
          .select('l.v', 'r.v'),
      [[1, 4]],
    ],
  ])('%s', async (_, build, expected) => {
    expect(await rowsOf(build(items()))).toEqual(expected);
  });

  it('counts, takes and iterates', async () => {
    const frame = items();
    expect(await frame.count()).toBe(4);
    expect(await frame.take(2)).toHaveLength(2);
    expect(await frame.head(1)).toHaveLength(1);
    expect((await frame.tail(2)).map((row) => row['v'])).toEqual([3, 4]);
    expect(frame.cache().repartition(4, 'k').coalesce(1).persist().unpersist()).toBe(frame);
    expect(await frame.head()).toMatchObject({ k: 'a', v: 1 });
    expect(await frame.where('v > 9').first()).toBeNull();
    expect(await frame.where('v > 9').isEmpty()).toBe(true);
    const seen: unknown[] = [];
    for await (const row of frame.toLocalIterator()) seen.push(row['v']);
    await frame.foreach((row) => seen.push(row['v']));
    expect(seen).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    expect(await frame.limit(1).toJSON()).toEqual(['{"k":"a","v":1,"x":1.5}']);
  });

  it('gives rows without a prototype, whatever the names of columns are', async () => {
    const [row] = await newSession()
      .createDataFrame([[1, 2]], '`__proto__` INT, `constructor` INT')
      .collect();
    expect(Object.getPrototypeOf(row)).toBeNull();
    expect(Object.entries(row ?? {})).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  it('names columns as Spark does', () => {
    const frame = items().select(
      col('V').plus(1),
      F.upper('K'),
      F.sum('v').over(Window.partitionBy('k')),
      expr('CAST(v AS STRING)'),
      col('k').isNull().alias('z'),
      F.struct('v', 'k').getField('v'),
      expr('x > 1 AND v IN (1, 2)'),
    );
    expect(frame.columns).toEqual([
      '(v + 1)',
      'upper(k)',
      'sum(v) OVER (PARTITION BY k ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)',
      'v',
      'z',
      'struct(v, k).v',
      '((x > 1) AND (v IN (1, 2)))',
    ]);
  });

  it('tells its schema', async () => {
    const frame = newSession().createDataFrame(
      [],
      'id BIGINT NOT NULL, tags ARRAY<STRUCT<a: INT, m: MAP<STRING, DECIMAL(5,2)>>>',
    );
    expect(frame.columns).toEqual(['id', 'tags']);
    expect(frame.dtypes).toEqual([
      ['id', 'bigint'],
      ['tags', 'array<struct<a:int,m:map<string,decimal(5,2)>>>'],
    ]);
    expect(frame.isStreaming).toBe(false);
    expect(
      await printed(async () => {
        await frame.printSchema();
      }),
    ).toBe(`root
 |-- id: long (nullable = false)
 |-- tags: array (nullable = true)
 |    |-- element: struct (containsNull = true)
 |    |    |-- a: integer (nullable = true)
 |    |    |-- m: map (nullable = true)
 |    |    |    |-- key: string
 |    |    |    |-- value: decimal(5,2) (valueContainsNull = true)

`);
  });

  it.each<readonly [string, (f: DataFrame) => Promise<void>, string]>([
    [
      'a table',
      async (f) => {
        await f.select('k', 'v').show(2);
      },
      '+---+---+\n|  k|  v|\n+---+---+\n|  a|  1|\n|  b|  2|\n+---+---+\nonly showing top 2 rows\n\n',
    ],
    [
      'long texts cut',
      async (f) => {
        await f
          .limit(1)
          .select(lit('x'.repeat(30)).alias('t'))
          .show();
      },
      `+--------------------+\n|                   t|\n+--------------------+\n|${'x'.repeat(17)}...|\n+--------------------+\n\n`,
    ],
    [
      'long texts whole',
      async (f) => {
        await f
          .limit(1)
          .select(lit('x'.repeat(30)).alias('t'))
          .show(20, false);
      },
      `+${'-'.repeat(30)}+\n|t${' '.repeat(29)}|\n+${'-'.repeat(30)}+\n|${'x'.repeat(30)}|\n+${'-'.repeat(30)}+\n\n`,
    ],
    [
      'a line for each value',
      async (f) => {
        await f.limit(1).select('k', 'v').show(1, true, true);
      },
      '-RECORD 0--\n k   | a   \n v   | 1   \n\n',
    ],
  ])('shows %s', async (_, show, text) => {
    expect(
      await printed(async () => {
        await show(items());
      }),
    ).toBe(text);
  });

  it('prints its plan', async () => {
    const simple = await printed(async () => {
      await items().explain();
    });
    expect(simple).toMatch(/^== Physical Plan ==\nLocalTableScan \[k#\d+, v#\d+, x#\d+\]\n\n$/u);
    const extended = await printed(async () => {
      await items().explain('extended');
    });
    expect(extended.match(/^== .* ==$/gmu)).toHaveLength(4);
  });

  it.each(['count', 'collect', 'show', 'first', 'isEmpty', 'toJSON'] as const)(
    'refuses %s on a stream',
    async (action) => {
      const stream = streamOf(newSession(), 'v INT');
      await expect(stream[action]()).rejects.toMatchObject({ code: 'QUERY_ACTION_ON_STREAM', params: { action } });
    },
  );

  it('is a table by its view', async () => {
    const spark = newSession();
    items(spark).createOrReplaceTempView('Items');
    expect(await spark.table('items').count()).toBe(4);
    expect(spark.catalog.listTables()).toMatchObject([{ name: 'Items', isTemporary: true, tableType: 'TEMPORARY' }]);
    expect(spark.catalog.dropTempView('ITEMS')).toBe(true);
    expect(spark.catalog.tableExists('items')).toBe(false);
  });
});

describe('Session', () => {
  it('is one until it is stopped', async () => {
    const first = Session.builder().appName('one').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
    const second = Session.builder().config({ 'spark.sql.ansi.enabled': false }).getOrCreate();
    expect(second).toBe(first);
    expect(first.conf.isAnsi).toBe(false);
    expect(Session.getActiveSession()).toBe(first);
    await first.stop();
    await first.stop();
    const third = Session.builder().master('local[*]').getOrCreate();
    expect(third).not.toBe(first);
    await third.stop();
  });

  it('keeps settings that nothing here reads', () => {
    const { conf } = newSession({ 'spark.my.setting': 'x' });
    expect(conf.get('spark.my.setting')).toBe('x');
    expect(conf.get('no.such', 'fallback')).toBe('fallback');
    conf.unset('spark.my.setting');
    expect(conf.getOption('spark.my.setting')).toBeUndefined();
  });

  it('finds types in rows without a schema', () => {
    const frame = newSession().createDataFrame([
      { id: 1, name: null, x: 1 },
      { id: 2, name: 'b', x: 0.5, tags: ['a'] },
    ]);
    expect(frame.dtypes).toEqual([
      ['id', 'bigint'],
      ['name', 'string'],
      ['x', 'double'],
      ['tags', 'array<string>'],
    ]);
    expect(newSession().createDataFrame([[1, 'a']], ['n', 's']).columns).toEqual(['n', 's']);
    expect(() => newSession().createDataFrame([[null]])).toThrow(/only nulls/u);
    expect(() => newSession().createDataFrame([[1], ['a']])).toThrow(/different types/u);
  });

  it('counts', async () => {
    const spark = newSession();
    expect(await rowsOf(spark.range(2))).toEqual([[0], [1]]);
    expect(await rowsOf(spark.range(5, 0, -2))).toEqual([[5], [3], [1]]);
    expect(() => spark.range(0, 5, 0)).toThrow(/step other than 0/u);
  });

  it('lets SQL call functions of the program', async () => {
    const spark = newSession();
    const twice = spark.udf.register('twice', (x) => Number(x) * 2, 'int');
    expect(await rowsOf(items(spark).selectExpr('twice(v) + 1 AS y').limit(1))).toEqual([[3]]);
    expect(await rowsOf(items(spark).select(twice('v')).limit(1))).toEqual([[2]]);
  });
});
