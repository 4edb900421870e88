// Keeps a visit for each user with arbitrary state: every click adds to it and sets a timer, and when 10 seconds have passed without a
// click the timer ends it. One sees a visit when it has ended.
import { type ProgramEnv, Session, type StreamingQuery } from 'millrace';

class Visits {
  init(handle: any) {
    this.handle = handle;
    this.visit = handle.getValueState('visit', 'clicks INT, until BIGINT');
  }

  handleInputRows(_key: any, rows: Iterable<any>) {
    let { clicks, until } = this.visit.exists() ? this.visit.get() : { clicks: 0, until: 0 };
    if (until > 0) this.handle.deleteTimer(until);
    for (const row of rows) {
      clicks += 1;
      until = Math.max(until, Number(row.at) + 10_000);
    }
    this.visit.update({ clicks, until });
    this.handle.registerTimer(until);
    return [];
  }

  *handleExpiredTimer(key: any, _times: any, timer: any) {
    yield { user: key.user, clicks: this.visit.get().clicks, ended: new Date(timer.getExpiryTimeInMs()) };
    this.visit.clear();
  }

  handle: any;
  visit: any;
}

export default async function stateWithTimers(env: ProgramEnv): Promise<StreamingQuery> {
  const spark = Session.builder().appName('visits').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  return await spark.readStream
    .schema('user STRING, page STRING, at TIMESTAMP')
    .option('maxFilesPerTrigger', 1)
    .json(env.args[0] ?? '.')
    .withWatermark('at', '5 seconds')
    .groupBy('user')
    .transformWithState(new Visits(), {
      outputSchema: 'user STRING, clicks INT, ended TIMESTAMP',
      outputMode: 'Append',
      timeMode: 'EventTime',
    })
    .writeStream.format('console')
    .trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir)
    .start();
}
