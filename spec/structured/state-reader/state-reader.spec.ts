import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataFrame, Session, type StatefulProcessorHandle } from '../../../lib/index.ts';
import { expr } from '../../../lib/functions.ts';
import { registerCheckpointReader } from '../../../lib/batch/checkpoint.ts';
import { openReadOnly } from '../../../lib/lmdb/open-read-only.ts';
import { host, installHost } from '../../../lib/io/host.ts';
import { memoryStream } from '../../../lib/testing/index.ts';
import { bench } from '../query/bench.ts';

const first = [
  ['a', 1, '2024-01-01 00:00:01'],
  ['b', 2, '2024-01-01 00:00:05'],
  [null, 3, '2024-01-01 00:00:05'],
];
const second = [['a', 10, '2024-01-01 00:00:30']];
const columns = 'k STRING, v INT, ts TIMESTAMP';

/** What a query keeps after two steps of the same input that Spark was given, as texts. */
async function stateOf(
  make: (df: DataFrame) => DataFrame,
  mode: 'append' | 'update' = 'update',
): Promise<ReturnType<typeof reader>> {
  const { spark, stream } = bench();
  const events = stream(columns);
  const query = await make(events.toDF())
    .writeStream.outputMode(mode)
    .format('noop')
    .option('checkpointLocation', 'memory:s')
    .start();
  for (const rows of [first, second]) {
    events.addData(...rows);
    await query.processAllAvailable();
  }
  await query.stop();
  return reader(spark);
}

function reader(spark: Session) {
  const load = (options: Readonly<Record<string, string | number>> = {}, format = 'statestore'): DataFrame =>
    spark.read.format(format).options(options).load('memory:s');
  return {
    load,
    schema: (options?: Readonly<Record<string, string | number>>) =>
      load(options)
        .dtypes.map(([name, type]) => `${name}:${type}`)
        .join(','),
    rows: async (options?: Readonly<Record<string, string | number>>) => await texts(load(options)),
  };
}

/** Rows as the texts that `show` prints, in an order of their own. */
async function texts(df: DataFrame): Promise<string[]> {
  const rows = await df.select(...df.columns.map((name) => expr(`CAST(\`${name}\` AS STRING)`))).collect();
  return rows
    .map((row) =>
      Object.values(row)
        .map((value) => String(value))
        .join(' | '),
    )
    .toSorted();
}

/** A processor that keeps something in each kind of variable. */
class Everything {
  #handle!: StatefulProcessorHandle;
  #value!: ReturnType<StatefulProcessorHandle['getValueState']>;
  #list!: ReturnType<StatefulProcessorHandle['getListState']>;
  #map!: ReturnType<StatefulProcessorHandle['getMapState']>;
  #short!: ReturnType<StatefulProcessorHandle['getValueState']>;

  init(handle: StatefulProcessorHandle): void {
    this.#handle = handle;
    this.#value = handle.getValueState('val', 'c INT');
    this.#list = handle.getListState('lst', 'x INT');
    this.#map = handle.getMapState('mp', 'mk STRING', 'mv INT');
    this.#short = handle.getValueState('tv', 'c INT', 3_600_000);
  }

  handleInputRows(_: unknown, rows: Iterable<Readonly<Record<string, unknown>>>): unknown[] {
    for (const { v } of rows) {
      this.#list.appendValue({ x: v });
      this.#map.updateValue({ mk: `k${String(v)}` }, { mv: v });
    }
    this.#value.update({ c: Number(this.#value.get()?.['c'] ?? 0) + 1 });
    this.#short.update({ c: 1 });
    this.#handle.registerTimer(4_102_444_800_000);
    return [];
  }
}

