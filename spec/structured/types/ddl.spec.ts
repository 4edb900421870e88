import { describe, expect, it } from '@jest/globals';
import { field, parseSchema, parseType, struct } from '../../../lib/structured/types/ddl.ts';
import { sqlTypeText, typeText } from '../../../lib/structured/types/type-text.ts';

describe('parseSchema', () => {
  it.each([
    ['id INT, name STRING', 'struct<id:int,name:string>'],
    ['id: INT, `odd name`: STRING', 'struct<id:int,odd name:string>'],
    [
      "a STRUCT<b: INT NOT NULL COMMENT 'x', c ARRAY<MAP<STRING, DECIMAL(10,2)>>>",
      'struct<a:struct<b:int,c:array<map<string,decimal(10,2)>>>>',
    ],
    ['STRUCT<a: INT, b: STRUCT<>>', 'struct<a:int,b:struct<>>'],
    ['timestamp TIMESTAMP, date DATE', 'struct<timestamp:timestamp,date:date>'],
    ['', 'struct<>'],
  ])('reads %s', (text, expected) => {
    expect(typeText(parseSchema(text))).toBe(expected);
  });

  it('keeps NOT NULL', () => {
    const { fields } = parseSchema("a INT NOT NULL COMMENT 'key', b INT");
    expect(fields.map(({ nullable }) => nullable)).toEqual([false, true]);
  });

  it('reads what it prints', () => {
    const schema = parseSchema(
      'a ARRAY<STRUCT<x: INT NOT NULL, `y z`: MAP<STRING, INTERVAL DAY TO SECOND>>>, b BINARY',
    );
    expect(parseType(sqlTypeText(schema))).toEqual(schema);
  });

  it.each([
    ['id', 'PARSE_SYNTAX_ERROR'],
    ['id INT,', 'PARSE_SYNTAX_ERROR'],
    ['id INT name STRING', 'PARSE_SYNTAX_ERROR'],
    ['id ARRAY<INT', 'PARSE_SYNTAX_ERROR'],
    ['id NUMBER', 'UNSUPPORTED_DATATYPE'],
    ['t TIME(3)', 'UNSUPPORTED_TIME_TYPE'],
    ['id DECIMAL(39,1)', 'DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION'],
  ])('refuses %s', (text, code) => {
    expect(() => parseSchema(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('parseType', () => {
  it.each([
    ['byte', 'tinyint'],
    ['SHORT', 'smallint'],
    ['Integer', 'int'],
    ['long', 'bigint'],
    ['real', 'float'],
    ['dec', 'decimal(10,0)'],
    ['numeric(5)', 'decimal(5,0)'],
    ['varchar(10)', 'string'],
    ['string collate utf8_binary', 'string'],
    ['timestamp_ltz', 'timestamp'],
    ['timestamp_ntz', 'timestamp_ntz'],
    ['timestamp without time zone', 'timestamp_ntz'],
    ['interval day', 'interval day'],
    ['interval hour to second', 'interval hour to second'],
    ['interval year to month', 'interval year to month'],
    ['interval', 'interval'],
    ['void', 'void'],
    ['map<string,array<int>>', 'map<string,array<int>>'],
  ])('%s is %s', (text, expected) => {
    expect(typeText(parseType(text))).toBe(expected);
  });
});

describe('struct and field', () => {
  it('build the same as DDL', () => {
    const built = struct([field('id', 'int', false), field('tags', 'array<string>')]);
    expect(built).toEqual(parseSchema('id INT NOT NULL, tags ARRAY<STRING>'));
  });
});
