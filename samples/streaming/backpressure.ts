// A burst of 5000 records waits in a topic, and the program needs 4 ms for each: 125 of them fill a batch of half a second. One sees
// batches that are too large as long as nothing is known (initialRate); then, from what batches really took, small ones until those that
// wait are done, and at last what the program can keep. Without backpressure the first batch would take everything, for 20 seconds.
import { setTimeout as wait } from 'node:timers/promises';
import { type ProgramEnv, StreamingContext } from 'millrace';

const workMs = 4;
const initialRate = 300;

export default function backpressure(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({
    appName: 'backpressure',
    batchInterval: '500 ms',
    config: {
      'spark.streaming.backpressure.enabled': true,
      'spark.streaming.backpressure.initialRate': initialRate,
      'spark.streaming.backpressure.pid.minRate': 20,
    },
  });
  const records = ssc.kafkaStream({ brokers: env.brokers, topics: ['burst'], startingOffsets: 'earliest' });

  let batch = 0;
  records.foreachRDD(async (rdd) => {
    const count = await rdd.count();
    await wait(count * workMs);
    batch += 1;
    if (batch === 1) console.log(`Batch 1: ${count} records, which is half a second of the initial rate`);
    else console.log(`Batch ${batch}: about ${count} records ${'#'.repeat(Math.ceil(count / 5))}`);
    if (batch === 12) console.log(`No more than the program can keep: ${count <= 125}`);
  });
  return ssc;
}
