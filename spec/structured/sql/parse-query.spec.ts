import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../../lib/structured/session.ts';
import { newSession, planText, streamOf } from '../frames.ts';

function database(): Session {
  const spark = newSession();
  spark
    .createDataFrame(
      [
        ['a', 1],
        ['b', 2],
        ['a', 3],
        [null, 4],
      ],
      'k STRING, v INT',
    )
    .createOrReplaceTempView('items');
  spark
    .createDataFrame(
      [
        ['a', 'Anna'],
        ['c', 'Cleo'],
      ],
      'k STRING, name STRING',
    )
    .createOrReplaceTempView('People');
  return spark;
}

describe('spark.sql', () => {
  it.each<readonly [string, readonly unknown[]]>([
    ['SELECT 1 AS one, upper("x")', [[1, 'X']]],
    [
      'SELECT * FROM items WHERE v > 2',
      [
        ['a', 3],
        [null, 4],
      ],
    ],
    ['select i.v from items as i where i.k = "b";', [[2]]],
    ['SELECT DISTINCT k FROM items ORDER BY k NULLS LAST', [['a'], ['b'], [null]]],
    [
      'SELECT k, v + 1 w FROM items ORDER BY w DESC LIMIT 2',
      [
        [null, 5],
        ['a', 4],
      ],
    ],
    ['SELECT v FROM items ORDER BY 1 DESC LIMIT 1 OFFSET 1', [[3]]],
    ['SELECT k FROM items ORDER BY v DESC LIMIT 1', [[null]]],
    ['SELECT count(*), sum(v) FROM items', [[4, 10]]],
    ['SELECT k, count(*) AS n FROM items GROUP BY k HAVING n > 1', [['a', 2]]],
    ['SELECT k FROM items GROUP BY k HAVING sum(v) = 2', [['b']]],
    ['SELECT sum(v) AS s FROM items GROUP BY k ORDER BY s', [[2], [4], [4]]],
    ['SELECT k FROM items GROUP BY k ORDER BY max(v) DESC, k', [[null], ['a'], ['b']]],
    [
      'SELECT upper(k) AS u, count(1) AS n FROM items WHERE k IS NOT NULL GROUP BY u ORDER BY u',
      [
        ['A', 2],
        ['B', 1],
      ],
    ],
    [
      'SELECT v % 2 AS odd, count(*) FROM items GROUP BY 1 ORDER BY 1',
      [
        [0, 2],
        [1, 2],
      ],
    ],
    ['SELECT DISTINCT count(*) AS n FROM items GROUP BY k', [[2], [1]]],
    [
      'SELECT k, sum(v) AS s FROM items WHERE k IS NOT NULL GROUP BY ROLLUP(k) ORDER BY s',
      [
        ['b', 2],
        ['a', 4],
        [null, 6],
      ],
    ],
    ['SELECT sum(v) AS s FROM items WHERE k IS NOT NULL GROUP BY k WITH CUBE ORDER BY s', [[2], [4], [6]]],
    ['SELECT 5 AS v FROM items HAVING count(*) > 3', [[5]]],
    [
      'SELECT v, name FROM items JOIN people ON items.k = people.k ORDER BY v',
      [
        [1, 'Anna'],
        [3, 'Anna'],
      ],
    ],
    ['SELECT v, name FROM items JOIN people USING (k) WHERE v > 1', [[3, 'Anna']]],
    [
      'SELECT p.k, v FROM items i RIGHT OUTER JOIN people p ON i.k = p.k AND v > 2 ORDER BY 1',
      [
        ['a', 3],
        ['c', null],
      ],
    ],
    ['SELECT v FROM items LEFT ANTI JOIN people USING (k) ORDER BY v', [[2], [4]]],
    ['SELECT v FROM items LEFT SEMI JOIN people USING (k) ORDER BY v', [[1], [3]]],
    ['SELECT count(*) FROM items, people', [[8]]],
    ['SELECT count(*) FROM items CROSS JOIN people', [[8]]],
    ['SELECT a.v, b.v FROM items a JOIN items b ON a.k = b.k AND a.v < b.v', [[1, 3]]],
    ['SELECT n FROM (SELECT k, count(*) AS n FROM items GROUP BY k) t WHERE t.k = "a"', [[2]]],
    ['WITH t AS (SELECT v FROM items), u AS (SELECT max(v) AS m FROM t) SELECT m FROM u', [[4]]],
    ['SELECT k FROM items UNION SELECT k FROM people ORDER BY k', [[null], ['a'], ['b'], ['c']]],
    ['SELECT 1 AS n UNION ALL SELECT 1', [[1], [1]]],
    ['SELECT k FROM people EXCEPT SELECT k FROM items', [['c']]],
    ['SELECT k FROM people UNION SELECT "z" INTERSECT SELECT "z" ORDER BY k', [['a'], ['c'], ['z']]],
    ['(SELECT 2 AS n) UNION ALL (SELECT 1) ORDER BY n', [[1], [2]]],
    ['SELECT explode(array(v, v * 10)) AS e FROM items WHERE v = 2', [[2], [20]]],
    [
      'SELECT k, row_number() OVER (PARTITION BY k ORDER BY v DESC) AS n FROM items WHERE k = "a" ORDER BY n',
      [
        ['a', 1],
        ['a', 2],
      ],
    ],
    ['SELECT CASE WHEN sum(v) > 5 THEN "much" ELSE "little" END AS s FROM items', [['much']]],
  ])('%s', async (text, rows) => {
    expect(await database().sql(text).rows()).toEqual(rows);
  });

  it.each([
    ['SELECT * FROM nowhere', 'TABLE_OR_VIEW_NOT_FOUND'],
    ['SELECT nope FROM items', 'UNRESOLVED_COLUMN.WITH_SUGGESTION'],
    ['SELECT k, v FROM items GROUP BY k', 'MISSING_AGGREGATION'],
    ['SELECT k FROM items GROUP BY 2', 'GROUP_BY_POS_OUT_OF_RANGE'],
    ['SELECT k FROM default.items', 'TABLE_OR_VIEW_NOT_FOUND'],
    ['SELECT k FROM items WHERE 1 =', 'PARSE_SYNTAX_ERROR'],
    ['SELECT k FROM items LIMIT k', 'INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE'],
    ['SELECT k FROM items LIMIT CAST(NULL AS INT)', 'INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL'],
    ['DROP TABLE items', 'PARSE_SYNTAX_ERROR'],
    ['SELECT k FROM items; SELECT 1', 'PARSE_SYNTAX_ERROR'],
    ['SELECT (k FROM items', 'PARSE_SYNTAX_ERROR'],
  ])('refuses %s', (text, code) => {
    expect(() => database().sql(text)).toThrow(expect.objectContaining({ code }));
  });

  it('makes streams of streams', () => {
    const spark = newSession();
    streamOf(spark, 'k STRING, ts TIMESTAMP').withWatermark('ts', '1 minute').createOrReplaceTempView('events');
    const frame = spark.sql(
      "SELECT window.start, n FROM (SELECT window(ts, '5 minutes') AS window, count(*) AS n FROM events GROUP BY window(ts, '5 minutes'))",
    );
    expect(frame.isStreaming).toBe(true);
    expect(planText(frame)).toMatch(
      /^Project \[window#\d+\.start AS start#\d+, n#\d+\]\n\+- Aggregate \[window#\d+-T60000ms\]/u,
    );
  });
});