/** Schemas and rows as Spark 4.1.2 gave them for the same query and input; `partition_id` last. */
const kinds: readonly (readonly [
  what: string,
  make: (df: DataFrame) => DataFrame,
  mode: 'append' | 'update',
  schema: string,
  rows: readonly string[],
])[] = [
  [
    'an aggregation',
    (df) => df.groupBy('k').agg(expr('count(*) n'), expr('sum(v) s'), expr('avg(v) m')),
    'update',
    'key:struct<k:string>,value:struct<count:bigint,sum:bigint,sum:double,count:bigint>,partition_id:int',
    ['{null} | {1, 3, 3.0, 1} | 0', '{a} | {2, 11, 11.0, 2} | 0', '{b} | {1, 2, 2.0, 1} | 0'],
  ],
  [
    'other aggregates',
    (df) =>
      df
        .where('k IS NOT NULL')
        .groupBy('k')
        .agg(
          ...['max(v)', 'min(ts)', 'first(v)', 'last(v)', 'max_by(v, ts)', 'bool_and(v > 1)', 'stddev(v)'].map(expr),
          ...['count_if(v > 1)', 'bit_and(v)', 'sum(CAST(v AS DECIMAL(10, 2)))', 'median(v)'].map(expr),
        ),
    'update',
    'key:struct<k:string>,value:struct<max:int,min:timestamp,first:int,valueSet:boolean,last:int,valueSet:boolean,valueWithExtremumOrdering:int,extremumOrdering:timestamp,min:boolean,n:double,avg:double,m2:double,count:bigint,bit_and:int,sum:decimal(20,2),isEmpty:boolean,median:string>,partition_id:int',
    [
      '{a} | {10, 2024-01-01 00:00:01, 1, true, 10, true, 10, 2024-01-01 00:00:30, false, 2.0, 5.5, 40.5, 1, 0, 11.00, false, [1,10]} | 0',
      '{b} | {2, 2024-01-01 00:00:05, 2, true, 2, true, 2, 2024-01-01 00:00:05, true, 1.0, 2.0, 0.0, 1, 2, 2.00, false, [2]} | 0',
    ],
  ],
  [
    'a window',
    (df) => df.withWatermark('ts', '5 seconds').groupBy(expr("window(ts, '10 seconds')"), expr('k')).count(),
    'append',
    'key:struct<window:struct<start:timestamp,end:timestamp>,k:string>,value:struct<count:bigint>,partition_id:int',
    ['{{2024-01-01 00:00:30, 2024-01-01 00:00:40}, a} | {1} | 0'],
  ],
  [
    'a session window',
    (df) =>
      df
        .withWatermark('ts', '5 seconds')
        .groupBy(expr("session_window(ts, '10 seconds')"), expr('k'))
        .agg(expr('count(*) n'), expr('sum(v) s')),
    'append',
    'key:struct<k:string,sessionStartTime:timestamp>,value:struct<session_window:struct<start:timestamp,end:timestamp>,k:string,count:bigint,sum:bigint>,partition_id:int',
    ['{a, 2024-01-01 00:00:30} | {{2024-01-01 00:00:30, 2024-01-01 00:00:40}, a, 1, 10} | 0'],
  ],
  [
    'a deduplication',
    (df) => df.dropDuplicates(['k']),
    'append',
    'key:struct<k:string>,value:struct<__dummy__:void>,partition_id:int',
    ['{null} | {null} | 0', '{a} | {null} | 0', '{b} | {null} | 0'],
  ],
  [
    'a deduplication within the watermark',
    (df) => df.withWatermark('ts', '60 seconds').dropDuplicatesWithinWatermark(['k']),
    'append',
    'key:struct<k:string>,value:struct<expiresAtMicros:bigint>,partition_id:int',
    ['{null} | {1704067265000000} | 0', '{a} | {1704067261000000} | 0', '{b} | {1704067265000000} | 0'],
  ],
  [
    'a limit',
    (df) => df.limit(2),
    'append',
    'key:struct<key:void>,value:struct<value:bigint>,partition_id:int',
    ['{null} | {2} | 0'],
  ],
  [
    'state by group',
    (df) =>
      df.groupBy('k').flatMapGroupsWithState(
        (_, rows, state) => {
          state.update({ c: (state.exists ? Number(state.get()['c']) : 0) + [...rows].length });
          return [];
        },
        { outputSchema: 'k STRING', stateSchema: 'c INT', outputMode: 'update', timeout: 'NoTimeout' },
      ),
    'update',
    'key:struct<k:string>,value:struct<groupState:struct<c:int>>,partition_id:int',
    ['{null} | {{1}} | 0', '{a} | {{2}} | 0', '{b} | {{1}} | 0'],
  ],
];

const machine = host();
beforeAll(() => {
  // What is advised about such queries is not the point here.
  installHost({ ...machine, warn: () => undefined });
});
afterAll(() => {
  installHost(machine);
});

