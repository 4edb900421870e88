// Keeps a total for each word over all batches, in the checkpoint.
// One sees the totals grow from batch to batch; started again with the same --checkpoint, they go on where they were.
import { type ProgramEnv, StreamingContext } from 'millrace';

export default function statefulCount(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'stateful-count', batchInterval: env.batchInterval });
  ssc.checkpoint(env.checkpointDir);
  const lines = ssc.kafkaStream({
    brokers: env.brokers,
    topics: ['lines'],
    startingOffsets: 'earliest',
    maxRatePerPartition: 4,
  });

  lines
    .flatMap((record) => record.value.split(' '))
    .map((word) => [word, 1] as const)
    // Called for every key in every batch, with the new values and the total so far.
    .updateStateByKey<string, number, number>((values, total) => values.reduce((a, b) => a + b, total ?? 0))
    .name('totals')
    .transform((totals) => totals.sortBy(([word]) => word))
    .print(20);

  return ssc;
}
