import { describe, expect, it } from '@jest/globals';
import * as flechette from '@uwdata/flechette';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadFlechette } from '../../lib/arrow/flechette.ts';
import { expr } from '../../lib/functions.ts';
import type { DataFrame } from '../../lib/index.ts';
import { bench } from '../structured/query/bench.ts';

const session = () => bench({ 'spark.sql.session.timeZone': 'UTC' }).spark;

/** Each column of each row as text. */
async function texts(df: DataFrame): Promise<Record<string, unknown[]>> {
  const rows = await df
    .select(...df.columns.map((name) => expr(`CAST(\`${name}\` AS STRING) AS \`${name}\``)))
    .collect();
  return Object.fromEntries(df.columns.map((name) => [name, rows.map((row) => row[name])]));
}

/** What PyArrow wrote of every type, in two record batches: type and values as Spark has them. */
const every: Readonly<Record<string, readonly [type: string, values: readonly unknown[]]>> = {
  i8: ['tinyint', ['1', null, '-128']],
  u16: ['int', ['65535', null, '0']],
  u64: ['decimal(20,0)', ['18446744073709551615', null, '0']],
  i64: ['bigint', ['9223372036854775807', null, '-1']],
  f32: ['float', ['0.5', null, '-1.5']],
  b: ['boolean', ['true', null, 'false']],
  s: ['string', ['é', '', null]],
  ls: ['string', ['x', null, 'yy']],
  dec: ['decimal(22,2)', ['12345678901234567890.12', null, '-0.01']],
  date: ['date', ['1969-12-31', null, '2024-02-29']],
  d64: ['date', ['1970-01-04', null, '1969-12-31']],
  ts: ['timestamp', ['1969-12-31 23:59:59.999999', null, '2023-11-14 22:13:20.123456']],
  tsn: ['timestamp_ntz', ['2023-11-14 22:13:20.123456', null, '1969-12-31 23:59:59.999999']],
  tss: ['timestamp', ['1970-01-01 00:00:05', null, '1969-12-31 23:59:55']],
  dur: [
    'interval day to second',
    ["INTERVAL '0 00:00:01.5' DAY TO SECOND", null, "INTERVAL '-0 00:00:00.001' DAY TO SECOND"],
  ],
  mdn: ['interval', ['1 months 2 days 0.000003 seconds', null, '-1 months -0.000005 seconds']],
  l: ['array<int>', ['[1, null]', null, '[]']],
  fl: ['array<smallint>', ['[1, 2]', null, '[3, 4]']],
  st: ['struct<a:int,b:string>', ['{1, x}', null, '{null, null}']],
  m: ['map<string,bigint>', ['{k -> 1}', null, '{}']],
  dict: ['string', ['p', 'q', 'p']],
  n: ['void', [null, null, null]],
  nest: ['array<struct<d:decimal(5,1),m:map<string,array<boolean>>>>', ['[{1.5, {z -> [true]}}]', null, '[null]']],
};

