import { describe, expect, it } from '@jest/globals';
import * as F from '../../../lib/functions.ts';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { Session } from '../../../lib/structured/session.ts';

const session = Session.builder().appName('failures').getOrCreate();

async function failureOf(columns: readonly F.Column[]): Promise<MillraceError> {
  try {
    await session
      .createDataFrame([[1, 'x']], 'n INT, s STRING')
      .select(...columns)
      .collect();
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return error.code === 'STREAM_FAILED' && error.cause instanceof MillraceError ? error.cause : error;
  }
  throw new TypeError('nothing failed');
}

describe('expressions that fail', () => {
  it.each<[string, string, string]>([
    ['n + 2147483647', 'ARITHMETIC_OVERFLOW', 'Use try_add'],
    ['n * 9223372036854775807L * 2', 'ARITHMETIC_OVERFLOW', 'Use try_multiply'],
    ['-(n - 2147483647 - 2)', 'ARITHMETIC_OVERFLOW', 'integer overflow'],
    ['CAST(127 AS TINYINT) + CAST(n AS TINYINT)', 'BINARY_ARITHMETIC_OVERFLOW', 'TINYINT'],
    ['n / 0', 'DIVIDE_BY_ZERO', 'try_divide'],
    ['n DIV 0', 'DIVIDE_BY_ZERO', 'try_divide'],
    ['n % 0', 'REMAINDER_BY_ZERO', 'try_mod'],
    ['pmod(n, 0)', 'REMAINDER_BY_ZERO', 'try_mod'],
    ['INTERVAL 1 DAY / (n - 1)', 'INTERVAL_DIVIDED_BY_ZERO', 'divided by zero'],
    ['INTERVAL 100000000 DAYS * n * 1000000', 'INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION', 'overflows'],
    ["TIMESTAMP'9999-12-31 00:00:00' + INTERVAL 106751991 DAYS * n", 'DATETIME_OVERFLOW', 'a timestamp'],
    ["DATE'9999-12-31' + 2147483647 * n", 'DATETIME_OVERFLOW', 'a date'],
    ['array(1, 2)[n + 4]', 'INVALID_ARRAY_INDEX', 'index 5 is out of bounds. The array has 2 elements'],
    ['CAST(s AS INT)', 'CAST_INVALID_INPUT', `'x' of the type "STRING" cannot be cast to "INT"`],
    ['CAST(n * 3000000000 AS INT)', 'CAST_OVERFLOW', '3000000000L of the type "BIGINT"'],
    ['CAST(n * 1000.5 AS DECIMAL(4,1))', 'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION', '1000.5'],
    [
      'CAST(99999999999999999999999999999999999999 AS DECIMAL(38,0)) + n',
      'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION',
      'DECIMAL(38,0)',
    ],
    ['CAST(array(n) AS INT)', 'DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION', 'ARRAY<INT>'],
    ['n + true', 'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES', '"BOOLEAN"'],
    ['s + s', 'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE', 'numbers'],
    ['n AND true', 'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE', 'BOOLEAN'],
    ['map(n, s) = map(n, s)', 'DATATYPE_MISMATCH.INVALID_ORDERING_TYPE', '"MAP<INT, STRING>"'],
    ['coalesce(n, array(n))', 'DATATYPE_MISMATCH.DATA_DIFF_TYPES', 'coalesce'],
    ['nvl(n)', 'WRONG_NUM_ARGS.WITHOUT_SUGGESTION', 'requires 2 arguments, but the call has 1'],
    ["mask(s, shape => 'q')", 'UNRECOGNIZED_PARAMETER_NAME', 'upperChar'],
    ["mask(str => s, 'q')", 'UNEXPECTED_POSITIONAL_ARGUMENT', 'str'],
    ["mask(s, str => 'q')", 'DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED', 'str'],
    ["mask(upperChar => 'Q')", 'REQUIRED_PARAMETER_NOT_FOUND', 'str'],
  ])('%s: %s', async (expression, code, part) => {
    const error = await failureOf([F.expr(expression)]);
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(part)]);
  });

  it('names the function of the program that threw, and keeps its error', async () => {
    const cause = new RangeError('no such thing');
    const fails = F.udf(
      () => {
        throw cause;
      },
      'int',
      { name: 'lookup' },
    );
    const error = await failureOf([fails('n')]);
    expect(error).toMatchObject({ code: 'QUERY_UDF_FAILED', cause });
    expect(error.message).toContain('lookup of the program failed: no such thing');
  });

  it('refuses a function of the program that is async, and one that gives another type', async () => {
    const later = F.udf(async () => await Promise.reject(new RangeError('unheard')), 'int', { name: 'later' });
    expect(await failureOf([later('n')])).toMatchObject({ code: 'QUERY_UDF_ASYNC' });
    const text = F.udf(() => 'x', 'int', { name: 'text' });
    expect(await failureOf([text('n')])).toMatchObject({
      code: 'QUERY_VALUE_OF_TYPE',
      message: expect.stringContaining('the result of text'),
    });
  });
});

describe('functions of the program', () => {
  it('get values as rows show them and give values of their type', async () => {
    const describeRow = F.udf((n: number, tags: readonly string[], at: Date, none: null) =>
      [n, tags.join('+'), at.toISOString(), none].join(' '),
    );
    const [row] = await session
      .createDataFrame(
        [[1, ['a', 'b'], '2024-01-01T00:00:00.000001Z', null]],
        'n INT, tags ARRAY<STRING>, at TIMESTAMP, none INT',
      )
      .select(describeRow('n', 'tags', 'at', 'none').alias('text'))
      .collect();
    expect(row).toEqual({ text: '1 a+b 2024-01-01T00:00:00.000001Z ' });
  });
});
