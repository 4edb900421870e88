import { describe, expect, it } from '@jest/globals';
import { recordOf } from '../../../lib/cli/commands/produce.ts';

const plain = { key: undefined, timestamp: undefined };

describe('a line becomes a record', () => {
  it.each([
    ['as it is', 'a b', plain, { value: 'a b' }],
    ['with a key by a separator', 'ann:20', { ...plain, key: ':' }, { key: 'ann', value: '20' }],
    ['with the rest of the line as value', 'a:b:c', { ...plain, key: ':' }, { key: 'a', value: 'b:c' }],
    ['without a key where the separator is missing', 'ann', { ...plain, key: ':' }, { value: 'ann' }],
    ['with a field as key', '{"user":"ann"}', { ...plain, key: 'user' }, { key: 'ann', value: '{"user":"ann"}' }],
    ['with a number as key', '{"id":7}', { ...plain, key: 'id' }, { key: '7', value: '{"id":7}' }],
    ['with a time in milliseconds', '{"t":5}', { ...plain, timestamp: 't' }, { value: '{"t":5}', timestamp: 5 }],
    [
      'with an ISO time',
      '{"t":"1970-01-01T00:00:01Z"}',
      { ...plain, timestamp: 't' },
      { value: '{"t":"1970-01-01T00:00:01Z"}', timestamp: 1000 },
    ],
    [
      'with separator and time',
      'k|{"t":5}',
      { key: '|', timestamp: 't' },
      { key: 'k', value: '{"t":5}', timestamp: 5 },
    ],
  ])('%s', (_, line, format, expected) => {
    expect(recordOf(line, 1, format)).toEqual(expected);
  });

  it.each([
    ['is no JSON', 'ann', { ...plain, key: 'user' }],
    ['is no object', '7', { ...plain, key: 'user' }],
    ['lacks the field', '{}', { ...plain, key: 'user' }],
    ['has a field only by inheritance', '{}', { ...plain, key: 'toString' }],
    ['has no time in the field', '{"t":"soon"}', { ...plain, timestamp: 't' }],
  ])('and is refused by its number when it %s', (_, line, format) => {
    expect(() => recordOf(line, 3, format)).toThrow(/^\[CLI_RECORD\] Line 3 /u);
  });
});
