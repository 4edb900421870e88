import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as F from '../../../lib/functions.ts';
import { ManualClock, MillraceError, Session } from '../../../lib/index.ts';
import { type Host, host, installHost } from '../../../lib/io/host.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import type { OutputMode } from '../../../lib/structured/plan/user-programs.ts';
import type { StreamingQueryProgress } from '../../../lib/structured/query/progress.ts';
import { InlineThreads } from '../../../lib/testing/inline-threads.ts';
import { MemoryCheckpoints } from '../../../lib/testing/memory-checkpoints.ts';
import { type MemoryStream, memoryStream } from '../../../lib/testing/memory-stream.ts';

interface Streams {
  readonly events: DataFrame;
  readonly other: DataFrame;
  readonly spark: Session;
}

/** A query that runs on N threads, and what its batches gave. */
class Run {
  readonly threads: InlineThreads;
  readonly warnings: string[] = [];
  readonly batches: unknown[] = [];
  readonly clock = new ManualClock(Date.UTC(2024, 0, 1));
  readonly #session: Session;
  readonly #events: MemoryStream;
  readonly #other: MemoryStream;
  readonly #query: (streams: Streams) => DataFrame;
  readonly #mode: OutputMode;

  constructor(
    master: string,
    query: (streams: Streams) => DataFrame,
    { mode = 'update', checkpoints = new MemoryCheckpoints(), threads = new InlineThreads() }: RunOptions = {},
  ) {
    this.threads = threads;
    installHost({ ...plainHost, threads, warn: (text) => void this.warnings.push(text) });
    this.#session = new Session({
      clock: this.clock,
      openCheckpoint: checkpoints.open,
      config: { 'spark.master': master, 'spark.sql.session.timeZone': 'UTC' },
    });
    this.#events = memoryStream(this.#session, 'k STRING, n INT, x DOUBLE, t TIMESTAMP');
    this.#other = memoryStream(this.#session, 'k STRING, m INT, u TIMESTAMP');
    this.#query = query;
    this.#mode = mode;
    this.#session.streams.addListener({
      onQueryProgress: ({ progress }) => this.batches.push(comparable(progress)),
    });
  }

  /** Feeds the batches one after the other; rejects with what fails the query. */
  async feed(batches: readonly Batch[], first = 0): Promise<this> {
    for (const { events, other } of batches.slice(0, first)) {
      this.#events.addData(...events);
      this.#other.addData(...other);
    }
    const frame = this.#query({ events: this.#events.toDF(), other: this.#other.toDF(), spark: this.#session });
    const query = await this.#session.state.backend.start(frame.plan, {
      mode: this.#mode,
      format: 'foreachBatch',
      options: { checkpointLocation: 'memory:threads' },
      partitionBy: [],
      trigger: { kind: 'processingTime', intervalMs: 0 },
      foreachBatch: ({ rows, batchId }) => this.batches.push({ batchId, rows }),
    });
    try {
      for (const { events, other } of batches.slice(first)) {
        this.#events.addData(...events);
        this.#other.addData(...other);
        await query.processAllAvailable();
      }
    } finally {
      await query.stop();
    }
    return this;
  }
}

interface RunOptions {
  readonly mode?: OutputMode;
  readonly checkpoints?: MemoryCheckpoints;
  readonly threads?: InlineThreads;
}

interface Batch {
  readonly events: readonly (readonly unknown[])[];
  readonly other: readonly (readonly unknown[])[];
}

/** What has to be the same, whatever runs it: everything but times and ids. */
function comparable({ batchId, numInputRows, eventTime, observedMetrics, stateOperators }: StreamingQueryProgress) {
  const state = stateOperators.map(({ operatorName, numRowsTotal, numRowsUpdated, numRowsDroppedByWatermark }) => ({
    operatorName,
    numRowsTotal,
    numRowsUpdated,
    numRowsDroppedByWatermark,
  }));
  return { batchId, numInputRows, eventTime, observedMetrics, state };
}

let seed = 0;

