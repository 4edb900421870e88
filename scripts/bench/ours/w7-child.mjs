// node w7-child.mjs BROKERS PREFIX SCALE DIRECTORY: W4 with mapWithState on a checkpoint, new or known; says how far it is, one JSON object a line.
import { StreamingContext } from 'millrace';

import { atScale } from '../scale.mjs';
import { w4m } from './w4.mjs';

const [brokers, prefix, scale, directory] = process.argv.slice(2);
const at = atScale(Number(scale));
const workload = w4m(at);
const intervalMs = 100;
const perBatch = at.scaled(100_000);
let isFirst = true;
let read = 0;

const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const ssc = await StreamingContext.getOrCreate(directory, () => {
  const made = new StreamingContext({ appName: 'bench-W7', batchInterval: intervalMs });
  made.checkpoint(directory);
  const counts = workload.count(
    made.kafkaStream({
      brokers: brokers.split(','),
      topics: [prefix + workload.topic],
      startingOffsets: 'earliest',
      maxRatePerPartition: (perBatch / 2 / intervalMs) * 1000,
    }),
  );
  counts.foreachRDD(async (rdd) => {
    const records = await rdd.count();
    if (records === 0 || !isFirst) return;
    isFirst = false;
    const { user, system } = process.cpuUsage();
    const cpuMs = Math.round((user + system) / 1000);
    say({ firstMs: Math.round(Date.now() - performance.timeOrigin), cpuMs, records });
  });
  return made;
});
let finish;
const done = new Promise((resolve) => {
  finish = resolve;
});
let hasSaidReady = false;
ssc.addStreamingListener({
  onBatchCompleted({ batchInfo }) {
    read += batchInfo.numRecords;
    if (read >= at.scaled(1_200_000) && !hasSaidReady) {
      hasSaidReady = true;
      say({ ready: read });
    }
    if (batchInfo.numRecords === 0 && read > 0) finish();
  },
});
await ssc.start();
await Promise.race([done, ssc.awaitTermination()]);
await ssc.stop();
