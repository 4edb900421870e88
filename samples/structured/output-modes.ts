// The same count in the three output modes. One sees each batch of each query: append gives a window once, when the watermark has passed
// its end; update gives the windows that changed; complete gives the whole table every time.
import { type ProgramEnv, Session, type StreamingQuery } from 'millrace';
import { window } from 'millrace/functions';

export default async function outputModes(env: ProgramEnv): Promise<StreamingQuery[]> {
  const spark = Session.builder().appName('output-modes').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  const clicks = spark.readStream
    .schema('user STRING, page STRING, at TIMESTAMP')
    .option('maxFilesPerTrigger', 1)
    .json(env.args[0] ?? '.');
  const timed = clicks.withWatermark('at', '10 seconds');

  const queries: StreamingQuery[] = [];
  for (const mode of ['append', 'update', 'complete']) {
    console.log(`===== ${mode}`);
    // The whole table is kept for ever: in complete mode a watermark would do nothing.
    const query = await (mode === 'complete' ? clicks : timed)
      .groupBy(window('at', '10 seconds'))
      .count()
      .select('window.start', 'window.end', 'count')
      .writeStream.outputMode(mode)
      .format('console')
      .trigger({ availableNow: true })
      .option('checkpointLocation', `${env.checkpointDir}/${mode}`)
      .start();
    await query.awaitTermination();
    queries.push(query);
  }
  return queries;
}
