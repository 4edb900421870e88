// Counts words over the last 2 seconds, every second, without counting any record twice: what enters the window is added, what leaves
// it is taken off. One sees the counts rise while lines come in, and fall to nothing after the last one.
import { type ProgramEnv, seconds, StreamingContext } from 'millrace';

export default function windowedCount(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'windowed-count', batchInterval: '500 ms' });
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
    .reduceByKeyAndWindow(
      (a, b) => a + b,
      (a, b) => a - b,
      seconds(2),
      seconds(1),
      // Words that left the window would stay with a count of 0.
      { filter: ([, count]) => count > 0 },
    )
    .transform((counts) => counts.sortBy(([word]) => word))
    .print(20);

  return ssc;
}
