import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../../lib/structured/session.ts';
import { newSession } from '../frames.ts';

function database(): Session {
  const spark = newSession();
  spark.sql("CREATE TEMP VIEW Items AS SELECT * FROM VALUES ('a', 1), ('b', 2), ('a', 3) AS t(k, v)");
  return spark;
}

describe('commands', () => {
  it('make, replace and drop views', async () => {
    const spark = database();
    spark.sql('CREATE OR REPLACE TEMPORARY VIEW big (key) AS SELECT k FROM items WHERE v > 1');
    expect(await spark.table('big').rows()).toEqual([['b'], ['a']]);
    spark.sql('CREATE TEMP VIEW IF NOT EXISTS big AS SELECT 1');
    expect(spark.table('big').columns).toEqual(['key']);
    expect(() => spark.sql('CREATE TEMP VIEW big AS SELECT 1')).toThrow('TEMP_TABLE_OR_VIEW_ALREADY_EXISTS');
    spark.sql('DROP VIEW big');
    expect(() => spark.sql('DROP VIEW big')).toThrow('TABLE_OR_VIEW_NOT_FOUND');
    spark.sql('DROP VIEW IF EXISTS big');
    expect(spark.catalog.tableExists('big')).toBe(false);
  });

  it('tell a view of a wrong query at once', () => {
    expect(() => database().sql('CREATE TEMP VIEW bad AS SELECT nope FROM items')).toThrow('UNRESOLVED_COLUMN');
  });

  it('refuse to read a view that has a TIME', () => {
    const spark = database();
    spark.sql("CREATE TEMP VIEW clock AS SELECT TIME '12:34:56' AS x");
    expect(() => spark.sql('SELECT * FROM clock')).toThrow('UNSUPPORTED_TIME_TYPE');
  });

  it('leave a view what it was when what it reads is replaced', async () => {
    const spark = database();
    spark.sql('CREATE TEMP VIEW twice AS SELECT v * 2 AS w FROM items');
    spark.sql('CREATE OR REPLACE TEMP VIEW items AS SELECT 10 AS v');
    expect(await spark.table('twice').rows()).toEqual([[2], [4], [6]]);
    spark.sql('CREATE OR REPLACE TEMP VIEW items AS SELECT v + 1 AS v FROM items');
    expect(await spark.table('items').rows()).toEqual([[11]]);
  });

  it('share global views with sessions made of this one', async () => {
    const spark = database();
    spark.table('items').createGlobalTempView('shared');
    const other = spark.newSession();
    expect(await other.sql('SELECT count(*) FROM global_temp.shared').rows()).toEqual([[3]]);
    expect(other.catalog.listTables('global_temp').map(({ name }) => name)).toEqual(['shared']);
    expect(() => spark.table('items').createGlobalTempView('shared')).toThrow('TEMP_TABLE_OR_VIEW_ALREADY_EXISTS');
    spark.table('items').limit(1).createOrReplaceGlobalTempView('shared');
    expect(await other.table('global_temp.shared').count()).toBe(1);
    expect(other.catalog.dropGlobalTempView('shared')).toBe(true);
    expect(() => spark.table('shared')).toThrow('TABLE_OR_VIEW_NOT_FOUND');
  });

  it('show what there is', async () => {
    const spark = database();
    expect(await spark.sql("SHOW TABLES LIKE 'it*|x'").rows()).toEqual([['', 'items', true]]);
    expect(await spark.sql('SHOW VIEWS').rows()).toEqual([['', 'items', true]]);
    expect(await spark.sql('DESCRIBE TABLE items').rows()).toEqual([
      ['k', 'string', null],
      ['v', 'int', null],
    ]);
    expect(await spark.sql('DESCRIBE QUERY SELECT v + 0.5 AS w FROM items').rows()).toEqual([
      ['w', 'decimal(12,1)', null],
    ]);
    expect((await spark.sql('EXPLAIN EXTENDED SELECT k FROM items').rows())[0]).toEqual([
      expect.stringContaining("'UnresolvedRelation [items]"),
    ]);
    expect(spark.catalog.listColumns('items')).toMatchObject([{ name: 'k', dataType: 'string' }, { name: 'v' }]);
    expect([spark.catalog.currentCatalog(), spark.catalog.currentDatabase()]).toEqual(['spark_catalog', 'default']);
  });

  it('change settings', async () => {
    const spark = database();
    expect(await spark.sql('SET spark.sql.session.timeZone = Europe/Vienna').rows()).toEqual([
      ['spark.sql.session.timeZone', 'Europe/Vienna'],
    ]);
    expect(spark.conf.get('spark.sql.session.timeZone')).toBe('Europe/Vienna');
    spark.sql("SET TIME ZONE 'UTC'");
    expect(spark.conf.get('spark.sql.session.timeZone')).toBe('UTC');
    expect(await spark.sql('SET spark.own.thing').rows()).toEqual([['spark.own.thing', '<undefined>']]);
    spark.sql('SET spark.own.thing = a b;');
    expect(await spark.sql('SET').rows()).toContainEqual(['spark.own.thing', 'a b']);
    spark.sql('RESET spark.own.thing');
    expect(spark.conf.getOption('spark.own.thing')).toBeUndefined();
  });

  it.each([
    ['CREATE TABLE t (a INT)', 'PARSE_SYNTAX_ERROR'],
    ['INSERT INTO items VALUES (1)', 'PARSE_SYNTAX_ERROR'],
    ['SHOW NOTHING', 'PARSE_SYNTAX_ERROR'],
    ['  ', 'PARSE_EMPTY_STATEMENT'],
    ['SELECT * FROM nosuch(1)', 'UNRESOLVABLE_TABLE_VALUED_FUNCTION'],
    ['SELECT * FROM items LATERAL VIEW upper(k) t AS a', 'UNRESOLVABLE_TABLE_VALUED_FUNCTION'],
    ['SELECT * FROM items RIGHT JOIN LATERAL (SELECT 1)', 'UNSUPPORTED_JOIN_TYPE_FOR_LATERAL'],
    ['SELECT * FROM VALUES (current_timestamp())', 'INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE'],
    ['SELECT 1 FROM items WHERE v IN (SELECT array(1))', 'DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH'],
    [
      'SELECT (SELECT max(b.v) FROM items a FULL JOIN items b ON a.v = c.v) FROM items c',
      'UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE',
    ],
    [
      'SELECT 1 FROM items a LEFT JOIN items b ON EXISTS (SELECT 1 FROM items c WHERE c.v = a.v + b.v)',
      'QUERY_SUBQUERY_UNSUPPORTED',
    ],
  ])('refuse %s', (text, code) => {
    expect(() => database().sql(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('arguments', () => {
  it('are values and never SQL', async () => {
    const spark = database();
    const name = "a' OR 'a' = 'a";
    expect(await spark.sql('SELECT v FROM items WHERE k = :name', { name }).rows()).toEqual([]);
    expect(await spark.sql('SELECT v FROM items WHERE k = ? AND v > ?', ['a', 1]).rows()).toEqual([[3]]);
    expect(await spark.sql('SELECT size(:list) AS n', { list: [1, 2, 3] }).rows()).toEqual([[3]]);
    expect(await spark.sql('SELECT * FROM IDENTIFIER(:t) LIMIT :n', { t: 'items', n: 1 }).rows()).toEqual([['a', 1]]);
  });
});

describe('subqueries as conditions of a DataFrame', () => {
  it('are the same grammar', async () => {
    const spark = database();
    spark.sql('CREATE TEMP VIEW wanted AS SELECT 3 AS w');
    const items = spark.table('items');
    expect(await items.where('v IN (SELECT w FROM wanted)').rows()).toEqual([['a', 3]]);
    expect(await items.where('NOT EXISTS (SELECT 1 FROM wanted WHERE w = v)').rows()).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(await items.selectExpr('v + (SELECT max(w) FROM wanted) AS s').rows()).toEqual([[4], [5], [6]]);
  });
});

function repeated(text: string, times: number): string {
  return text.repeat(times);
}

describe('hostile texts', () => {
  it.each([
    ['brackets', `SELECT ${repeated('(', 50_000)}1`, 'FAILED_TO_PARSE_TOO_COMPLEX'],
    ['relations', `SELECT * FROM ${repeated('(', 50_000)}items`, 'FAILED_TO_PARSE_TOO_COMPLEX'],
    ['subqueries', `SELECT ${repeated('(SELECT ', 3000)}1${repeated(')', 3000)}`, 'FAILED_TO_PARSE_TOO_COMPLEX'],
    [
      'derived tables',
      `${repeated('SELECT * FROM (', 3000)}items${repeated(')', 3000)}`,
      'FAILED_TO_PARSE_TOO_COMPLEX',
    ],
    ['unions', `SELECT 1${repeated(' UNION ALL SELECT 1', 2000)}`, 'FAILED_TO_PARSE_TOO_COMPLEX'],
    ['joins', `SELECT 1 FROM items${repeated(', items', 2000)}`, 'FAILED_TO_PARSE_TOO_COMPLEX'],
    [
      'lateral views',
      `SELECT 1 FROM items${repeated(' LATERAL VIEW explode(array(1))', 2000)}`,
      'FAILED_TO_PARSE_TOO_COMPLEX',
    ],
    [
      'queries that double',
      `WITH c0 AS (SELECT v FROM items)${Array.from({ length: 40 }, (_, i) => `, c${i + 1} AS (SELECT a.v FROM c${i} a JOIN c${i} b)`).join('')} SELECT * FROM c40`,
      'SQL_TEXT_TOO_LARGE',
    ],
    [
      'aliases that double',
      `SELECT 1 AS a0${Array.from({ length: 40 }, (_, i) => `, a${i} + a${i} AS a${i + 1}`).join('')}`,
      'QUERY_PLAN_TOO_DEEP',
    ],
    [
      'a cube of many keys',
      `SELECT 1 FROM items GROUP BY CUBE (${Array.from({ length: 40 }, (_, i) => `v + ${i}`).join(', ')})`,
      'GROUPING_SIZE_LIMIT_EXCEEDED',
    ],
    ['a text without an end', `SELECT '${repeated('x', 1_000_000)}`, 'PARSE_SYNTAX_ERROR'],
    ['a comment without an end', `SELECT 1 ${repeated('/* ', 300_000)}`, 'UNCLOSED_BRACKETED_COMMENT'],
    ['a name without an end', `SELECT \`${repeated('x', 1_000_000)}`, 'PARSE_SYNTAX_ERROR'],
    ['a name of many parts', `SELECT a${repeated('.a', 50_000)} FROM items`, 'UNRESOLVED_COLUMN.WITH_SUGGESTION'],
  ])('of %s get a code', (_, text, code) => {
    let error: unknown;
    try {
      database().sql(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code });
    // What is said stays readable.
    expect((error as Error).message.length).toBeLessThan(30_000);
  });

  it('that are only long are answered', async () => {
    const spark = database();
    const numbers = Array.from({ length: 10_000 }, (_, i) => i);
    expect(await spark.sql(`SELECT v FROM items WHERE v IN (${numbers.join(', ')})`).count()).toBe(3);
    expect(await spark.sql(`SELECT 1 /* ${repeated('x', 1_000_000)} */ AS one`).rows()).toEqual([[1]]);
    const branches = numbers.slice(0, 1000).map((n) => `WHEN v = ${n} THEN ${n + 1}`);
    expect(await spark.sql(`SELECT CASE ${branches.join(' ')} END FROM items`).rows()).toEqual([[2], [3], [4]]);
  });
});
