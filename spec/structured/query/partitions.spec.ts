import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bench } from './bench.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-partitions-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string, text = '{"v":1}\n'): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const utc = { 'spark.sql.session.timeZone': 'UTC' };

/** Types and values as Spark 4.1.2 gives them for the same folders. */
const inferred: readonly (readonly [what: string, folders: readonly string[], type: string, values: unknown[]])[] = [
  ['whole numbers', ['k=1', 'k=2'], 'int', [1, 2]],
  ['leading zeros', ['k=01'], 'int', [1]],
  ['a greater number', ['k=1', 'k=3000000000'], 'bigint', [1, 3_000_000_000]],
  ['a very great one', ['k=1', 'k=30000000000000000000000'], 'decimal(23,0)', ['1', '30000000000000000000000']],
  ['an exponent', ['k=1e3'], 'decimal(4,0)', ['1000']],
  ['a fraction', ['k=1', 'k=1.5'], 'double', [1, 1.5]],
  ['a fraction of nothing', ['k=1.0', 'k=2'], 'double', [1, 2]],
  ['no number', ['k=NaN'], 'double', [Number.NaN]],
  ['a double of Java', ['k=1d'], 'double', [1]],
  ['fractions and great numbers', ['k=1.5', 'k=3000000000'], 'string', ['1.5', '3000000000']],
  ['dates and numbers', ['k=2024-01-01', 'k=5'], 'string', ['2024-01-01', '5']],
  ['truth', ['k=true'], 'string', ['true']],
  ['texts and numbers', ['k=1', 'k=x'], 'string', ['1', 'x']],
  ['nothing and a number', ['k=1', 'k=__HIVE_DEFAULT_PARTITION__'], 'int', [1, null]],
  ['nothing only', ['k=__HIVE_DEFAULT_PARTITION__'], 'void', [null]],
  ['a sign that is escaped', ['k=%2B5', 'k=-1'], 'string', ['+5', '-1']],
  ['a slash that is escaped', ['k=a%2Fb'], 'string', ['a/b']],
];