describe('the state of a query as a table', () => {
  it.each(kinds)('has Spark columns and rows: %s', async (_, make, mode, schema, rows) => {
    const state = await stateOf(make, mode);
    expect(state.schema()).toBe(schema);
    expect(await state.rows()).toEqual([...rows].toSorted());
  });

  it('is read as it was at a batch, or by what each batch changed', async () => {
    const state = await stateOf(
      (df) => df.withWatermark('ts', '5 seconds').groupBy(expr("window(ts, '10 seconds')"), expr('k')).count(),
      'append',
    );
    const early = '{2024-01-01 00:00:00, 2024-01-01 00:00:10}';
    const late = '{2024-01-01 00:00:30, 2024-01-01 00:00:40}';
    expect(await state.rows({ batchId: 0 })).toEqual(
      [`{${early}, a} | {1} | 0`, `{${early}, b} | {1} | 0`, `{${early}, null} | {1} | 0`].toSorted(),
    );
    const feed = { readChangeFeed: 'true', changeStartBatchId: 0 };
    expect(state.schema(feed)).toBe(
      'batch_id:bigint,change_type:string,key:struct<window:struct<start:timestamp,end:timestamp>,k:string>,value:struct<count:bigint>,partition_id:int',
    );
    expect(await state.rows(feed)).toEqual(
      [
        ...['a', 'b', 'null'].map((k) => `0 | update | {${early}, ${k}} | {1} | 0`),
        `2 | update | {${late}, a} | {1} | 0`,
        ...['a', 'b', 'null'].map((k) => `3 | delete | {${early}, ${k}} | null | 0`),
      ].toSorted(),
    );
    expect(await state.rows({ ...feed, changeEndBatchId: 1 })).toHaveLength(3);
  });

  it('of a join is read by its side, or as one of the four stores of Spark', async () => {
    const { spark, stream } = bench();
    const left = stream(columns);
    const right = stream('k2 STRING, w INT, ts2 TIMESTAMP');
    const joined = left
      .toDF()
      .withWatermark('ts', '50 seconds')
      .join(
        right.toDF().withWatermark('ts2', '50 seconds'),
        expr('k = k2 AND ts2 >= ts AND ts2 <= ts + INTERVAL 10 SECONDS'),
        'left_outer',
      );
    const query = await joined.writeStream.format('noop').option('checkpointLocation', 'memory:s').start();
    left.addData(...first);
    right.addData(['a', 7, '2024-01-01 00:00:02']);
    await query.processAllAvailable();
    left.addData(...second);
    right.addData(['c', 8, '2024-01-01 00:00:31']);
    await query.processAllAvailable();
    await query.stop();
    const state = reader(spark);
    expect(state.schema({ joinSide: 'left' })).toBe(
      'key:struct<field0:string>,value:struct<k:string,v:int,ts:timestamp>,partition_id:int',
    );
    expect(await state.rows({ joinSide: 'left' })).toEqual([
      '{a} | {a, 1, 2024-01-01 00:00:01} | 0',
      '{a} | {a, 10, 2024-01-01 00:00:30} | 0',
      '{b} | {b, 2, 2024-01-01 00:00:05} | 0',
      '{null} | {null, 3, 2024-01-01 00:00:05} | 0',
    ]);
    expect(state.schema({ joinSide: 'right' })).toContain('value:struct<k2:string,w:int,ts2:timestamp>');
    expect(await state.rows({ storeName: 'left-keyToNumValues' })).toEqual([
      '{a} | {2} | 0',
      '{b} | {1} | 0',
      '{null} | {1} | 0',
    ]);
    expect(state.schema({ storeName: 'left-keyWithIndexToValue' })).toBe(
      'key:struct<field0:string,index:bigint>,value:struct<k:string,v:int,ts:timestamp,matched:boolean>,partition_id:int',
    );
    expect((await state.rows({ storeName: 'left-keyWithIndexToValue' })).filter((row) => row.startsWith('{a'))).toEqual(
      ['{a, 0} | {a, 1, 2024-01-01 00:00:01, true} | 0', '{a, 1} | {a, 10, 2024-01-01 00:00:30, false} | 0'],
    );
    expect(() => state.load()).toThrow('joinSide');
    expect(() => state.load({ storeName: 'left' })).toThrow('left-keyToNumValues');
    expect(await texts(state.load({}, 'state-metadata'))).toEqual(
      ['left-keyToNumValues', 'left-keyWithIndexToValue', 'right-keyToNumValues', 'right-keyWithIndexToValue'].map(
        (store) => `0 | symmetricHashJoin | ${store} | 1 | 0 | 3 | null`,
      ),
    );
  });

  it('of a processor is read variable by variable, with its timers', async () => {
    const state = await stateOf((df) =>
      df.groupBy('k').transformWithState(new Everything(), {
        outputSchema: 'k STRING',
        outputMode: 'update',
        timeMode: 'ProcessingTime',
      }),
    );
    const read = async (options: Readonly<Record<string, string>>) => [
      state.schema(options),
      ...(await state.rows(options)).filter((row) => row.startsWith('{a}')),
    ];
    const key = 'key:struct<k:string>';
    const hour = 1_700_000_000_000 + 3_600_000;
    expect(await read({ stateVarName: 'val' })).toEqual([
      `${key},value:struct<c:int>,partition_id:int`,
      '{a} | {2} | 0',
    ]);
    expect(await read({ stateVarName: 'tv' })).toEqual([
      `${key},value:struct<value:struct<c:int>,ttlExpirationMs:bigint>,partition_id:int`,
      `{a} | {{1}, ${hour}} | 0`,
    ]);
    expect(await read({ stateVarName: 'lst' })).toEqual([
      `${key},list_element:struct<x:int>,partition_id:int`,
      '{a} | {10} | 0',
      '{a} | {1} | 0',
    ]);
    expect(await read({ stateVarName: 'lst', flattenCollectionTypes: 'false' })).toEqual([
      `${key},list_value:array<struct<x:int>>,partition_id:int`,
      '{a} | [{1}, {10}] | 0',
    ]);
    expect(await read({ stateVarName: 'mp' })).toEqual([
      `${key},user_map_key:struct<mk:string>,user_map_value:struct<mv:int>,partition_id:int`,
      '{a} | {k10} | {10} | 0',
      '{a} | {k1} | {1} | 0',
    ]);
    expect(await read({ stateVarName: 'mp', flattenCollectionTypes: 'false' })).toEqual([
      `${key},map_value:map<struct<mk:string>,struct<mv:int>>,partition_id:int`,
      '{a} | {{k1} -> {1}, {k10} -> {10}} | 0',
    ]);
    expect(await read({ readRegisteredTimers: 'true' })).toEqual([
      `${key},expiration_timestamp_ms:bigint,partition_id:int`,
      '{a} | 4102444800000 | 0',
    ]);
    expect(await state.rows({ stateVarName: 'lst', readChangeFeed: 'true', changeStartBatchId: 1 })).toEqual([
      '1 | append | {a} | {10} | 0',
    ]);
    expect(() => state.load()).toThrow('stateVarName');
    expect(() => state.load({ stateVarName: 'nope' })).toThrow('there are val, lst, mp, tv');
    const [properties] = await texts(state.load({}, 'state-metadata').select('operatorProperties'));
    expect(JSON.parse(properties ?? '')).toMatchObject({
      timeMode: 'ProcessingTime',
      outputMode: 'Update',
      stateVariables: [
        { stateName: 'val', stateVariableType: 'ValueState', ttlEnabled: false },
        { stateName: 'lst', stateVariableType: 'ListState' },
        { stateName: 'mp', stateVariableType: 'MapState' },
        { stateName: 'tv', ttlEnabled: true },
      ],
    });
  });

  it('is numbered from the sink, and known by the names of its steps, too', async () => {
    const state = await stateOf(
      (df) =>
        df
          .withWatermark('ts', '5 seconds')
          .dropDuplicates(['k', 'ts'])
          .groupBy(expr("window(ts, '10 seconds')"))
          .count(),
      'append',
    );
    expect(await texts(state.load({}, 'state-metadata'))).toEqual([
      '0 | stateStoreSave | default | 1 | 0 | 3 | null',
      '1 | dedupe | default | 1 | 0 | 3 | null',
    ]);
    expect(state.schema({ operatorId: 1 })).toBe(state.schema({ operatorId: 'deduplicate' }));
    expect(state.schema({ operatorId: 1 })).toContain('__dummy__');
  });

  it('is read from the snapshot of a batch as if it were the batch', async () => {
    const state = await stateOf((df) => df.dropDuplicates(['k']), 'append');
    const options = { snapshotStartBatchId: 0, snapshotPartitionId: 0 };
    expect(await state.rows(options)).toHaveLength(3);
    expect(await state.rows({ ...options, snapshotPartitionId: 1 })).toEqual([]);
  });

  it.each<[Readonly<Record<string, string | number>>, string]>([
    [{ batchId: 9 }, 'STDS_COMMITTED_BATCH_UNAVAILABLE'],
    [{ batchId: 'x' }, 'STDS_INVALID_OPTION_VALUE.WITH_MESSAGE'],
    [{ batchId: -1 }, 'STDS_INVALID_OPTION_VALUE.IS_NEGATIVE'],
    [{ operatorId: 3 }, 'STDS_FAILED_TO_READ_STATE_SCHEMA'],
    [{ joinSide: 'left' }, 'STDS_INVALID_OPTION_VALUE.WITH_MESSAGE'],
    [{ joinSide: 'up' }, 'STDS_INVALID_OPTION_VALUE.WITH_MESSAGE'],
    [{ stateVarName: 'x' }, 'STDS_INVALID_OPTION_VALUE.WITH_MESSAGE'],
    [{ storeName: 'x' }, 'STDS_INVALID_OPTION_VALUE.WITH_MESSAGE'],
    [{ readChangeFeed: 'true' }, 'STDS_REQUIRED_OPTION_UNSPECIFIED'],
    [{ snapshotStartBatchId: 0 }, 'STDS_REQUIRED_OPTION_UNSPECIFIED'],
    [{ changeStartBatchId: 0 }, 'STDS_INVALID_OPTION_VALUE.WITH_MESSAGE'],
    [{ readChangeFeed: 'true', changeStartBatchId: 1, changeEndBatchId: 0 }, 'STDS_INVALID_OPTION_VALUE.WITH_MESSAGE'],
    [{ readChangeFeed: 'true', changeStartBatchId: 0, batchId: 1 }, 'STDS_CONFLICT_OPTIONS'],
    [{ joinSide: 'left', storeName: 'left-keyToNumValues' }, 'STDS_CONFLICT_OPTIONS'],
  ])('is refused with the code of Spark: %j', async (options, code) => {
    const state = await stateOf((df) => df.dropDuplicates(['k']), 'append');
    expect(() => state.load(options)).toThrow(`[${code}]`);
  });

  it('is refused where there is none, and as a stream', async () => {
    const state = await stateOf((df) => df, 'append');
    expect(() => state.load()).toThrow('keeps no state');
    expect(await texts(state.load({}, 'state-metadata'))).toEqual([]);
    const { spark } = bench();
    expect(() => spark.read.format('statestore').load('memory:other')).toThrow('CHECKPOINT_NOT_FOUND');
    expect(() => spark.readStream.format('statestore').load('memory:s')).toThrow('SOURCE_NOT_A_STREAM');
    expect(() => spark.read.format('statestore').load()).toThrow('STDS_REQUIRED_OPTION_UNSPECIFIED');
  });
});

