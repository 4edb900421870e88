import { describe, expect, it } from '@jest/globals';
import { Session } from '../../lib/index.ts';
import { memoryStream, testQuery } from '../../lib/testing/index.ts';

describe('what belongs to structured streams', () => {
  it.each<[string, () => unknown]>([
    ['Session', () => Session.builder()],
    ['testQuery', () => testQuery({})],
    ['memoryStream', () => memoryStream(undefined, 'id INT')],
  ])('%s says that it is not in this version', (name, ask) => {
    expect(ask).toThrow(expect.objectContaining({ code: 'NOT_YET', message: expect.stringContaining(name) }));
  });
});
