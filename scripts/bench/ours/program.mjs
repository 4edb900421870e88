// The benchmarks' streaming programs as `millrace run` and worker threads load them; arguments: workload, topic prefix, scale.
import { StreamingContext } from 'millrace';

import { atScale } from '../scale.mjs';
import { streams } from './streams.mjs';

const defaultRecordsPerBatch = 500_000;
let latest;

/** What the program of the last call gives so far. */
export const resultOf = () => latest;

export default function program({ brokers, checkpointDir, batchInterval, args: [name, prefix, scale = '1'], config }) {
  const at = atScale(Number(scale));
  const workload = streams[name](at);
  const intervalMs = Number(String(batchInterval).replace(/ ?ms$/u, ''));
  const ssc = new StreamingContext({
    appName: `bench-${name}`,
    batchInterval: intervalMs,
    ...(config === undefined ? {} : { config }),
  });
  ssc.checkpoint(checkpointDir);
  const rate = rateOf(workload, at, intervalMs);
  latest = workload.define(
    () =>
      ssc.kafkaStream({
        brokers,
        topics: [prefix + workload.topic],
        startingOffsets: workload.startingOffsets ?? 'earliest',
        ...(rate === undefined ? {} : { maxRatePerPartition: rate }),
      }),
    intervalMs,
  );
  return ssc;
}

/** Records a second for each of the two partitions, so that batches have the sizes of the workload. */
function rateOf({ recordsPerBatch, batchSizes, isPaced }, at, intervalMs) {
  if (isPaced) return undefined;
  const rate = (records) => Math.ceil((records / 2 / intervalMs) * 1000);
  if (batchSizes === undefined) return rate(recordsPerBatch ?? at.scaled(defaultRecordsPerBatch));
  const planned = [0, 0];
  return (_, partition) => rate(batchSizes[planned[partition]++] ?? batchSizes.at(-1));
}
