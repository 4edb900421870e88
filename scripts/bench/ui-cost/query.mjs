// Counts in windows of event time, of rows that come at a steady rate, twenty batches a second.
import { Session } from 'millrace';
import { col, window } from 'millrace/functions';

import { measured } from './measured.mjs';

const rowsPerBatch = Number(process.env.UI_COST_RECORDS ?? '10000');

export default async function steadyWindows(env) {
  const spark = Session.builder().getOrCreate();
  const query = await spark.readStream
    .format('rate-micro-batch')
    .option('rowsPerBatch', rowsPerBatch)
    .option('advanceMillisPerBatch', 50)
    .load()
    .withColumn('user', col('value').mod(1000))
    .where('value % 10 <> 3')
    .withWatermark('timestamp', '5 seconds')
    .groupBy(window('timestamp', '10 seconds'), 'user')
    .count()
    .writeStream.outputMode('update')
    .format('noop')
    .trigger({ processingTime: '50 milliseconds' })
    .option('checkpointLocation', env.checkpointDir)
    .start();
  const tell = measured(() => query.stop());
  spark.streams.addListener({
    onQueryProgress: ({ progress }) => {
      tell(progress.numInputRows, progress.batchDuration);
    },
  });
  return query;
}