describe('the state of a query on disk', () => {
  let folder = '';
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is read while the query runs, from its own and from another session, and when it has ended', async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-state-'));
    // The sources run as they are in specs, where the package cannot load the store at once.
    registerCheckpointReader(openReadOnly);
    const spark = new Session({ config: { 'spark.sql.session.timeZone': 'UTC' } });
    const events = memoryStream(spark, columns);
    const query = await events
      .toDF()
      .groupBy('k')
      .count()
      .writeStream.outputMode('update')
      .format('noop')
      .option('checkpointLocation', folder)
      .start();
    const read = async (session: Session) =>
      await texts(session.read.format('statestore').load(folder).select('value'));
    events.addData(...first);
    await query.processAllAvailable();
    const before = spark.read.format('statestore').load(folder).select('value');
    expect(await read(spark)).toEqual(['{1}', '{1}', '{1}']);
    events.addData(...second);
    await query.processAllAvailable();
    expect(await read(spark)).toEqual(['{1}', '{1}', '{2}']);
    // A table is that of the batch at which it was made.
    expect(await texts(before)).toEqual(['{1}', '{1}', '{1}']);
    expect(await read(new Session())).toEqual(['{1}', '{1}', '{2}']);
    await query.stop();
    expect(await read(spark)).toEqual(['{1}', '{1}', '{2}']);
  });
});
