import { describe, expect, it } from '@jest/globals';
import { checkPage } from './check-page.ts';

describe('docs/guides/from-pyspark.md', () => {
  const { examples } = checkPage('docs/guides/from-pyspark.md');

  it('has ten programs and more, each with what it prints', () => {
    expect(examples.length).toBeGreaterThanOrEqual(10);
    expect(
      examples.filter(({ output }) => output === undefined || output === '').map(({ headings }) => headings),
    ).toEqual([]);
  });
});
