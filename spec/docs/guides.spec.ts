import { describe } from '@jest/globals';
import { checkPage } from './check-page.ts';

describe.each(['docs/guides/from-spark.md', 'docs/guides/inputs.md', 'docs/guides/testing.md'])('%s', (path) => {
  checkPage(path);
});
