import { describe, expect, it } from '@jest/globals';
import { failure, MillraceError, raise } from '../../lib/kernel/errors.ts';

describe('MillraceError', () => {
  it('says what happened, where, and what to do', () => {
    const error = failure(
      'CONFIG_VALUE',
      { name: 'interval', value: 0, expected: 'a duration' },
      { where: { operator: 'map', batchTime: 1000, topic: 't', partition: 0, offset: 7 } },
    );
    expect(error.message).toBe(
      '[CONFIG_VALUE] Option interval cannot be 0. (operator map, batch 1000 ms, topic t, partition 0, offset 7) Use a duration.',
    );
    expect([error.exitCode, error.retriable, error.remedy]).toEqual([2, false, 'Use a duration.']);
  });

  it('keeps the cause', () => {
    const cause = new TypeError('boom');
    expect(failure('INTERNAL_INVARIANT', { what: 'x' }, { cause })).toMatchObject({ cause, exitCode: 70 });
  });

  it('shows control characters of a value instead of sending them to a terminal', () => {
    expect(failure('CONFIG_DURATION', { value: '\u001B[2J' }).message).toContain(String.raw`\u001b[2J is not`);
  });

  it('does not compile without a parameter that the text names', () => {
    // @ts-expect-error `expected` is missing
    expect(() => raise('CONFIG_VALUE', { name: 'a', value: 1 })).toThrow(MillraceError);
  });
});
