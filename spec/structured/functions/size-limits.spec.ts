import { describe, expect, it } from '@jest/globals';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { Session } from '../../../lib/structured/session.ts';

const spark = new Session({ config: { 'spark.sql.session.timeZone': 'UTC' } });

async function codeOf(expression: string): Promise<string> {
  try {
    await spark.range(1).selectExpr(expression).collect();
    return 'none';
  } catch (error) {
    const root = error instanceof MillraceError && error.code === 'STREAM_FAILED' ? error.cause : error;
    return root instanceof MillraceError ? root.code : String(error);
  }
}

describe('a value that would be too long is refused before it is made', () => {
  it.each([
    "lpad('a', 2147483647, 'b')",
    "rpad('a', 2000000000)",
    "lpad(x'61', 2147483647, x'62')",
    'space(2147483647)',
    "repeat('ab', 2147483647)",
    'randstr(2000000000, 1)',
    "format_string('%999999999d', 1)",
    "format_string('%.999999999f', 1D)",
    'format_number(1, 2147483647)',
  ])('%s', async (expression) => {
    expect(await codeOf(expression)).toBe('COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION');
  });
});

describe('a collation', () => {
  it('that is not there is refused', async () => {
    expect(await codeOf("collate('a', 'UNICODE')")).toBe('COLLATION_INVALID_NAME');
  });
});
