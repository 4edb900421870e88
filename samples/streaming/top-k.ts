// The three most frequent words of all batches so far.
// One sees a small table after each batch; words with the same total come in the order of the alphabet.
import { type ProgramEnv, StreamingContext } from 'millrace';

const k = 3;

export default function topK(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'top-k', batchInterval: env.batchInterval });
  ssc.checkpoint(env.checkpointDir);
  const lines = ssc.kafkaStream({
    brokers: env.brokers,
    topics: ['lines'],
    startingOffsets: 'earliest',
    maxRatePerPartition: 4,
  });

  const totals = lines
    .flatMap((record) => record.value.split(' '))
    .map((word) => [word, 1] as const)
    .updateStateByKey<string, number, number>((values, total) => values.reduce((a, b) => a + b, total ?? 0));

  totals.foreachRDD(async (rdd) => {
    const words = await rdd.collect();
    words.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    console.log(`Top ${k}:`);
    for (const [word, count] of words.slice(0, k)) console.log(`  ${String(count).padStart(3)}  ${word}`);
  });

  return ssc;
}
