import { describe, expect, it } from '@jest/globals';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import type { Session } from '../../../lib/structured/session.ts';
import { bench } from '../query/bench.ts';

interface World {
  readonly spark: Session;
  readonly add: (...rows: readonly (readonly unknown[])[]) => void;
}

/** A stream `clicks` with a watermark, and static names. */
function world(): World {
  const { spark, stream } = bench();
  const clicks = stream('id INT, k STRING, ts TIMESTAMP');
  clicks.toDF().withWatermark('ts', '1 minute').createOrReplaceTempView('clicks');
  spark.sql("CREATE TEMP VIEW names AS SELECT * FROM VALUES (1, 'one'), (2, 'two'), (2, 'zwei') AS t(id, name)");
  spark.sql('CREATE TEMP VIEW gaps AS SELECT * FROM VALUES (1), (NULL) AS t(id)');
  return {
    spark,
    add: (...rows) => {
      clicks.addData(...rows);
    },
  };
}

async function rowsOf(
  { spark, add }: World,
  frame: DataFrame,
  mode: 'append' | 'update' | 'complete' = 'append',
): Promise<readonly (readonly unknown[])[]> {
  const query = await frame.writeStream.queryName('out').format('memory').outputMode(mode).start();
  add([1, 'a', '2024-01-01T10:00:00Z'], [2, 'b', '2024-01-01T10:01:00Z'], [3, 'a', '2024-01-01T10:12:00Z']);
  await query.processAllAvailable();
  await query.stop();
  return await spark.table('out').rows();
}

describe('SQL over streams', () => {
  it.each<readonly [string, readonly unknown[]]>([
    ['SELECT id FROM clicks WHERE id IN (SELECT id FROM names)', [[1], [2]]],
    ['SELECT id FROM clicks WHERE id NOT IN (SELECT id FROM names)', [[3]]],
    ['SELECT id FROM clicks WHERE id NOT IN (SELECT id FROM gaps)', []],
    ['SELECT id FROM clicks c WHERE EXISTS (SELECT 1 FROM names n WHERE n.id = c.id AND name > k)', [[1], [2]]],
    ['SELECT id FROM clicks c WHERE NOT EXISTS (SELECT 1 FROM names n WHERE n.id = c.id)', [[3]]],
    [
      'SELECT id, id IN (SELECT id FROM names) AS known FROM clicks',
      [
        [1, true],
        [2, true],
        [3, false],
      ],
    ],
    ['SELECT id, (SELECT max(name) FROM names) AS m FROM clicks WHERE id > 2', [[3, 'zwei']]],
    [
      'SELECT id, (SELECT max(name) FROM names n WHERE n.id = c.id) AS m FROM clicks c',
      [
        [1, 'one'],
        [2, 'zwei'],
        [3, null],
      ],
    ],
    [
      'SELECT id, (SELECT 10 - count(*) FROM names n WHERE n.id = c.id) AS m FROM clicks c',
      [
        [1, 9],
        [2, 8],
        [3, 10],
      ],
    ],
    [
      'SELECT id, e FROM clicks LATERAL VIEW explode(array(id, -id)) t AS e WHERE id = 1',
      [
        [1, 1],
        [1, -1],
      ],
    ],
    [
      'SELECT c.id, n.name FROM clicks c, LATERAL (SELECT name FROM names WHERE names.id = c.id) n',
      [
        [1, 'one'],
        [2, 'two'],
        [2, 'zwei'],
      ],
    ],
    ['SELECT id FROM clicks UNION ALL SELECT id + 10 FROM clicks WHERE id = 1', [[1], [2], [3], [11]]],
    [
      "SELECT window.start = TIMESTAMP '2024-01-01 10:00:00' AS first, count(*) AS n FROM clicks GROUP BY window(ts, '5 minutes')",
      [[true, 2]],
    ],
    [
      "SELECT k, count(*) AS n FROM clicks GROUP BY session_window(ts, '2 minutes'), k",
      [
        ['a', 1],
        ['b', 1],
      ],
    ],
  ])('%s', async (text, rows) => {
    const made = world();
    const given = await rowsOf(made, made.spark.sql(text));
    expect(given.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual(
      rows.toSorted((a, b) => String(a).localeCompare(String(b))),
    );
  });

  it('sorts groups in complete mode', async () => {
    const made = world();
    const frame = made.spark.sql('SELECT k, count(*) AS n FROM clicks GROUP BY k HAVING n > 0 ORDER BY n DESC');
    expect(await rowsOf(made, frame, 'complete')).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('ends with a code when a value has two rows', async () => {
    const made = world();
    const frame = made.spark.sql('SELECT (SELECT name FROM names n WHERE n.id = c.id) AS m FROM clicks c');
    await expect(rowsOf(made, frame)).rejects.toMatchObject({ cause: { code: 'SCALAR_SUBQUERY_TOO_MANY_ROWS' } });
  });

  it.each<readonly [string, string, ('append' | 'update')?]>([
    ['SELECT id FROM clicks ORDER BY id', 'QUERY_SORT_ON_STREAM'],
    ['SELECT id FROM clicks LIMIT 3', 'QUERY_LIMIT_IN_UPDATE_MODE', 'update'],
    ['SELECT id FROM clicks LIMIT 3 OFFSET 1', 'QUERY_OFFSET_ON_STREAM'],
    ['SELECT id FROM clicks EXCEPT SELECT id FROM names', 'QUERY_SET_OPERATION_ON_STREAM'],
    ['SELECT * FROM names LEFT JOIN clicks USING (id)', 'QUERY_STATIC_JOIN_SIDE'],
    ['SELECT * FROM clicks FULL JOIN names USING (id)', 'QUERY_STATIC_JOIN_SIDE'],
  ])('refuses %s at the start', async (text, code, mode = 'append') => {
    const { spark } = world();
    const start = spark.sql(text).writeStream.format('noop').outputMode(mode).start();
    await expect(start).rejects.toMatchObject({ code });
  });

  it.each([
    ['SELECT * FROM names WHERE id IN (SELECT id FROM clicks)', 'INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY'],
    ['SELECT * FROM clicks WHERE id = (SELECT max(id) FROM clicks)', 'INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY'],
    ['SELECT (SELECT max(name) FROM names n WHERE n.id < c.id) FROM clicks c', 'QUERY_SUBQUERY_UNSUPPORTED'],
  ])('refuses %s as it is made', (text, code) => {
    expect(() => world().spark.sql(text)).toThrow(expect.objectContaining({ code }));
  });
});