describe('partitions, k=v/, of a folder', () => {
  it.each(inferred)('have the type that Spark infers: %s', async (_, folders, type, values) => {
    for (const name of folders) put(`${name}/a.json`);
    const df = bench(utc).spark.read.schema('v INT').json(folder);
    expect(df.dtypes).toEqual([
      ['v', 'int'],
      ['k', type],
    ]);
    const k = type.startsWith('decimal') ? 'cast(k AS STRING) AS k' : 'k';
    const rows = await df.selectExpr(k).collect();
    expect(rows.map((row) => row['k'])).toEqual(values);
  });

  it.each([
    ['dates', ['k=2024-01-01', 'k=2024-01-02'], 'date', ['2024-01-01', '2024-01-02']],
    ['times', ['k=2024-01-01 10%3A00%3A00'], 'timestamp', ['2024-01-01 10:00:00']],
    [
      'dates and times',
      ['k=2024-01-01', 'k=2024-01-02 10%3A00%3A00.5'],
      'timestamp',
      ['2024-01-01 00:00:00', '2024-01-02 10:00:00.5'],
    ],
  ] as const)('have the type that Spark infers: %s', async (_, folders, type, values) => {
    for (const name of folders) put(`${name}/a.json`);
    const df = bench(utc).spark.read.schema('v INT').json(folder);
    expect(df.dtypes[1]).toEqual(['k', type]);
    const rows = await df.selectExpr('cast(k AS STRING) AS k').collect();
    expect(rows.map((row) => row['k'])).toEqual(values);
  });

  it.each([
    ['json', '{"v":7}\n'],
    ['csv', '7\n'],
  ])('stand behind the columns of %s, as the schema types them', async (format, text) => {
    put('K=1/d=2024-01-01/a', text);
    put('K=2/d=2024-01-03/b', text);
    const { spark } = bench(utc);
    const df = spark.read.format(format).schema('k STRING, v INT').load(folder);
    expect(df.dtypes).toEqual([
      ['v', 'int'],
      ['k', 'string'],
      ['d', 'date'],
    ]);
    expect((await df.selectExpr('v', 'k', 'cast(d AS STRING) d').collect()).map((row) => Object.values(row))).toEqual([
      [7, '1', '2024-01-01'],
      [7, '2', '2024-01-03'],
    ]);
  });

  it('are there for texts, and for streams, whose later values have to fit', async () => {
    put('k=1/a.txt', 'x\n');
    const { spark } = bench(utc);
    const df = spark.readStream.format('text').load(folder);
    expect(df.columns).toEqual(['value', 'k']);
    const run = async () => {
      const query = await df.writeStream
        .option('checkpointLocation', 'memory:t')
        .foreachBatch(async (batch) => {
          seen.push(...(await batch.collect()).map((row) => Object.values(row)));
        })
        .trigger({ availableNow: true })
        .start();
      await query.awaitTermination();
    };
    const seen: unknown[] = [];
    await run();
    put('k=2/b.txt', 'y\n');
    await run();
    expect(seen).toEqual([
      ['x', 1],
      ['y', 2],
    ]);
    put('k=other/c.txt', 'z\n');
    await expect(run()).rejects.toThrow('CAST_INVALID_INPUT');
  });

  it.each<[string, string[], string, Record<string, string>, unknown[]]>([
    ['of a part of them', ['k=1/d=2/a.json'], 'k=1', {}, [{ v: 1, d: 2 }]],
    ['of a part, with basePath', ['k=1/d=2/a.json'], 'k=1', { basePath: '' }, [{ v: 1, k: 1, d: 2 }]],
    ['of one file', ['k=1/a.json'], 'k=1/a.json', {}, [{ v: 1 }]],
    ['of one file, with basePath', ['k=1/a.json'], 'k=1/a.json', { basePath: '' }, [{ v: 1, k: 1 }]],
    ['without the files beside them', ['k=1/a.json', 'b.json'], '', {}, [{ v: 1, k: 1 }]],
    ['without other folders', ['x/a.json', 'b.json'], '', {}, [{ v: 1 }]],
    ['that are hidden', ['.k=1/a.json', 'k=1/_b.json', 'c.json'], '', {}, [{ v: 1 }]],
    ['unasked', ['k=1/a.json', 'x/b.json'], '', { recursiveFileLookup: 'true' }, [{ v: 1 }, { v: 1 }]],
  ])('%s', async (_, names, path, options, expected) => {
    for (const name of names) put(name);
    const given = 'basePath' in options ? { ...options, basePath: folder } : options;
    const rows = await bench(utc).spark.read.schema('v INT').options(given).json(join(folder, path)).collect();
    expect(rows).toEqual(expected);
  });

  it('are texts when nothing is to be inferred', () => {
    put('k=1/a.json');
    const { spark } = bench({ 'spark.sql.sources.partitionColumnTypeInference.enabled': 'false' });
    expect(spark.read.schema('v INT').json(folder).dtypes[1]).toEqual(['k', 'string']);
  });

  it.each([
    [['k=1/a.json', 'j=1/a.json'], 'v INT', {}, 'CONFLICTING_PARTITION_COLUMN_NAMES'],
    [['k=1/a.json', 'k=2/d=1/a.json'], 'v INT', {}, 'CONFLICTING_PARTITION_COLUMN_NAMES'],
    [['k=x/a.json'], 'v INT, k INT', {}, 'INVALID_PARTITION_VALUE'],
    [['k=1/a.json'], 'v INT', { basePath: '/somewhere/else' }, 'SOURCE_OPTIONS'],
  ])('that do not go together are refused: %j', (names, schema, options, code) => {
    for (const name of names) put(name);
    expect(() => bench(utc).spark.read.schema(schema).options(options).json(folder)).toThrow(code);
  });

  it('written by a query come back from what was committed', async () => {
    const { spark, stream } = bench(utc);
    const events = stream('v INT, k STRING, day DATE');
    const query = await events
      .toDF()
      .writeStream.format('json')
      .partitionBy('day', 'k')
      .option('checkpointLocation', 'memory:p')
      .start(join(folder, 'out'));
    events.addData([1, 'a/b', new Date('2024-05-01')], [2, null, new Date('2024-05-02')]);
    await query.processAllAvailable();
    await query.stop();
    put('out/day=2024-05-03/k=dead/part-9.json');
    const rows = await spark.read
      .schema('v INT')
      .json(join(folder, 'out'))
      .selectExpr('v', 'day = DATE"2024-05-01" AS first', 'k')
      .orderBy('v')
      .collect();
    expect(rows.map((row) => Object.values(row))).toEqual([
      [1, true, 'a/b'],
      [2, false, null],
    ]);
  });
});
