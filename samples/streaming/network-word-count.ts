// Counts the words of the lines that a TCP server sends, batch by batch. `samples run` brings a server; with your own:
//   nc -lk 9999        and        millrace samples run network-word-count -- localhost 9999
// When the server goes away the stream connects again every two seconds.
import { type ProgramEnv, StreamingContext } from 'millrace';

export default function networkWordCount(env: ProgramEnv): StreamingContext {
  const [host = 'localhost', port = '9999'] = env.args;
  const ssc = new StreamingContext({ appName: 'network-word-count', batchInterval: env.batchInterval });

  const counts = ssc
    .socketTextStream(host, Number(port))
    .flatMap((line) => line.split(' '))
    .map((word) => [word, 1] as const)
    .reduceByKey((a, b) => a + b);

  counts.foreachRDD(async (rdd) => {
    // Batches in which nothing came print nothing.
    for (const [word, count] of await rdd.sortByKey().collect()) console.log(`${word}: ${count}`);
  });

  return ssc;
}