describe('Apache Arrow', () => {
  it('comes in with every type, and goes out and in again as it was', async () => {
    const bytes = new Uint8Array(readFileSync(resolve('spec/arrow/every-type.arrows')));
    const spark = session();
    const df = spark.createDataFrame(bytes);
    const expected = Object.fromEntries(Object.entries(every).map(([name, [, values]]) => [name, values]));
    const rest = df.drop('bin', 'fb');
    expect(rest.dtypes).toEqual(Object.entries(every).map(([name, [type]]) => [name, type]));
    expect(await texts(rest)).toEqual(expected);
    const again = spark.createDataFrame(await df.toArrow());
    expect(await texts(again.drop('bin', 'fb'))).toEqual(expected);
    const binary = (await again.select('bin', 'fb').collect()).map((row) => Object.values(row));
    expect(binary).toEqual([
      [new Uint8Array([0, 255]), new Uint8Array([97, 98])],
      [null, null],
      [new Uint8Array(), new Uint8Array([99, 100])],
    ]);
  });

  it('has the types that Spark chooses, and exact values', async () => {
    const df = session()
      .createDataFrame(
        [[9_007_199_254_740_993n, '0.10', '2024-01-01 00:00:00.000001', '2024-01-01 00:00:00', '2024-01-01']],
        'id BIGINT NOT NULL, price DECIMAL(38, 2), at TIMESTAMP, local TIMESTAMP_NTZ, day DATE',
      )
      .withColumn('span', expr("INTERVAL '1' SECOND"));
    const table = (await df.toArrow()) as unknown as flechette.Table;
    expect(table.schema.fields.map(({ name, type, nullable }) => [name, type.typeId, nullable])).toEqual([
      ['id', flechette.Type.Int, false],
      ['price', flechette.Type.Decimal, true],
      ['at', flechette.Type.Timestamp, true],
      ['local', flechette.Type.Timestamp, true],
      ['day', flechette.Type.Date, true],
      ['span', flechette.Type.Duration, false],
    ]);
    expect(table.schema.fields[1]?.type).toMatchObject({ precision: 38, scale: 2, bitWidth: 128 });
    expect(table.schema.fields[2]?.type).toMatchObject({ unit: flechette.TimeUnit.MICROSECOND, timezone: 'UTC' });
    expect(table.schema.fields[3]?.type).toMatchObject({ unit: flechette.TimeUnit.MICROSECOND, timezone: null });
    expect(table.getChild('id')?.at(0)).toBe(9_007_199_254_740_993n);
    expect(table.getChild('price')?.at(0)).toBe(10n);
    const asDates = (await df.toArrow({ useDate: true })) as unknown as flechette.Table;
    expect(asDates.getChild('day')?.at(0)).toEqual(new Date('2024-01-01'));
  });

  it('is read from a table that a program made, renamed and cast by a schema', async () => {
    const table = flechette.tableFromArrays({ id: Int32Array.of(1, 2), name: ['a', null] });
    const spark = session();
    expect(
      (await spark.createDataFrame(table as never).collect()).map((row) => ({ id: row['id'], name: row['name'] })),
    ).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: null },
    ]);
    const cast = spark.createDataFrame(table as never, 'k BIGINT, v STRING');
    expect(cast.dtypes).toEqual([
      ['k', 'bigint'],
      ['v', 'string'],
    ]);
    expect(spark.createDataFrame(table as never, ['k', 'v']).columns).toEqual(['k', 'v']);
  });

  it('carries any rows, in as many record batches as they need', async () => {
    const spark = session();
    const row = fc.tuple(
      fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      fc.option(fc.string({ unit: 'grapheme' })),
      fc.option(fc.double()),
      fc.option(fc.array(fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })))),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const df = spark.createDataFrame(rows, 'a BIGINT, b STRING, c DOUBLE, d ARRAY<INT>');
        const back = spark.createDataFrame(await df.toArrowIPC());
        expect(await back.collect()).toEqual(await df.collect());
      }),
      { numRuns: 30 },
    );
    const many = await spark.range(70_000).toArrow();
    expect(many.numRows).toBe(70_000);
    expect(await spark.createDataFrame(many).agg(expr('sum(id) AS s')).first()).toMatchObject({ s: 2_449_965_000 });
    expect((await spark.range(0).toArrow()).numRows).toBe(0);
  });

  it('is refused where it cannot be had, with what to do', () => {
    expect(() =>
      loadFlechette(() => {
        throw new TypeError('Cannot find module');
      }),
    ).toThrow('[ARROW_NOT_INSTALLED]');
    const spark = session();
    // As a table of apache-arrow looks.
    expect(() => spark.createDataFrame({ schema: {}, batches: [] } as never)).toThrow('[ARROW_TABLE_FOREIGN]');
    const half = flechette.tableFromArrays({ h: [1] }, { types: { h: flechette.float16() } });
    expect(() => spark.createDataFrame(half as never)).toThrow('column h of the Arrow table is a half-precision float');
    const times = flechette.tableFromArrays({ t: [1] }, { types: { t: flechette.timeSecond() } });
    expect(() => spark.createDataFrame(times as never)).toThrow('[ARROW_TYPE_UNSUPPORTED]');
  });

  it('is not made of a stream', async () => {
    const { stream } = bench();
    await expect(stream('v INT').toDF().toArrow()).rejects.toMatchObject({ code: 'QUERY_ACTION_ON_STREAM' });
  });
});
