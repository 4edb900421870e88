import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Broker, startBroker } from '../../../lib/broker/index.ts';
import { host, installHost } from '../../../lib/io/host.ts';
import { col, fromJson, window } from '../../../lib/functions.ts';
import type { DataFrame, StreamingQuery } from '../../../lib/index.ts';
import { KafkaWriter } from '../../connectors/kafka/kafka-writer.ts';
import { SystemClock } from '../../../lib/kernel/clock.ts';
import { Session } from '../../../lib/index.ts';
import { MemoryCheckpoints } from '../../../lib/testing/index.ts';

// Sockets and a broker: on a loaded machine they take their time.
jest.setTimeout(30_000);

let broker: Broker;
let writer: KafkaWriter;
let spark: Session;
let warnings: string[];
const machine = host();

beforeEach(async () => {
  broker = await startBroker({ topics: 't:2,out:1' });
  writer = new KafkaWriter(broker.bootstrap);
  const { open } = new MemoryCheckpoints();
  spark = new Session({
    clock: new SystemClock(),
    openCheckpoint: open,
    config: { 'spark.sql.session.timeZone': 'UTC' },
  });
  warnings = [];
  installHost({ ...machine, warn: (text) => warnings.push(text) });
});

afterEach(async () => {
  installHost(machine);
  await spark.stop();
  writer.close();
  await broker.stop();
});

function kafka(options: Readonly<Record<string, string | number | boolean>> = {}): DataFrame {
  return spark.readStream
    .format('kafka')
    .options({ 'kafka.bootstrap.servers': broker.bootstrap, subscribe: 't', startingOffsets: 'earliest', ...options })
    .load();
}

async function started(df: DataFrame, batches: unknown[][], mode = 'append'): Promise<StreamingQuery> {
  return await df.writeStream
    .outputMode(mode)
    .option('checkpointLocation', 'memory:kafka')
    .foreachBatch(async (batch) => {
      const rows = (await batch.collect()).map((row) => Object.values(row).map(String).join(' ')).toSorted();
      if (rows.length > 0) batches.push(rows);
    })
    .start();
}

async function write(partition: number, ...values: string[]): Promise<void> {
  await writer.write('t', partition, values);
}

