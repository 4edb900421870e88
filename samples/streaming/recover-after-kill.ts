// Is killed with SIGKILL in the middle of its second batch (`-- die`), and started again on the same checkpoint.
// One sees the totals of the second batch twice, with the same batch time: it was not committed, so it ran again, with the same
// records. At the end every record was counted exactly once.
import { type ProgramEnv, StreamingContext } from 'millrace';

export default function recoverAfterKill(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'recover-after-kill', batchInterval: env.batchInterval });
  ssc.checkpoint(env.checkpointDir);
  const lines = ssc.kafkaStream({
    brokers: env.brokers,
    topics: ['lines'],
    startingOffsets: 'earliest',
    maxRatePerPartition: 4,
  });

  const totals = lines
    .map(() => ['lines', 1] as const)
    .updateStateByKey<string, number, number>((values, total) => values.reduce((a, b) => a + b, total ?? 0), {
      touchedOnly: true,
    });

  let batch = 0;
  totals.foreachRDD(async (rdd) => {
    batch += 1;
    for (const [word, total] of await rdd.collect()) console.log(`${word}: ${total}`);
    // After the output, before the commit: the worst moment there is.
    if (env.args.includes('die') && batch === 2) process.kill(process.pid, 'SIGKILL');
  });

  return ssc;
}
