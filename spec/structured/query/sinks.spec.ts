import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { host, installHost } from '../../../lib/io/host.ts';
import { FileParts } from '../../../lib/structured/query/sinks/file-parts.ts';
import { FileSink } from '../../../lib/structured/query/sinks/file-sink.ts';
import { FakeHost } from '../../streaming/inputs/fake-host.ts';
import { bench } from './bench.ts';

let folder: string;
let printed: string;
const machine = host();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-sinks-'));
  printed = '';
  installHost({
    ...machine,
    write: (text) => {
      printed += text;
      return Promise.resolve();
    },
    warn: () => undefined,
  });
});

afterEach(() => {
  installHost(machine);
  rmSync(folder, { recursive: true });
});

function dataFiles(at: string): string[] {
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:json|csv|txt)$/u.test(name))
    .toSorted();
}

describe('the console', () => {
  it('prints each batch as Spark does', async () => {
    const { stream } = bench();
    const events = stream('value STRING, count BIGINT, raw BINARY, parts ARRAY<INT>');
    const query = await events.toDF().writeStream.format('console').option('truncate', 8).option('numRows', 2).start();
    events.addData(['a long text', 1, new Uint8Array([97, 255]), [1, null]], [null, 2, null, null], ['c', 3, null, []]);
    await query.processAllAvailable();
    await query.stop();
    expect(printed).toBe(`-------------------------------------------
Batch: 0
-------------------------------------------
+--------+-----+-------+--------+
|   value|count|    raw|   parts|
+--------+-----+-------+--------+
|a lon...|    1|[61 FF]|[1, N...|
|    NULL|    2|   NULL|    NULL|
+--------+-----+-------+--------+
only showing top 2 rows

`);
  });
});

