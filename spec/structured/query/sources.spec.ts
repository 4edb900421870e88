import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { host, installHost } from '../../../lib/io/host.ts';
import type { DataFrame } from '../../../lib/index.ts';
import { valueAtSecond } from '../../../lib/connectors/rate/rate-table.ts';
import { bench } from './bench.ts';

let folder: string;
let warnings: string[];
const machine = host();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-sources-'));
  warnings = [];
  installHost({ ...machine, warn: (text) => warnings.push(text) });
});

afterEach(() => {
  installHost(machine);
  rmSync(folder, { recursive: true });
});

/** A file whose time of change is given, since that is the order in which files are read. */
function put(name: string, text: string, second: number): void {
  const path = join(folder, name);
  writeFileSync(path, text);
  utimesSync(path, second, second);
}

/** The rows of each batch of everything that is there. */
async function batchesOf(df: DataFrame, checkpoint: string): Promise<unknown[][]> {
  const batches: unknown[][] = [];
  const query = await df.writeStream
    .option('checkpointLocation', checkpoint)
    .foreachBatch(async (batch) => {
      batches.push((await batch.collect()).map((row) => Object.values(row)));
    })
    .trigger({ availableNow: true })
    .start();
  await query.awaitTermination();
  return batches;
}

describe('files as a stream', () => {
  it('are read once, oldest first, so many at a time, also after a restart', async () => {
    const { spark } = bench();
    const read = () => spark.readStream.schema('v INT').option('maxFilesPerTrigger', 2).json(folder);
    put('c.json', '{"v":3}\n', 3);
    put('a.json', '{"v":1}\n\n{"v":1.5}\nnot json\n', 1);
    put('b.json', '{"v":2}', 2);
    put('.hidden.json', '{"v":9}', 1);
    put('_part.json', '{"v":9}', 1);
    expect(await batchesOf(read(), 'memory:a')).toEqual([[[1], [null], [null], [2]], [[3]]]);
    put('d.json', '{"v":4}\n', 4);
    expect(await batchesOf(read(), 'memory:a')).toEqual([[[4]]]);
  });

  it.each<[string, Record<string, string>, unknown[][]]>([
    ['newest first', { latestFirst: 'true', maxFilesPerTrigger: '1' }, [[['b']], [['a']]]],
    ['by size', { maxBytesPerTrigger: '3' }, [[['a']], [['b']]]],
    ['by pattern', { pathGlobFilter: 'b*.{txt,log}' }, [[['b']]]],
    ['whole', { wholetext: 'true', maxFilesPerTrigger: '1' }, [[['a\n']], [['b\n']]]],
    ['by another separator', { lineSep: '\n\n' }, [[['a\n'], ['b\n']]]],
  ])('are read %s', async (_, options, expected) => {
    const { spark } = bench();
    put('a.txt', 'a\n', 1);
    put('b.txt', 'b\n', 2);
    expect(await batchesOf(spark.readStream.format('text').options(options).load(folder), 'memory:t')).toEqual(
      expected,
    );
  });

  it('as CSV have values by position, null where they do not fit', async () => {
    const { spark } = bench();
    put('a.csv', 'id,name,at\n1,"x, ""y""",2024-01-01\n# a comment\nno,,never\n3\n', 1);
    const df = spark.readStream
      .schema('id INT, name STRING, at DATE')
      .options({ header: true, comment: '#', escape: '"' })
      .csv(folder);
    expect(await batchesOf(df, 'memory:c')).toEqual([
      [
        [1, 'x, "y"', '2024-01-01'],
        [null, null, null],
        [3, null, null],
      ],
    ]);
  });

  it('are removed or put away when a later batch is durable', async () => {
    const { spark } = bench();
    const archive = join(folder, '..', `archive-${Date.now()}`);
    put('a.txt', 'a', 1);
    put('b.txt', 'b', 2);
    const df = spark.readStream
      .option('maxFilesPerTrigger', 1)
      .option('cleanSource', 'archive')
      .option('sourceArchiveDir', archive)
      .text(folder);
    await batchesOf(df, 'memory:clean');
    expect([existsSync(join(folder, 'a.txt')), existsSync(join(archive, folder, 'a.txt'))]).toEqual([false, true]);
    expect(existsSync(join(folder, 'b.txt'))).toBe(true);
    rmSync(archive, { recursive: true });
  });

  it('that are gone when their batch runs fail it, by name', async () => {
    const { spark } = bench();
    put('a.txt', 'a', 1);
    const start = async (fails: boolean) =>
      await spark.readStream
        .text(folder)
        .writeStream.option('checkpointLocation', 'memory:gone')
        .foreachBatch(() => {
          if (fails) throw new TypeError('not now');
        })
        .trigger({ availableNow: true })
        .start();
    await expect((await start(true)).awaitTermination()).rejects.toMatchObject({ code: 'STREAM_FAILED' });
    rmSync(join(folder, 'a.txt'));
    await expect((await start(false)).awaitTermination()).rejects.toMatchObject({
      cause: { code: 'SOURCE_FILE_GONE' },
    });
  });
});

