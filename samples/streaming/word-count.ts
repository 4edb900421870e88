// Counts the words of each batch of the topic `lines`.
// One sees, for each batch, Spark's banner and below it one (word,count) for each word of the batch.
import { type ProgramEnv, StreamingContext } from 'millrace';

export default function wordCount(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'word-count', batchInterval: env.batchInterval });
  const lines = ssc.kafkaStream({
    brokers: env.brokers,
    topics: ['lines'],
    startingOffsets: 'earliest',
    maxRatePerPartition: 4,
  });

  lines
    .flatMap((record) => record.value.split(' '))
    .map((word) => [word, 1] as const)
    .reduceByKey((a, b) => a + b)
    .print();

  return ssc;
}
