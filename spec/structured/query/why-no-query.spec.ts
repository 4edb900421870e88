import { expect, it } from '@jest/globals';
import { why } from '../../../lib/structured/query/why.ts';

it('has nothing to say of the checkpoint of a program without event times', () => {
  const program = { appName: 'words', batchIntervalMs: 1000, zeroTime: 0, operators: [] };
  const view = { program, commits: [], table: () => new Map() };
  expect(() => why(view, { kind: 'time', timeUs: 0 })).toThrow(expect.objectContaining({ code: 'WHY_NO_QUERY' }));
});
