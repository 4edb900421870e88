// Numbers at a rate of 3 a second, for trying things out without any data. The clock is moved by hand: one sees three seconds at once.
import { ManualClock, type ProgramEnv, Session, type StreamingQuery } from 'millrace';

export default async function rateSource(env: ProgramEnv): Promise<StreamingQuery> {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const spark = Session.builder().clock(clock).config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  const query = await spark.readStream
    .format('rate')
    .option('rowsPerSecond', 3)
    .load()
    .selectExpr('value', 'timestamp', 'value % 2 = 0 AS even')
    .writeStream.format('console')
    .trigger({ processingTime: '1 second' })
    .option('checkpointLocation', env.checkpointDir)
    .start();
  await clock.advance(3000);
  await query.stop();
  return query;
}
