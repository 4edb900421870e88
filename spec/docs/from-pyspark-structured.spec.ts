import { describe, expect, it } from '@jest/globals';
import { checkPage } from './check-page.ts';

describe('docs/guides/from-pyspark-structured.md', () => {
  const { examples } = checkPage('docs/guides/from-pyspark-structured.md');

  it('has eight programs, each with what it prints', () => {
    expect(examples).toHaveLength(8);
    expect(
      examples.filter(({ output }) => output === undefined || output === '').map(({ headings }) => headings),
    ).toEqual([]);
  });
});
