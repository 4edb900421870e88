import { describe, expect, it } from '@jest/globals';
import { toExternal, toInternal } from '../../../lib/structured/types/conversion.ts';
import { parseSchema, parseType } from '../../../lib/structured/types/ddl.ts';
import { timeType } from '../../../lib/structured/types/time.ts';
import { Timestamp } from '../../../lib/structured/types/timestamp-value.ts';

function roundTrip(type: string, value: unknown): unknown {
  const parsed = parseType(type);
  return toExternal(parsed)(toInternal(parsed)(value));
}

describe('values of programs', () => {
  it.each<[string, unknown, unknown]>([
    ['int', 5, 5],
    ['bigint', 9007199254740993n, 9007199254740993n],
    ['bigint', 5n, 5],
    ['double', 'NaN', NaN],
    ['double', 5n, 5],
    ['float', 0.1, Math.fround(0.1)],
    ['decimal(10,2)', 1.005, '1.01'],
    ['decimal(10,2)', '1.5', '1.50'],
    ['decimal(38,0)', 12345678901234567890123n, '12345678901234567890123'],
    ['string', 'é', 'é'],
    ['binary', 'é', new Uint8Array([0xc3, 0xa9])],
    ['date', '2024-01-02', '2024-01-02'],
    ['date', new Date('2024-01-02T23:00:00Z'), '2024-01-02'],
    ['timestamp_ntz', '2024-01-02T03:04:05.5', '2024-01-02T03:04:05.500'],
    ['interval day to second', '1 day 2 hours', "INTERVAL '1 02:00:00' DAY TO SECOND"],
    ['interval second', "INTERVAL '05' SECOND", "INTERVAL '05' SECOND"],
    ['interval year to month', '1-2', "INTERVAL '1-2' YEAR TO MONTH"],
    ['array<int>', new Set([1, 2]), [1, 2]],
    ['map<string,int>', { a: 1 }, { a: 1 }],
    ['map<int,string>', new Map([[1, 'x']]), { 1: 'x' }],
    ['struct<a:int,b:string>', [1, null], { a: 1, b: null }],
    ['struct<a:int,b:string>', { b: 'x' }, { a: null, b: 'x' }],
    ['int', undefined, null],
  ])('%s: %p comes back as %p', (type, value, expected) => {
    expect(roundTrip(type, value)).toEqual(expected);
  });

  it.each([
    ['12:34:56.5', '12:34:56.5'],
    ['1:2 pm', '13:02:00'],
    ['23:59:59.9999999', '23:59:59.999999'],
  ])('the time %s comes back as %s', (text, shown) => {
    expect(toExternal(timeType())(toInternal(timeType())(text))).toBe(shown);
  });

  it('refuses what is no time of day', () => {
    expect(() => toInternal(timeType())('24:00')).toThrow("a text like '12:34:56.5'");
  });

  it('keeps the microseconds of timestamps', () => {
    const shown = roundTrip('timestamp', '2024-01-01T00:00:05.123456Z') as Timestamp;
    expect(shown).toBeInstanceOf(Date);
    expect(JSON.stringify({ shown })).toBe('{"shown":"2024-01-01T00:00:05.123456Z"}');
    expect(toInternal(parseType('timestamp'))(shown)).toBe(1704067205123456);
    expect(JSON.stringify(roundTrip('timestamp', new Date(5000)))).toBe('"1970-01-01T00:00:05.000Z"');
    expect(JSON.stringify(new Timestamp(253_402_300_799_999_999n))).toBe('"9999-12-31T23:59:59.999999Z"');
  });

  it('reads texts of timestamps in the zone of the session', () => {
    expect(toInternal(parseType('timestamp'), 'America/New_York')('2024-07-01 00:00:00')).toBe(1719806400000000);
  });

  it('shows structs and maps without a prototype, whatever their fields are called', () => {
    const shown = roundTrip('struct<__proto__:int,m:map<string,int>>', [1, { a: 1 }]) as Record<string, object>;
    expect(Object.getPrototypeOf(shown)).toBeNull();
    expect(Object.keys(shown)).toEqual(['__proto__', 'm']);
    expect(Object.getPrototypeOf(shown['m'])).toBeNull();
  });

  it.each<[string, unknown, string, string]>([
    ['a INT', { a: 1.5 }, 'QUERY_VALUE_OF_TYPE', 'column a'],
    ['a INT', { a: 2 ** 31 }, 'QUERY_VALUE_OF_TYPE', '2147483648'],
    ['a INT', { a: '1' }, 'QUERY_VALUE_OF_TYPE', "'1'"],
    ['a BIGINT', { a: 2 ** 53 }, 'QUERY_VALUE_OF_TYPE', 'safe integer'],
    ['a STRING', { a: 5 }, 'QUERY_VALUE_OF_TYPE', 'a text'],
    ['a DATE', { a: 'soon' }, 'QUERY_VALUE_OF_TYPE', "'soon'"],
    ['a TIMESTAMP', { a: 'soon' }, 'QUERY_VALUE_OF_TYPE', "'soon'"],
    ['a DECIMAL(3,1)', { a: 100 }, 'QUERY_VALUE_OF_TYPE', 'decimal(3,1)'],
    ['a BOOLEAN', { a: 1 }, 'QUERY_VALUE_OF_TYPE', 'true or false'],
    ['a ARRAY<INT>', { a: [1, 'x'] }, 'QUERY_VALUE_OF_TYPE', 'a[]'],
    ['s STRUCT<a: INT>', { s: { a: 'x' } }, 'QUERY_VALUE_OF_TYPE', 's.a'],
    ['a INT NOT NULL', { a: null }, 'QUERY_NULL_NOT_ALLOWED', 'column a'],
    ['a INT', [1, 2], 'QUERY_ROW_SHAPE', 'an array of 2'],
    ['a INT', 'x', 'QUERY_ROW_SHAPE', "'x'"],
  ])('%s refuses %j with %s', (schema, row, code, part) => {
    expect(() => toInternal(parseSchema(schema))(row)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(part) }),
    );
  });

  it('refuses a zone that is none', () => {
    expect(() => toInternal(parseType('timestamp'), 'Mars/Olympus')).toThrow(
      expect.objectContaining({ code: 'INVALID_TIMEZONE' }),
    );
  });
});
