import { describe, expect, it } from '@jest/globals';
import { checkPage } from './check-page.ts';

describe('docs/guides/from-kafka-streams.md', () => {
  const { examples } = checkPage('docs/guides/from-kafka-streams.md');

  it('has a program of ours for each of theirs', () => {
    const programs = examples.map(({ headings }) => Number(/^(\d+)\. /u.exec(headings[1] ?? '')?.[1]));
    expect([...new Set(programs)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
