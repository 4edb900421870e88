// Batches from arrays, one array each: for tests and first steps, with nothing to connect to.
// One sees the sums of even and odd numbers of each batch; after the last array the batches are empty.
import { type ProgramEnv, StreamingContext } from 'millrace';

export default function queueStream(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'queue-stream', batchInterval: env.batchInterval });
  const numbers = ssc.queueStream([
    [1, 2, 3, 4],
    [10, 11],
  ]);

  numbers
    .map((n) => [n % 2 === 0 ? 'even' : 'odd', n] as const)
    .reduceByKey((a, b) => a + b)
    .print();

  return ssc;
}