describe('a rate', () => {
  it('counts up by the second, each value with the time it was due', async () => {
    const { spark, clock } = bench();
    const values: unknown[] = [];
    const query = await spark.readStream
      .format('rate')
      .option('rowsPerSecond', 2)
      .load()
      .writeStream.foreachBatch(async (batch, id) => {
        for (const { value, timestamp } of await batch.collect())
          values.push([id, value, Number(timestamp) - 1_700_000_000_000]);
      })
      .start();
    await clock.advance(999);
    expect(values).toEqual([]);
    await clock.advance(2020);
    await query.stop();
    expect(values.map((row) => (row as number[]).slice(1))).toEqual([
      [0, 0],
      [1, 500],
      [2, 1000],
      [3, 1500],
      [4, 2000],
      [5, 2500],
    ]);
  });

  it('ramps up', () => {
    const counts = [0, 1, 2, 3, 4, 5, 6].map((second) =>
      valueAtSecond(second, { rowsPerSecond: 10, rampUpSeconds: 4 }),
    );
    expect(counts).toEqual([0, 2, 6, 12, 20, 30, 40]);
  });

  it('by the batch gives the same rows in every run', async () => {
    const { spark } = bench();
    const df = spark.readStream
      .format('rate-micro-batch')
      .options({ rowsPerBatch: 2, startTimestamp: 1000, advanceMillisPerBatch: 50 })
      .load()
      .selectExpr('value', 'unix_millis(timestamp)');
    expect(await batchesOf(df, 'memory:rate')).toEqual([
      [
        [0, 1000],
        [1, 1000],
      ],
    ]);
    expect(await batchesOf(df, 'memory:rate')).toEqual([
      [
        [2, 1050],
        [3, 1050],
      ],
    ]);
  });
});

describe('a socket', () => {
  it('gives the lines that a server sends, with their times', async () => {
    const { spark, clock } = bench();
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.write('one\ntwo\nthr');
      socket.write('ee\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const rows: unknown[] = [];
    const query = await spark.readStream
      .format('socket')
      .options({ host: '127.0.0.1', port, includeTimestamp: true })
      .load()
      .writeStream.foreachBatch(async (batch) => {
        for (const { value, timestamp } of await batch.collect()) rows.push([value, Number(timestamp)]);
      })
      .start();
    while (rows.length < 3) await clock.advance(10);
    await query.stop();
    for (const socket of sockets) socket.destroy();
    server.close();
    expect(rows.map((row) => (row as unknown[])[0])).toEqual(['one', 'two', 'three']);
    expect((rows[0] as number[])[1]).toBeGreaterThanOrEqual(1_700_000_000_000);
  });
});

describe('a read is refused', () => {
  it.each<[string, string | undefined, Record<string, string>, string]>([
    ['nosuch', undefined, {}, 'DATA_SOURCE_NOT_FOUND'],
    ['json', undefined, { path: '.' }, 'SOURCE_SCHEMA_MISSING'],
    ['json', 'v INT', { path: '/no/such/folder' }, 'PATH_NOT_FOUND'],
    ['json', 'v INT', {}, 'SOURCE_OPTIONS'],
    ['text', undefined, { path: '.', maxFilesPerTrigger: '0' }, 'SOURCE_OPTIONS'],
    ['text', undefined, { path: '.', cleanSource: 'archive' }, 'SOURCE_OPTIONS'],
    ['rate', 'v INT', {}, 'SOURCE_SCHEMA_GIVEN'],
    ['rate', undefined, { rowsPerSecond: 'many' }, 'SOURCE_OPTIONS'],
    ['rate-micro-batch', undefined, {}, 'SOURCE_OPTIONS'],
    ['socket', undefined, { host: 'localhost' }, 'SOURCE_OPTIONS'],
    ['kafka', undefined, { subscribe: 'a' }, 'SOURCE_OPTIONS'],
    ['kafka', undefined, { 'kafka.bootstrap.servers': 'localhost:1' }, 'SOURCE_OPTIONS'],
    [
      'kafka',
      undefined,
      { 'kafka.bootstrap.servers': 'localhost:1', subscribe: 'a', startingOffsets: '{"a":7}' },
      'SOURCE_OPTIONS',
    ],
    [
      'kafka',
      undefined,
      { 'kafka.bootstrap.servers': 'localhost:1', subscribe: 'a', endingOffsets: 'latest' },
      'SOURCE_OPTIONS',
    ],
    [
      'kafka',
      undefined,
      { 'kafka.bootstrap.servers': 'localhost:1', subscribe: 'a', startingOfsets: 'latest' },
      'SOURCE_OPTIONS',
    ],
  ])('%s with the schema %s and %j', (format, schema, options, code) => {
    const { spark } = bench();
    const reader = spark.readStream.format(format).options(options);
    if (schema !== undefined) reader.schema(schema);
    expect(() => reader.load()).toThrow(expect.objectContaining({ code }));
  });

  it('as a table where the source is a stream', () => {
    const { spark } = bench();
    expect(() => spark.read.format('rate').load()).toThrow(expect.objectContaining({ code: 'SOURCE_NOT_A_STREAM' }));
  });
});
