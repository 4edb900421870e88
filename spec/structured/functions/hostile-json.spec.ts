import { describe, expect, it } from '@jest/globals';
import { jsonParser } from '../../../lib/structured/functions/json/from-json.ts';
import { toExternal } from '../../../lib/structured/types/conversion.ts';
import type { MapValue } from '../../../lib/structured/types/data-type.ts';
import { parseSchema } from '../../../lib/structured/types/ddl.ts';

const type = parseSchema('id INT, s STRING, d DOUBLE, l BIGINT, t TIMESTAMP, m MAP<STRING, INT>');
const parse = jsonParser(type, { timeZone: 'UTC' });
const nulls = [null, null, null, null, null, null];

describe('texts that mean harm, or just are what they are', () => {
  it.each<readonly [string, string, readonly unknown[]]>([
    ['too many arrays in each other', `{"s":${'['.repeat(100_000)}`, nulls],
    ['too many objects in each other', `${'{"s":'.repeat(100_000)}1`, nulls],
    ['a number of 2,000 digits', `{"id":1,"d":${'9'.repeat(2000)}}`, nulls],
    ['a whole number beyond 64 bits', '{"id":1,"l":9223372036854775808}', [1, null, null, null, null, null]],
    [
      'the greatest of 64 bits',
      '{"l":9223372036854775807}',
      [null, null, null, 9_223_372_036_854_775_807n, null, null],
    ],
    ['a half of a surrogate pair', '{"s":"a\\ud800b"}', [null, 'a\uD800b', null, null, null, null]],
    [
      'the last second of the year 9999',
      '{"t":"9999-12-31T23:59:59.999999Z"}',
      [null, null, null, null, 253_402_300_799_999_999n, null],
    ],
    ['a time before 1970', '{"t":"0001-01-01T00:00:00Z"}', [null, null, null, null, -62_135_596_800_000_000n, null]],
    ['a byte order mark', '\uFEFF{"id":1}', [1, null, null, null, null, null]],
    ['an end in a text', '{"id":1,"s":"ab', nulls],
    ['a control character in a text', '{"s":"a\u0001b"}', nulls],
  ])('%s', (_what, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('reads a field of 10 MB', () => {
    const megabytes = 'x'.repeat(10 * 1024 * 1024);
    const row = parse(`{"id":7,"s":"${megabytes}"}`) as readonly unknown[];
    expect([row[0], row[1] === megabytes]).toEqual([7, true]);
  });

  it('takes __proto__ for a name like any other', () => {
    const row = parse('{"__proto__":{"id":9},"id":1,"m":{"__proto__":5,"constructor":6}}') as readonly unknown[];
    expect(row[0]).toBe(1);
    expect((row[5] as MapValue).keys).toEqual(['__proto__', 'constructor']);
    const shown = toExternal(type)(row as never) as Readonly<Record<string, Readonly<Record<string, number>>>>;
    expect(Object.getPrototypeOf(shown['m'])).toBeNull();
    expect(Object.entries(shown['m'] ?? {})).toEqual([
      ['__proto__', 5],
      ['constructor', 6],
    ]);
    expect(({} as Readonly<Record<string, unknown>>)['id']).toBeUndefined();
  });
});
