import { describe, expect, it } from '@jest/globals';
import { checkPage } from './check-page.ts';
import { typeErrors } from './type-check.ts';

describe.each(['docs/guides/from-spark.md', 'docs/guides/inputs.md', 'docs/guides/testing.md'])('%s', (path) => {
  const { examples } = checkPage(path);

  it('compiles', () => {
    expect(typeErrors(examples)).toEqual([]);
  });
});
