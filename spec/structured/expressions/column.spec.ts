import { describe, expect, it } from '@jest/globals';
import * as F from '../../../lib/functions.ts';
import { Window } from '../../../lib/structured/window-spec.ts';

const { col, lit, expr, when } = F;

describe('columns', () => {
  it.each<[string, F.Column]>([
    ['(a = 1)', col('a').equalTo(1)],
    ['(NOT (a = x))', col('a').notEqual('x')],
    ['(a <=> NULL)', col('a').eqNullSafe(null)],
    ['((a >= 1) AND (a <= 2))', col('a').between(1, 2)],
    ['(a IN (x, y))', col('a').isin('x', 'y')],
    ['(a IN (1, 2))', col('a').isin([1, 2])],
    ['(a IN ())', col('a').isin()],
    ['((a + 1) * 2.5)', col('a').plus(1).multiply(2.5)],
    ['(a % b)', col('a').mod(col('b'))],
    ['(- a)', col('a').negate()],
    ['((a & 1) ^ b)', col('a').bitwiseAND(1).bitwiseXOR(col('b'))],
    ['(NOT ((a AND b) OR c))', col('a').and(col('b')).or(col('c')).not()],
    ['a LIKE x%', col('a').like('x%')],
    ['RLIKE(a, x+)', col('a').rlike('x+')],
    ['startswith(a, x)', col('a').startsWith('x')],
    ['substr(a, 1, 2)', col('a').substr(1, 2)],
    ['(a IS NULL)', col('a').isNull()],
    ['a[0]', col('a').getItem(0)],
    ['a[x]', col('a').getItem('x')],
    ['a', col('a').cast('int')],
    ['CAST((a + 1) AS DECIMAL(10,2))', col('a').plus(1).cast('decimal(10,2)')],
    ['TRY_CAST((a + 1) AS INT)', col('a').plus(1).tryCast('int')],
    ['b', col('a').alias('b')],
    ['a ASC NULLS FIRST', col('a').asc()],
    ['a DESC NULLS LAST', col('a').desc()],
    ['a DESC NULLS FIRST', col('a').descNullsFirst()],
    [
      'CASE WHEN (a > 1) THEN x WHEN (a > 0) THEN y ELSE z END',
      when(col('a').gt(1), 'x').when(col('a').gt(0), 'y').otherwise('z'),
    ],
    [
      'row_number() OVER (PARTITION BY k ORDER BY t ASC NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)',
      F.rowNumber().over(Window.partitionBy('k').orderBy('t')),
    ],
    ['c', col('a.b.c')],
    ['x.y', col('`x.y`')],
    ['text', lit('text')],
    ['1', lit(1)],
    ['3000000000', lit(3_000_000_000)],
    ["TIMESTAMP '1970-01-01 00:00:01'", lit(new Date(1000))],
    ['array(1, 2)', lit([1, 2])],
    ["X'01FF'", lit(new Uint8Array([1, 255]))],
    ['(a + 1)', expr('a + 1')],
    ['count(1)', F.count('*')],
    ['count(DISTINCT a, b)', F.countDistinct('a', 'b')],
    ['sum(DISTINCT a)', F.sumDistinct('a')],
    ['concat(a, b)', F.concat('a', col('b'))],
    ['split(a, ,, -1)', F.split('a', ',')],
    ['date_trunc(minute, ts)', F.dateTrunc('minute', 'ts')],
    ['from_json(value)', F.fromJson('value', 'a INT', { mode: 'FAILFAST' })],
    ['get_json_object(value, $.a)', F.getJsonObject('value', '$.a')],
    ['window', F.window('ts', '10 seconds')],
    ['pow(a, 2)', F.pow('a', 2)],
    ['round(a, 0)', F.round('a')],
    ['greatest(a, b)', F.greatest('a', 'b')],
    ['array(a, b)', F.array(['a', 'b'])],
    ['udf(a, b)', F.udf(() => 1, 'int')('a', 'b')],
    ['upper(a)', F.udf(String.prototype.toUpperCase, 'string', { name: 'upper' })('a')],
    [
      'transform(a, lambdafunction((namedlambdavariable() + b), namedlambdavariable()))',
      F.transform('a', (x) => x.plus(col('b'))),
    ],
  ])('are named %s', (name, column) => {
    expect(column.toString()).toBe(name);
  });

  it('keep variables of nested functions apart', () => {
    const nested = F.transform('a', (x) => F.transform('b', (y) => x.plus(y)));
    expect(nested.expression).toMatchObject({
      args: [
        {},
        {
          parameters: ['x#1'],
          body: { args: [{}, { parameters: ['x#2'], body: { args: [{ parts: ['x#1'] }, { parts: ['x#2'] }] } }] },
        },
      ],
    });
  });

  it('add and drop fields of structs at any depth', () => {
    expect(col('s').withField('a.b', 1).expression).toMatchObject({
      name: 'with_field',
      args: [
        { parts: ['s'] },
        { value: 'a' },
        { name: 'with_field', args: [{ kind: 'extract' }, { value: 'b' }, { value: 1 }] },
      ],
    });
    expect(col('s').dropFields('a', 'b.c').expression).toMatchObject({ name: 'with_field' });
  });

  it.each<[string, () => unknown, string]>([
    ['a symbol as a literal', () => lit(Symbol('x') as never), 'QUERY_LITERAL_VALUE'],
    ['an object of a class', () => col('a').equalTo(new Map()), 'QUERY_LITERAL_VALUE'],
    ['an invalid Date', () => lit(new Date(NaN)), 'QUERY_LITERAL_VALUE'],
    ['a number as a name', () => col(5 as never), 'QUERY_COLUMN_ARGUMENT'],
    ['an alias without a name', () => col('a').alias(), 'QUERY_COLUMN_ARGUMENT'],
    ['a condition that is a text', () => when('a' as never, 1), 'QUERY_COLUMN_ARGUMENT'],
    [
      'a lambda of too many arguments',
      () => F.exists('a', ((x: F.Column, y: F.Column) => x.gt(y)) as never),
      'QUERY_COLUMN_ARGUMENT',
    ],
    ['a udf that is no function', () => F.udf('x' as never), 'QUERY_COLUMN_ARGUMENT'],
    ['a name that cannot be read', () => col('a.'), 'INVALID_ATTRIBUTE_NAME_SYNTAX'],
    ['otherwise without when', () => col('a').otherwise(1), 'QUERY_WHEN_ORDER'],
    ['two otherwise', () => when(col('a'), 1).otherwise(2).otherwise(3), 'QUERY_WHEN_ORDER'],
    ['when after otherwise', () => when(col('a'), 1).otherwise(2).when(col('b'), 3), 'QUERY_WHEN_ORDER'],
    ['an unknown type', () => col('a').cast('nosuch'), 'UNSUPPORTED_DATATYPE'],
  ])('refuse %s', (_, build, code) => {
    expect(build).toThrow(expect.objectContaining({ code }));
  });
});
