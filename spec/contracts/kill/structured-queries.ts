// Queries that keep state, with a durable line for each batch that ran: its id and its rows.
import { constants, openSync, writeSync } from 'node:fs';
import { type DataFrame, type ProgramEnv, Session, type StreamingQuery } from 'millrace';
import { col, count, expr, fromJson, sessionWindow, sum, window } from 'millrace/functions';

/** Counts what a key sends until it is quiet for 1.5 seconds; a timer tells and forgets it. */
class Visits {
  handle: any;
  visit: any;

  init(handle: any) {
    this.handle = handle;
    this.visit = handle.getValueState('visit', 'n INT, until BIGINT');
  }

  handleInputRows(_key: any, rows: Iterable<any>) {
    let { n, until } = this.visit.exists() ? this.visit.get() : { n: 0, until: 0 };
    if (until > 0) this.handle.deleteTimer(until);
    for (const row of rows) {
      n += 1;
      until = Math.max(until, Number(row.at) + 1500);
    }
    this.visit.update({ n, until });
    this.handle.registerTimer(until);
    return [];
  }

  *handleExpiredTimer(key: any, _times: any, timer: any) {
    yield { k: key.k, n: this.visit.get().n, until: timer.getExpiryTimeInMs() };
    this.visit.clear();
  }
}

const queries: Readonly<Record<string, (events: DataFrame) => DataFrame>> = {
  aggregation: (events) =>
    events
      .groupBy(window('at', '10 seconds'), 'k')
      .agg(count('*').alias('n'), sum('v').alias('v'))
      .selectExpr('unix_millis(window.start) AS at', 'k', 'n', 'v'),
  join: (events) =>
    events
      .where('v % 2 = 0')
      .selectExpr('k AS lk', 'v AS lv', 'at AS lt')
      .join(
        events.where('v % 2 = 1').selectExpr('k AS rk', 'v AS rv', 'at AS rt'),
        expr('lk = rk AND rt >= lt AND rt <= lt + INTERVAL 2 SECONDS'),
        'left_outer',
      )
      .selectExpr('lk', 'lv', 'rv'),
  sessions: (events) =>
    events
      .groupBy(sessionWindow('at', '5 seconds').alias('s'), 'k')
      .agg(count('*').alias('n'))
      .selectExpr('unix_millis(s.start) AS from', 'unix_millis(s.end) AS until', 'k', 'n'),
  timers: (events) =>
    events.groupBy('k').transformWithState(new Visits(), {
      outputSchema: 'k STRING, n INT, until BIGINT',
      outputMode: 'Append',
      timeMode: 'EventTime',
    }),
};

export default async function structuredQueries(env: ProgramEnv): Promise<StreamingQuery> {
  const [kind = '', topic = '', log = '', pace = ''] = env.args;
  const spark = Session.builder().config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  const file = openSync(log, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_DSYNC);
  const events = spark.readStream
    .format('kafka')
    .option('kafka.bootstrap.servers', env.brokers.join(','))
    .option('subscribe', topic)
    .option('startingOffsets', 'earliest')
    .option('maxOffsetsPerTrigger', 100)
    .load()
    .select(fromJson(col('value').cast('string'), 'k STRING, v INT, at TIMESTAMP').alias('e'))
    .select('e.*')
    .withWatermark('at', '1 second');
  return await (queries[kind] ?? ((df) => df))(events)
    .writeStream.outputMode('append')
    .option('checkpointLocation', env.checkpointDir)
    .foreachBatch(async (batch, id) => {
      const rows = (await batch.collect()).map((row) => Object.values(row).map(String).join(' ')).toSorted();
      // On a line of its own, even where a kill has cut off the one before.
      writeSync(file, `\n${JSON.stringify({ id, rows })}\n`);
    })
    .trigger(pace === 'slow' ? { processingTime: '30 milliseconds' } : { availableNow: true })
    .start();
}