function draw(below: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
  return seed % below;
}

function key(): string | null {
  return draw(12) === 0 ? null : `k${draw(5)}`;
}

/** Some of the rows have no key, no number or no time; some are late. */
function someBatches(): readonly Batch[] {
  seed = 7;
  const start = Date.UTC(2024, 0, 1);
  return [23, 40, 0, 31, 2].map((count, batch) => {
    const time = (): Date | null =>
      draw(15) === 0 ? null : new Date(start + batch * 20_000 + draw(40_000) - (draw(9) === 0 ? 60_000 : 0));
    return {
      events: Array.from({ length: count }, () => [key(), draw(10) === 0 ? null : draw(100), draw(1000) / 7, time()]),
      other: Array.from({ length: Math.floor(count / 3) }, () => [key(), draw(50), time()]),
    };
  });
}

const batches = someBatches();
let plainHost: Host;

beforeEach(() => {
  plainHost = host();
});

afterEach(() => {
  installHost(plainHost);
});

const windowed = F.window('t', '10 seconds');

const queries: Readonly<Record<string, readonly [mode: OutputMode, query: (streams: Streams) => DataFrame]>> = {
  'rows as they are': ['append', ({ events }) => events],
  'rows, filtered and computed': [
    'append',
    ({ events }) => events.where('n > 20').select('k', F.expr('n * 2 AS twice'), F.upper('k').alias('up')),
  ],
  'rows made of rows': [
    'append',
    ({ events }) => events.select('k', F.explode(F.expr("split(concat(k, '-', n), '-')")).alias('part')),
  ],
  'counts and sums by key': [
    'update',
    ({ events }) =>
      events.groupBy('k').agg(F.count('*'), F.sum('n'), F.min('n'), F.max('x'), F.avg('n'), F.first('n'), F.last('n')),
  ],
  'sums of fractions by key': [
    'update',
    ({ events }) => events.groupBy('k').agg(F.sum('x'), F.avg('x'), F.stddev('x')),
  ],
  'lists by key': ['complete', ({ events }) => events.groupBy('k').agg(F.collectList('n'))],
  'one group': ['complete', ({ events }) => events.groupBy().agg(F.count('n'), F.sum('n'))],
  'windows, given when they are finished': [
    'append',
    ({ events }) => events.withWatermark('t', '5 seconds').groupBy(windowed, 'k').agg(F.count('*'), F.sum('n')),
  ],
  'windows that slide': [
    'update',
    ({ events }) =>
      events
        .withWatermark('t', '5 seconds')
        .groupBy(F.window('t', '10 seconds', '5 seconds'))
        .agg(F.avg('x')),
  ],
  sessions: [
    'append',
    ({ events }) => events.withWatermark('t', '5 seconds').groupBy(F.sessionWindow('t', '3 seconds'), 'k').count(),
  ],
  'a static table': [
    'update',
    ({ events, spark }) => {
      const names = spark.createDataFrame(
        [
          ['k1', 'one'],
          ['k2', 'two'],
          ['k2', 'zwei'],
        ],
        'k STRING, name STRING',
      );
      return events.join(names, 'k').groupBy('name').count();
    },
  ],
  'a static table that a function of the program makes for each batch': [
    'append',
    ({ events, spark }) => {
      let loads = 0;
      spark.udf.register('seen', () => (loads += 1), 'int');
      const table = spark.createDataFrame([['k1'], ['k2']], 'k STRING').select('k', F.expr('seen() AS seen'));
      return events.join(table, 'k', 'left').select('k', 'n', 'seen');
    },
  ],
  'rows once': ['append', ({ events }) => events.withWatermark('t', '5 seconds').dropDuplicates(['k', 'n'])],
  'the first rows': ['append', ({ events }) => events.limit(30)],
  'two streams together': [
    'update',
    ({ events, other }) =>
      events
        .select('k', 'n')
        .union(other.select('k', F.col('m').alias('n')))
        .groupBy('k')
        .agg(F.sum('n'), F.last('n')),
  ],
  'a join of streams': [
    'append',
    ({ events, other }) =>
      events
        .withWatermark('t', '5 seconds')
        .join(
          other.withColumnRenamed('k', 'j').withWatermark('u', '5 seconds'),
          F.expr('k = j AND u BETWEEN t AND t + INTERVAL 10 SECONDS'),
          'left',
        ),
  ],
  metrics: [
    'append',
    ({ events }) => events.observe('seen', F.count('*').alias('rows'), F.max('n').alias('most')).select('k'),
  ],
  'the time of the batch': ['append', ({ events }) => events.select('k', F.currentTimestamp().alias('now'))],
  bytes: ['append', ({ events }) => events.select(F.col('k').cast('binary').alias('b'), F.struct('k', 'n').alias('s'))],
};

