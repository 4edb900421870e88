import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { prettyText } from '../../../lib/structured/expressions/sql-text.ts';
import { parseColumnName, parseExpression } from '../../../lib/structured/sql/parse-expression.ts';

function failureOf(text: string): MillraceError {
  try {
    parseExpression(text);
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  throw new TypeError(`${text} was accepted`);
}

function outcomeOf(text: string): string {
  try {
    return `an expression${parseExpression(text).kind === undefined ? ' without a kind' : ''}`;
  } catch (error) {
    return error instanceof MillraceError ? 'a code' : String(error);
  }
}

describe('parseExpression', () => {
  // The printed form has brackets round every operator: it shows what was read.
  it.each([
    ['a + b * c', '(a + (b * c))'],
    ['a - b - c', '((a - b) - c)'],
    ['-a % 3', '((- a) % 3)'],
    ['- a.b', '(- a.b)'],
    ['a | b ^ c & d << 1 + 2', '(a | (b ^ (c & (d << (1 + 2)))))'],
    ['a = b AND c < d OR NOT e', '(((a = b) AND (c < d)) OR (NOT e))'],
    ['NOT a IS NULL', '(NOT (a IS NULL))'],
    ['NOT a = 1 AND b', '((NOT (a = 1)) AND b)'],
    ['!a', '(NOT a)'],
    ['a != 1', '(NOT (a = 1))'],
    ['a <> 1', '(NOT (a = 1))'],
    ['a !> 1', '(a <= 1)'],
    ['a NOT IN (1, 2)', '(NOT (a IN (1, 2)))'],
    ['a IS NOT TRUE', '(NOT (a <=> true))'],
    ['a IS UNKNOWN', '(a IS NULL)'],
    ['a IS DISTINCT FROM b', '(NOT (a <=> b))'],
    ["a LIKE 'x%' ESCAPE '!'", "a LIKE x% ESCAPE '!'"],
    ["a LIKE ANY ('x', 'y')", '(a LIKE x OR a LIKE y)'],
    ['a AND b AND c AND d', '((a AND b) AND (c AND d))'],
    ['a || b', 'concat(a, b)'],
    ['a DIV 2', '(a div 2)'],
    ['a::int + 1', '(CAST(a AS INT) + 1)'],
    ['CASE x WHEN 1 THEN a ELSE b END', 'CASE WHEN (x = 1) THEN a ELSE b END'],
    ['(a, b)', 'struct(a, b)'],
    ['m[k].f[1]', 'm[k][f][1]'],
    ['x -> x + y', 'lambdafunction((namedlambdavariable() + y), namedlambdavariable())'],
    ['count(DISTINCT a, b) FILTER (WHERE c)', 'count(DISTINCT a, b) FILTER (WHERE c)'],
    ['f(a /* one /* two */ */ , -- three\n b)', 'f(a, b)'],
    ['extract(YEAR FROM d)', 'extract(YEAR FROM d)'],
    ['SUBSTRING(s FROM 2 FOR 3)', 'substring(s, 2, 3)'],
    ['TRIM(LEADING FROM s)', 'ltrim(s)'],
    ['POSITION(a IN b)', 'locate(a, b, 1)'],
    ['TIMESTAMPADD(HOUR, n, t)', 'timestampadd(HOUR, n, t)'],
    ['timestamp', 'timestamp'],
    ['interval', 'interval'],
    ['date', 'date'],
    ['case', 'case'],
    ['1a', '1a'],
    ['`a.b`.c', 'a.b.c'],
    ['from', 'from'],
    ['INTERVAL 1 DAY 2 HOURS', "INTERVAL '1 02' DAY TO HOUR"],
    ["INTERVAL '-5' DAYS", "INTERVAL '-5' DAY"],
    ['-2147483648', '-2147483648'],
    ['1e-3', '0.001'],
    ['.5', '0.5'],
    ["X'1f'", "X'1F'"],
  ])('reads %s as %s', (text, expected) => {
    expect(prettyText(parseExpression(text))).toBe(expected);
  });

  it.each<[string, string]>([
    [String.raw`'it''s'`, "it's"],
    [String.raw`'a\tb\\c\'d'`, "a\tb\\c'd"],
    [String.raw`'\u0041\101\U0001F600'`, 'AA😀'],
    [String.raw`'a\%b\_c'`, String.raw`a\%b\_c`],
    [String.raw`r'a\nb'`, String.raw`a\nb`],
    [`"double" 'joined'`, 'doublejoined'],
    [String.raw`'(\\w+)'`, String.raw`(\w+)`],
  ])('unescapes %s', (text, value) => {
    expect(parseExpression(text)).toMatchObject({ kind: 'literal', value });
  });

  it.each([
    ['1', 'int', 1],
    ['2147483648', 'bigint', 2147483648],
    ['1L', 'bigint', 1],
    ['1S', 'smallint', 1],
    ['1Y', 'tinyint', 1],
    ['1.5F', 'float', 1.5],
    ['1D', 'double', 1],
    ['1e3', 'double', 1000],
    ['1.50', 'decimal', 150],
    ['9223372036854775807', 'bigint', 9223372036854775807n],
    ['9223372036854775808', 'decimal', 9223372036854775808n],
  ])('takes %s for a literal of type %s', (text, kind, value) => {
    expect(parseExpression(text)).toMatchObject({ kind: 'literal', type: { kind }, value });
  });

  it('reads aliases with and without AS', () => {
    expect(parseExpression('a + 1 AS b')).toMatchObject({ kind: 'alias', names: ['b'] });
    expect(parseExpression('a `b c`')).toMatchObject({ kind: 'alias', names: ['b c'] });
    expect(parseExpression('explode(m) AS (k, v)')).toMatchObject({ kind: 'alias', names: ['k', 'v'] });
  });

  it('reads windows with their order and frame', () => {
    const text =
      'sum(v) OVER (PARTITION BY k ORDER BY t DESC NULLS FIRST ROWS BETWEEN 2 PRECEDING AND UNBOUNDED FOLLOWING)';
    expect(parseExpression(text)).toMatchObject({
      kind: 'over',
      window: {
        partitionBy: [{ parts: ['k'] }],
        orderBy: [{ ascending: false, nullsFirst: true }],
        frame: { unit: 'rows', from: -2, until: Infinity },
      },
    });
  });

  it('keeps the names of arguments, IGNORE NULLS and WITHIN GROUP', () => {
    expect(parseExpression("mask(s, upperChar => 'Q')")).toMatchObject({ argNames: [null, 'upperChar'] });
    expect(parseExpression('first(a) IGNORE NULLS')).toMatchObject({ options: { ignoreNulls: 'true' } });
    expect(parseExpression('mode() WITHIN GROUP (ORDER BY v DESC)')).toMatchObject({
      args: [{ parts: ['v'] }],
      options: { withinGroup: 'DESC NULLS LAST' },
    });
  });

  it.each([
    ['a +', 'PARSE_SYNTAX_ERROR', 'Syntax error at or near end of input: an expression is missing (line 1, pos 3).'],
    ['a b c', 'PARSE_SYNTAX_ERROR', "at or near 'c' (line 1, pos 4)"],
    ['a b c', 'PARSE_SYNTAX_ERROR', '\n\n== SQL ==\na b c\n----^^^'],
    ['1 +\n  * 2 x y', 'PARSE_SYNTAX_ERROR', '(line 2, pos 4)'],
    ['1 +\n  * 2 x y\n+ 1', 'PARSE_SYNTAX_ERROR', '\n\n== SQL ==\n1 +\n  * 2 x y\n----^^^\n+ 1'],
    ["'open", 'PARSE_SYNTAX_ERROR', 'this string is not closed'],
    ['/* open', 'UNCLOSED_BRACKETED_COMMENT', 'has no end'],
    ['a ? b', 'PARSE_SYNTAX_ERROR', "'?'"],
    ['a \u00A7 b', 'PARSE_SYNTAX_ERROR', "'\u00A7'"],
    ['CAST(a AS nosuch)', 'UNSUPPORTED_DATATYPE', '"NOSUCH"'],
    ['CAST(a AS TIME)', 'UNSUPPORTED_TIME_TYPE', 'TIME'],
    ['NULL :: TIME(3)', 'UNSUPPORTED_TIME_TYPE', 'TIME'],
    ["DATE '2024-02-30'", 'INVALID_TYPED_LITERAL', "'2024-02-30'"],
    ["X'1G'", 'INVALID_TYPED_LITERAL', "'1G'"],
    ['200Y', 'INVALID_NUMERIC_LITERAL_RANGE', '-128 to 127'],
    ['1e999', 'INVALID_NUMERIC_LITERAL_RANGE', 'double'],
    [`1${'0'.repeat(40)}`, 'DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION', '41'],
    ["INTERVAL 'soon'", 'CANNOT_PARSE_INTERVAL', "'soon'"],
    ['sum(v) OVER (ORDER BY t ROWS BETWEEN x PRECEDING AND CURRENT ROW)', 'INVALID_WINDOW_FRAME', 'x'],
    ['CAST(a AS DECIMAL(2,5))', 'INVALID_DECIMAL_TYPE', 'DECIMAL(2,5)'],
    ['  ', 'PARSE_EMPTY_STATEMENT', 'empty'],
  ])('refuses %j with %s', (text, code, message) => {
    const error = failureOf(text);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it.each([
    ['brackets', `${'('.repeat(100_000)}1`],
    ['closed brackets', `${'('.repeat(5000)}1${')'.repeat(5000)}`],
    ['calls', `${'f('.repeat(5000)}1${')'.repeat(5000)}`],
    ['NOT', `${'NOT '.repeat(20_000)}a`],
    ['signs', `${'- '.repeat(20_000)}a`],
    ['a long sum', `1${' + 1'.repeat(20_000)}`],
    ['types', `CAST(a AS ${'ARRAY<'.repeat(5000)}INT${'>'.repeat(5000)})`],
    ['lambdas', `${'x -> '.repeat(5000)}x`],
    ['CASE', `${'CASE WHEN '.repeat(5000)}a`],
  ])('answers deep %s with a code and no overflow of the stack', (_, text) => {
    expect(failureOf(text).code).toBe('FAILED_TO_PARSE_TOO_COMPLEX');
  });

  it('makes balanced trees of long chains of AND and OR', () => {
    let depth = 0;
    for (let e = parseExpression(`a${' AND a'.repeat(20_000)}`); e.kind === 'call'; e = e.args[0] ?? e) depth++;
    expect(depth).toBeLessThan(20);
  });

  it('gives a coded error or an expression for any text', () => {
    const piece = fc.constantFrom(
      'a',
      '1',
      '(',
      ')',
      '+',
      '-',
      "'x'",
      ' ',
      'AND',
      'NOT',
      'IN',
      '[',
      ']',
      '.',
      '->',
      'CASE',
      'WHEN',
      'INTERVAL',
      '::',
      '`b`',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join(' ')),
        ),
        (text) => {
          expect(outcomeOf(text)).toMatch(/^(?:a code|an expression)$/u);
        },
      ),
    );
  });
});

describe('parseColumnName', () => {
  it.each<[string, readonly string[] | undefined]>([
    ['a', ['a']],
    ['a.b', ['a', 'b']],
    ['`a.b`.c', ['a.b', 'c']],
    ['`a``b`', ['a`b']],
    ['count(1)', ['count(1)']],
    ['a.', undefined],
    ['`a', undefined],
    ['', undefined],
  ])('splits %j', (name, parts) => {
    expect(parseColumnName(name)).toEqual(parts);
  });
});