describe('files', () => {
  it('hold each batch once, also when it runs again, and readers see what was committed', async () => {
    const output = [
      { kind: 'attribute', id: 1, name: 'v', type: { kind: 'int' }, nullable: true, qualifier: [] },
    ] as const;
    const make = (): FileSink =>
      new FileSink(folder, new FileParts('json', {}, [], { output, timeZone: 'UTC' }), { compactInterval: 10 });
    const write = async (batchId: number, values: readonly number[]): Promise<void> => {
      const sink = make();
      sink.begin({ batchId, attempt: 1 });
      for (const value of values) sink.add([value]);
      await sink.end();
      await sink.close();
    };
    await write(0, [1, 2]);
    await write(0, [1, 2]);
    await write(1, [3]);
    // Left by a batch that died before its list was written.
    writeFileSync(join(folder, 'part-99999-dead.json'), '{"v":99}\n');
    const { spark } = bench();
    const rows = await spark.read.schema('v INT').json(folder).collect();
    expect(rows.map(({ v }) => v)).toEqual([1, 2, 3]);
    expect(dataFiles(folder)).toHaveLength(3);
  });

  it('are listed in lists that are few, however many batches there were', async () => {
    const output = [
      { kind: 'attribute', id: 1, name: 'v', type: { kind: 'int' }, nullable: true, qualifier: [] },
    ] as const;
    const memory = new FakeHost();
    installHost(memory);
    const write = async (batchId: number): Promise<void> => {
      const parts = new FileParts('json', {}, [], { output, timeZone: 'UTC' });
      const sink = new FileSink('/out', parts, { compactInterval: 3 });
      sink.begin({ batchId, attempt: 1 });
      sink.add([batchId]);
      await sink.end();
    };
    const { spark } = bench();
    const read = async (): Promise<unknown[]> =>
      (await spark.read.schema('v INT').json('/out').orderBy('v').collect()).map((row) => row['v']);
    // Those of a version that never took them together: batch 2 has a list of its own.
    for (const batch of [0, 1]) await write(batch);
    memory.put('/out/old.json', '{"v":2}\n', 0);
    memory.put('/out/_spark_metadata/2', 'v1\n{"path":"file:///out/old.json","size":8,"modificationTime":0}', 0);
    for (let batch = 3; batch <= 13; batch++) {
      await write(batch);
      // It ran again after a crash behind its end.
      await write(batch);
      expect(await read()).toEqual(Array.from({ length: batch + 1 }, (_, i) => i));
    }
    const lists = (await memory.files.list('/out/_spark_metadata')).map(({ name }) => name).toSorted();
    expect(lists).toEqual(['10', '11.compact', '12', '13', '8.compact', '9']);
    // A batch that a list has taken in is not written again.
    await write(4);
    // A crash came between the list of all and the removal of those before it.
    memory.put('/out/_spark_metadata/7', 'v1', 0);
    expect(await read()).toHaveLength(14);
  });

  it('are written by a query, folder by folder, and read by the next', async () => {
    const { spark, stream } = bench();
    const events = stream('k STRING, v INT, at TIMESTAMP');
    const query = await events
      .toDF()
      .writeStream.format('json')
      .partitionBy('k')
      .option('checkpointLocation', 'memory:files')
      .start(folder);
    events.addData(['a/b', 1, '2024-01-01 00:00:00'], [null, 2, null]);
    await query.processAllAvailable();
    events.addData(['a/b', 3, null]);
    await query.processAllAvailable();
    await query.stop();
    expect(dataFiles(folder).map((name) => name.replace(/part-(\d+).*/u, 'part-$1'))).toEqual([
      'k=__HIVE_DEFAULT_PARTITION__/part-00001',
      'k=a%2Fb/part-00000',
      'k=a%2Fb/part-00000',
    ]);
    const batches: unknown[] = [];
    const reading = await spark.readStream
      .schema('v INT, at TIMESTAMP')
      .json(folder)
      .writeStream.foreachBatch(async (batch) => {
        batches.push((await batch.collect()).map(({ v }) => v));
      })
      .trigger({ availableNow: true })
      .start();
    await reading.awaitTermination();
    expect(batches.flat().toSorted((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3]);
  });

  it.each<[string, string, string, string, string]>([
    ['csv', 'a INT, b STRING', '1,"x,y"\n,""\n', 'header', 'a,b\n'],
    ['text', 'b STRING', 'x,y\n\n', 'none', ''],
  ])('as %s', async (format, schema, expected, option, head) => {
    const { spark } = bench();
    const rows =
      format === 'csv'
        ? [
            [1, 'x,y'],
            [null, ''],
          ]
        : [['x,y'], ['']];
    const out = join(folder, 'out');
    await spark.createDataFrame(rows, schema).write.format(format).option(option, true).save(out);
    const [file] = dataFiles(out);
    expect(readFileSync(join(out, file ?? ''), 'utf8')).toBe(head + expected);
  });

  it('of a save are kept, added to or replaced as the mode says', async () => {
    const { spark } = bench();
    const out = join(folder, 'out');
    const save = async (v: number, mode: string): Promise<unknown> => {
      await spark
        .createDataFrame([[v]], 'v INT')
        .write.mode(mode)
        .json(out);
      return (await spark.read.schema('v INT').json(out).collect())
        .map((row) => Number(row['v']))
        .toSorted((a, b) => a - b);
    };
    expect(await save(1, 'error')).toEqual([1]);
    await expect(save(2, 'error')).rejects.toMatchObject({ code: 'SINK_EXISTS' });
    expect(await save(2, 'ignore')).toEqual([1]);
    expect(await save(2, 'append')).toEqual([1, 2]);
    expect(await save(3, 'overwrite')).toEqual([3]);
    await expect(save(3, 'sideways')).rejects.toMatchObject({ code: 'SINK_MODE' });
  });
});

describe('a memory table', () => {
  it('has all rows so far, or those of the last batch in complete mode', async () => {
    const { spark, stream } = bench();
    const events = stream('k STRING');
    const all = await events.toDF().writeStream.toTable('everything');
    const totals = await events
      .toDF()
      .groupBy('k')
      .count()
      .writeStream.outputMode('complete')
      .format('memory')
      .queryName('totals')
      .start();
    for (const k of ['a', 'b', 'a']) {
      events.addData([k]);
      await Promise.all([all.processAllAvailable(), totals.processAllAvailable()]);
    }
    expect((await spark.table('everything').collect()).map(({ k }) => k)).toEqual(['a', 'b', 'a']);
    expect((await spark.table('totals').orderBy('k').collect()).map((row) => [row['k'], row['count']])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    await all.stop();
    await totals.stop();
  });

  it('cannot go on from a checkpoint: its rows are gone', async () => {
    const { stream } = bench();
    const events = stream('v INT');
    const start = async () =>
      await events
        .toDF()
        .writeStream.queryName('gone')
        .format('memory')
        .option('checkpointLocation', 'memory:gone')
        .start();
    const first = await start();
    events.addData([1]);
    await first.processAllAvailable();
    await first.stop();
    await expect(start()).rejects.toMatchObject({ code: 'QUERY_CANNOT_RECOVER' });
  });
});

describe('foreach', () => {
  it('opens, gives each row and closes; a function is enough', async () => {
    const { stream } = bench();
    const events = stream('v INT');
    const told: unknown[] = [];
    const writer = {
      open: (partition: number, epoch: number) => {
        told.push(['open', partition, epoch]);
        return epoch !== 1;
      },
      process: ({ v }: { v: number }) => {
        if (v < 0) throw new TypeError('negative');
        told.push(v);
      },
      close: (error: unknown) => told.push(['close', error instanceof Error ? error.message : error]),
    };
    const query = await events.toDF().writeStream.foreach(writer).start();
    for (const v of [1, 2, -3]) {
      events.addData([v]);
      await query.processAllAvailable().catch(() => undefined);
    }
    await query.stop();
    expect(told).toEqual([
      ['open', 0, 0],
      1,
      ['close', null],
      ['open', 0, 1],
      ['close', null],
      ['open', 0, 2],
      ['close', 'negative'],
    ]);
    const seen: unknown[] = [];
    const simple = await events
      .toDF()
      .writeStream.foreach((row: { v: number }) => seen.push(row.v))
      .trigger({ once: true })
      .start();
    await simple.awaitTermination();
    expect(seen).toEqual([1, 2, -3]);
    await expect(
      events
        .toDF()
        .writeStream.foreach({} as never)
        .start(),
    ).rejects.toMatchObject({ code: 'SINK_OPTION' });
  });
});

describe('a sink is refused', () => {
  it.each<[string, Record<string, string>, string]>([
    ['kafka', { topic: 't' }, 'SINK_OPTION_MISSING'],
    ['kafka', { 'kafka.bootstrap.servers': 'localhost:1' }, 'SINK_OPTION_MISSING'],
    ['kafka', { 'kafka.bootstrap.servers': 'localhost:1', topic: 't', topics: 't' }, 'SINK_OPTION_UNKNOWN'],
    ['kafka', { 'kafka.bootstrap.servers': 'localhost:1', topic: 't', nothing: 't' }, 'SINK_OPTION_UNKNOWN'],
    ['kafka', { 'kafka.bootstrap.servers': 'h:1', topic: 't', 'kafka.security.protocol': 'TLS' }, 'KAFKA_OPTIONS'],
    ['json', {}, 'SINK_OPTION_MISSING'],
    ['memory', {}, 'SINK_OPTION_MISSING'],
    ['console', { numRows: 'many' }, 'SINK_OPTION'],
    ['nosuch', {}, 'DATA_SOURCE_NOT_FOUND'],
  ])('%s with %j', async (format, options, code) => {
    const { stream } = bench();
    await expect(
      stream('value STRING').toDF().writeStream.format(format).options(options).start(),
    ).rejects.toMatchObject({ code });
  });

  it.each([
    ['kafka', 'v INT', { 'kafka.bootstrap.servers': 'localhost:1', topic: 't' }],
    ['kafka', 'value INT', { 'kafka.bootstrap.servers': 'localhost:1', topic: 't' }],
    ['text', 'a INT', { path: '/nowhere', checkpointLocation: 'memory:x' }],
    ['csv', 'a ARRAY<INT>', { path: '/nowhere', checkpointLocation: 'memory:x' }],
  ])('%s with the columns %s', async (format, schema, options) => {
    const { stream } = bench();
    await expect(stream(schema).toDF().writeStream.format(format).options(options).start()).rejects.toMatchObject({
      code: 'SINK_COLUMNS',
    });
  });

  it('with an unknown mode', async () => {
    const { stream } = bench();
    await expect(
      stream('v INT').toDF().writeStream.outputMode('sideways').format('noop').start(),
    ).rejects.toMatchObject({ code: 'STREAMING_OUTPUT_MODE.INVALID' });
    mkdirSync(join(folder, 'there'));
    await expect(
      stream('v INT')
        .toDF()
        .groupBy()
        .count()
        .writeStream.outputMode('complete')
        .format('json')
        .option('checkpointLocation', 'memory:c')
        .start(join(folder, 'there')),
    ).rejects.toMatchObject({ code: 'STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE' });
  });
});
