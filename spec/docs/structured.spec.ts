import { describe } from '@jest/globals';
import { checkPage } from './check-page.ts';

describe('docs/structured.md', () => {
  checkPage('docs/structured.md');
});