describe('Kafka as a table', () => {
  it('has Spark columns', async () => {
    const schema = kafka({ includeHeaders: true }).dtypes.map(([name, type]) => `${name} ${type}`);
    expect(schema).toEqual([
      'key binary',
      'value binary',
      'topic string',
      'partition int',
      'offset bigint',
      'timestamp timestamp',
      'timestampType int',
      'headers array<struct<key:string,value:binary>>',
    ]);
    await Promise.resolve();
  });

  it('is read batch by batch, and goes on after a restart where it was', async () => {
    const batches: unknown[][] = [];
    const df = kafka().selectExpr('CAST(value AS STRING)', 'partition', 'offset', 'key IS NULL', 'timestampType');
    await write(0, 'a', 'b');
    const first = await started(df, batches);
    await first.processAllAvailable();
    await first.stop();
    await write(1, 'c');
    const second = await started(df, batches);
    await second.processAllAvailable();
    expect(batches).toEqual([['a 0 0 true 0', 'b 0 1 true 0'], ['c 1 0 true 0']]);
    expect(second.lastProgress?.sources).toEqual([
      expect.objectContaining({
        description: 'KafkaV2[Subscribe[t]]',
        startOffset: { t: { 0: 2, 1: 0 } },
        endOffset: { t: { 0: 2, 1: 1 } },
        latestOffset: { t: { 0: 2, 1: 1 } },
        numInputRows: 1,
        metrics: { avgOffsetsBehindLatest: '0.0', maxOffsetsBehindLatest: '0', minOffsetsBehindLatest: '0' },
      }),
    ]);
  });

  it.each<[string, Record<string, string | number>, unknown[][]]>([
    ['from the beginning', {}, [['a', 'b', 'c', 'd']]],
    ['from offsets', { startingOffsets: '{"t":{"0":1,"1":-1}}' }, [['b']]],
    [
      'so many at a time',
      { maxOffsetsPerTrigger: 2 },
      [
        ['a', 'c'],
        ['b', 'd'],
      ],
    ],
    ['from a time', { startingTimestamp: 0 }, [['a', 'b', 'c', 'd']]],
    [
      'from a time for each partition',
      { startingOffsetsByTimestamp: '{"t":{"0":0,"1":99999999999999}}', startingOffsetsByTimestampStrategy: 'latest' },
      [['a', 'b']],
    ],
    ['by pattern', { subscribe: '', subscribePattern: 't.*' }, [['a', 'b', 'c', 'd']]],
    ['by partition', { subscribe: '', assign: '{"t":[1]}' }, [['c', 'd']]],
  ])('is read %s', async (_, options, expected) => {
    await write(0, 'a', 'b');
    await write(1, 'c', 'd');
    const batches: unknown[][] = [];
    const given = {
      'kafka.bootstrap.servers': broker.bootstrap,
      subscribe: 't',
      startingOffsets: 'earliest',
      ...options,
    };
    const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
    const query = await started(
      spark.readStream.format('kafka').options(wanted).load().selectExpr('CAST(value AS STRING)'),
      batches,
    );
    await query.processAllAvailable();
    expect(batches).toEqual(expected);
  });

  it('begins at the end unless told otherwise, and says so', async () => {
    await write(0, 'old');
    const batches: unknown[][] = [];
    const df = spark.readStream
      .format('kafka')
      .options({ 'kafka.bootstrap.servers': broker.bootstrap, subscribe: 't' })
      .load();
    const query = await started(df.selectExpr('CAST(value AS STRING)'), batches);
    await write(0, 'new');
    await query.processAllAvailable();
    expect(batches).toEqual([['new']]);
    await query.stop();
    expect(warnings).toEqual([expect.stringMatching(/^\[SOURCE_STARTS_AT_LATEST\] .* is skipped \(1 offsets\)/u)]);
  });

  it('is named by topic, partition and offset when a record of it has moved the watermark', async () => {
    await write(1, '2024-01-01 00:00:03', '2024-01-01 00:00:12', '2024-01-01 00:00:11');
    const df = kafka().selectExpr('CAST(CAST(value AS STRING) AS TIMESTAMP) AS ts').withWatermark('ts', '0 seconds');
    const query = await started(df.groupBy(window('ts', '10 seconds')).count().select('count'), []);
    await query.processAllAvailable();
    const { windows } = await query.why('2024-01-01 00:00:03');
    expect(windows[0]?.closedBy).toMatchObject({ batchId: 0, where: { topic: 't', partition: 1, offset: 1 } });
    expect((await query.why('t-1:1')).records[0]).toMatchObject({
      isRead: true,
      movedTo: 1_704_067_212_000,
      steps: [{ outcome: 'counted', window: { state: 'open' } }],
    });
    await query.stop();
  });

  it.each([
    ['is told to begin there', { startingOffsets: 'latest' }, ['old']],
    ['is told to begin with the first', { startingOffsets: 'earliest' }, ['old']],
    ['finds the topic empty', {}, []],
  ])('says nothing of skipped records when it %s', async (_, options, values) => {
    if (values.length > 0) await write(0, ...values);
    const df = spark.readStream
      .format('kafka')
      .options({ 'kafka.bootstrap.servers': broker.bootstrap, subscribe: 't', ...options })
      .load();
    const query = await started(df, []);
    await write(0, 'new');
    await query.processAllAvailable();
    await query.stop();
    // Nor when it goes on from its checkpoint.
    await write(0, 'more');
    await (await started(df, [])).stop();
    expect(warnings).toEqual([]);
  });

  it('where no record is new enough is refused, unless the end will do', async () => {
    await write(0, 'a');
    const df = kafka({ startingOffsetsByTimestamp: '{"t":{"0":99999999999999,"1":0}}' });
    await expect(started(df, [])).rejects.toMatchObject({ code: 'KAFKA_NOTHING_SINCE' });
  });

  it('is read at once, between offsets', async () => {
    await write(0, 'a', 'b', 'c');
    const rows = await spark.read
      .format('kafka')
      .options({
        'kafka.bootstrap.servers': broker.bootstrap,
        subscribe: 't',
        startingOffsets: '{"t":{"0":1,"1":0}}',
        endingOffsets: '{"t":{"0":2,"1":-1}}',
      })
      .load()
      .selectExpr('CAST(value AS STRING) AS v')
      .collect();
    expect(rows.map(({ v }) => v)).toEqual(['b']);
  });

  it('gives the lesson: JSON, a window, counts', async () => {
    await write(
      0,
      '{"id":1,"timestamp":"2024-01-01T00:00:10Z"}',
      '{"id":2,"timestamp":"2024-01-01T00:00:50Z"}',
      'no JSON',
    );
    await write(1, '{"id":3,"timestamp":"2024-01-01T00:01:10Z"}');
    const batches: unknown[][] = [];
    const counts = kafka()
      .select(fromJson(col('value').cast('string'), 'id INT, timestamp TIMESTAMP').alias('data'))
      .select('data.*')
      .withWatermark('timestamp', '1 minute')
      .groupBy(window('timestamp', '1 minute'))
      .count()
      .selectExpr('minute(window.start)', 'count');
    const query = await started(counts, batches, 'update');
    await query.processAllAvailable();
    expect(batches).toEqual([['0 2', '1 1']]);
  });

  it('says where a record is that cannot be worked on', async () => {
    await write(1, '1', 'x');
    const query = await started(kafka().selectExpr('CAST(CAST(value AS STRING) AS INT)'), []);
    await expect(query.awaitTermination()).rejects.toMatchObject({
      cause: { code: 'CAST_INVALID_INPUT', where: { topic: 't', partition: 1, offset: 1 } },
    });
  });

  it('is written to, with keys and headers, and read again', async () => {
    const rows = spark.createDataFrame(
      [
        ['k1', 'v1'],
        [null, 'v2'],
      ],
      'key STRING, value STRING',
    );
    await rows
      .selectExpr('key', 'value', "array(struct('h' AS key, CAST('1' AS BINARY) AS value)) AS headers")
      .write.format('kafka')
      .options({ 'kafka.bootstrap.servers': broker.bootstrap, topic: 'out' })
      .save();
    await write(0, 'x');
    const copying = await kafka()
      .selectExpr('CAST(value AS STRING) AS key', 'value', "'out' AS topic")
      .writeStream.format('kafka')
      .option('kafka.bootstrap.servers', broker.bootstrap)
      .trigger({ availableNow: true })
      .start();
    await copying.awaitTermination();
    const read = await spark.read
      .format('kafka')
      .options({ 'kafka.bootstrap.servers': broker.bootstrap, subscribe: 'out', includeHeaders: true })
      .load()
      .selectExpr('CAST(key AS STRING) AS k', 'CAST(value AS STRING) AS v', 'headers[0].key AS h', 'size(headers) AS n')
      .collect();
    expect(read.map((row) => Object.values(row))).toEqual([
      ['k1', 'v1', 'h', 1],
      [null, 'v2', 'h', 1],
      ['x', 'x', null, null],
    ]);
  });
});
