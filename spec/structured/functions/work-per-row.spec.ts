import { describe, expect, it } from '@jest/globals';
import { Session } from '../../../lib/structured/session.ts';

const spark = new Session({ config: { 'spark.sql.session.timeZone': 'UTC' } });
const rows = 5000;
const frame = spark.createDataFrame(
  Array.from({ length: rows }, (_, i) => [
    `line ${i} of a, b`,
    ['a+', 'b', '\\d+'][i % 3] ?? '',
    `2024-01-${10 + (i % 20)}`,
  ]),
  's STRING, p STRING, d STRING',
);

/** How many regular expressions are made while something runs. */
async function compiledBy(run: () => Promise<unknown>): Promise<number> {
  const real = globalThis.RegExp;
  let made = 0;
  globalThis.RegExp = new Proxy(real, {
    construct(target, args: [string, string?]) {
      made++;
      return new target(...args);
    },
  });
  try {
    await run();
  } finally {
    globalThis.RegExp = real;
  }
  return made;
}

describe('a function over many rows', () => {
  it.each([
    "s RLIKE 'o[f]+ a'",
    "regexp_replace(s, '(\\\\d+)x?', '<$1>')",
    "regexp_extract(s, 'line (\\\\d+)', 1)",
    "split(s, ',\\\\s*')",
    "s LIKE '%of_a%'",
    's RLIKE p',
    "s LIKE translate(p, '\\\\', '%')",
    "to_date(d, 'yyyy-MM-dd')",
    "date_format(to_timestamp(d, 'yyyy-MM-dd'), 'EEE d MMM')",
    "to_number('12.5', '99.9')",
    "parse_url(concat('http://h/', d), 'HOST')",
    "format_number(12.5, '#,##0.00')",
  ])('%s compiles its patterns once', async (expression) => {
    const made = await compiledBy(() => frame.selectExpr(`${expression} AS x`).agg({ x: 'count' }).collect());
    expect(made).toBeLessThan(300);
  });
});