function windows({ events }: Streams): DataFrame {
  return events.withWatermark('t', '5 seconds').groupBy(windowed, 'k').agg(F.count('*'), F.sum('n'));
}

function withItself({ events }: Streams): DataFrame {
  return events.select('k').union(events.select(F.upper('k')));
}

function failing({ events }: Streams): DataFrame {
  return events.select(F.expr("CAST(concat(k, 'x') AS INT) AS wrong"));
}

function withRate({ events, spark }: Streams): DataFrame {
  const rates = spark.readStream.format('rate').option('rowsPerSecond', 1).load();
  return rates.selectExpr('CAST(value AS STRING) AS k').union(events.select('k'));
}

function rowsOf(list: readonly unknown[]): readonly unknown[] {
  return list.filter((one) => Object.hasOwn(one as object, 'rows'));
}

/** The last row that each group was given with. */
function lastRows(list: Iterable<unknown>): readonly unknown[] {
  const last = new Map<string, unknown>();
  for (const given of list) {
    for (const row of given as readonly unknown[][]) last.set(JSON.stringify(row.slice(0, 2)), row);
  }
  return [...last.values()].toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

describe('a query on several threads', () => {
  it.each(Object.entries(queries))('gives the same rows in the same order: %s', async (_, [mode, query]) => {
    const alone = await new Run('local', query, { mode }).feed(batches);
    expect(alone.threads.started).toHaveLength(0);
    expect(alone.batches.length).toBeGreaterThan(5);
    for (const count of [2, 3]) {
      const spread = await new Run(`local[${count}]`, query, { mode }).feed(batches);
      expect(spread.threads.started).toHaveLength(count);
      expect(spread.batches).toEqual(alone.batches);
      expect(spread.warnings).toEqual(alone.warnings);
    }
  });

  it('gives the same rows of a stream with itself, block by block', async () => {
    const given: unknown[] = [];
    for (const master of ['local', 'local[2]', 'local[3]']) {
      const run = await new Run(master, withItself, { mode: 'append' }).feed(batches);
      given.push(run.batches.map((one) => JSON.stringify((one as { rows?: unknown[] }).rows?.map(String).toSorted())));
    }
    expect(given).toEqual([given[0], given[0], given[0]]);
  });

  it('goes on from one checkpoint with another number of threads', async () => {
    const alone = await new Run('local', windows).feed(batches);
    const checkpoints = new MemoryCheckpoints();
    const all: unknown[] = [];
    for (const [i, master] of ['local[2]', 'local', 'local[3]', 'local[*]', 'local[2]'].entries()) {
      const run = await new Run(master, windows, { checkpoints }).feed(batches.slice(0, i + 1), i);
      all.push(...run.batches);
    }
    expect(rowsOf(all)).toEqual(rowsOf(alone.batches));
  });

  it('fails with the error and the place that one thread names', async () => {
    const failures: unknown[] = [];
    for (const master of ['local', 'local[2]', 'local[3]']) {
      const error: unknown = await new Run(master, failing).feed(batches).catch((failed: unknown) => failed);
      const { code, where, message } = (error as MillraceError).cause as MillraceError;
      failures.push({ code, where, message });
    }
    expect(failures[0]).toMatchObject({ code: 'CAST_INVALID_INPUT', where: { row: 1 } });
    expect(failures).toEqual([failures[0], failures[0], failures[0]]);
  });
});

describe('a thread that dies', () => {
  it('is replaced: nothing is lost and nothing counted twice', async () => {
    const alone = await new Run('local', windows).feed(batches);
    for (let at = 1; at <= 6; at++) {
      let messages = 0;
      const threads = new InlineThreads({
        onSent: (thread) => {
          if (++messages === at) thread.die();
        },
      });
      const run = await new Run('local[2]', windows, { threads }).feed(batches);
      expect(run.batches).toEqual(alone.batches);
      expect(threads.started).toHaveLength(3);
      expect(run.warnings.filter((text) => text.includes('QUERY_THREAD_REPLACED'))).toHaveLength(1);
    }
  });

  it('fails the query when the next one dies too, and the batch runs again at the next start', async () => {
    const alone = await new Run('local', windows).feed(batches);
    const checkpoints = new MemoryCheckpoints();
    let messages = 0;
    const dying = new InlineThreads({
      onSent: (thread) => {
        if (++messages > 5) thread.die();
      },
    });
    const failed = new Run('local[2]', windows, { checkpoints, threads: dying });
    const error: unknown = await failed.feed(batches).catch((reason: unknown) => reason);
    expect((error as MillraceError).cause).toMatchObject({ code: 'QUERY_THREAD_ENDED' });
    const again = await new Run('local[3]', windows, { checkpoints }).feed(batches, 4);
    const rows = new Map<number, unknown>();
    for (const one of [...failed.batches, ...again.batches]) {
      const { batchId, rows: given } = one as { batchId: number; rows?: unknown };
      if (given !== undefined) rows.set(batchId, given);
    }
    const rowsAlone = alone.batches.flatMap((one) => (one as { rows?: unknown }).rows ?? []);
    expect(lastRows(rows.values())).toEqual(lastRows([rowsAlone]));
  });
});

describe('what stays on one thread', () => {
  it.each([
    [
      'a function of the program',
      'plus is a function of the program',
      ({ events, spark }: Streams) => {
        const plus = spark.udf.register('plus', (n) => Number(n) + 1, 'int');
        return events.select(plus('n').alias('more'));
      },
    ],
    ['what is drawn', 'a value depends on the order of the rows', ({ events }: Streams) => events.select(F.rand(3))],
    [
      'metrics of fractions',
      'the metrics of seen depend on the order of the rows',
      ({ events }: Streams) => events.observe('seen', F.sum('x').alias('x')),
    ],
  ])('%s, which is told once', async (_, reason, query) => {
    const run = await new Run('local[2]', query, { mode: 'append' }).feed(batches);
    expect(run.threads.started).toHaveLength(0);
    const told = run.warnings.filter((text) => text.includes('QUERY_ONE_THREAD'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`not on local[2]: ${reason}.`);
    const alone = await new Run('local', query, { mode: 'append' }).feed(batches);
    expect(run.batches).toEqual(alone.batches);
  });

  it('a source without partitions, beside one that has them', async () => {
    const run = await new Run('local[2]', withRate, { mode: 'append' }).feed(batches);
    expect(run.threads.started).toHaveLength(2);
    expect(run.warnings.filter((text) => text.includes('QUERY_ONE_THREAD'))).toHaveLength(1);
    expect(run.warnings.join('')).toContain('it has no partitions');
  });

  it('everything, where there are no threads', async () => {
    const run = new Run('local[2]', ({ events }) => events, { mode: 'append' });
    const { threads: _, ...without } = host();
    installHost(without);
    await run.feed(batches);
    expect(run.warnings.join('')).toContain('there are no threads on this host');
  });

  it('refuses a master that is none', async () => {
    const run = new Run('local[0]', ({ events }) => events, { mode: 'append' });
    await expect(run.feed(batches)).rejects.toMatchObject({ code: 'CONFIG_VALUE' });
  });
});
