// Every kind of window over the same letters, each over the last two batches. One sees how windows fill and drain: the plain ones are
// computed from the batches they hold; those with an inverse function add what enters and take off what leaves.
import { type DStream, type ProgramEnv, StreamingContext } from 'millrace';

function show(name: string, stream: DStream<unknown>): void {
  stream.foreachRDD(async (rdd) => {
    console.log(`${name.padEnd(24)} ${(await rdd.collect()).map((x) => JSON.stringify(x)).join(' ')}`.trimEnd());
  });
}

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
// Without it a letter that left the window would stay with a count of 0.
const isThere = ([, count]: [string, number]): boolean => count > 0;

export default function windows(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'windows', batchInterval: '500 ms' });
  ssc.checkpoint(env.checkpointDir);
  const letters = ssc
    .kafkaStream({ brokers: env.brokers, topics: ['letters'], startingOffsets: 'earliest', maxRatePerPartition: 4 })
    .flatMap((record) => record.value.split(' '));
  const counts = letters.map((letter) => [letter, 1] as const);
  const places = letters.map((letter) => letter.charCodeAt(0) - 96);
  const [length, slide] = ['1 second', '500 ms'];

  let batch = 0;
  letters.foreachRDD(() => {
    console.log(`Batch ${++batch}`);
  });
  show('window', letters.window(length, slide));
  show('countByWindow', letters.countByWindow(length, slide));
  show('reduceByWindow', places.reduceByWindow(Math.max, length, slide));
  show('  with inverse', places.reduceByWindow(add, subtract, length, slide));
  show('countByValueAndWindow', letters.countByValueAndWindow(length, slide));
  show('groupByKeyAndWindow', counts.groupByKeyAndWindow(length, slide));
  show('reduceByKeyAndWindow', counts.reduceByKeyAndWindow(add, length, slide));
  show('  with inverse', counts.reduceByKeyAndWindow(add, subtract, length, slide, { filter: isThere }));
  // Slides that are longer than a batch give a window every so many batches only.
  show('every two batches', letters.window(length, length));
  return ssc;
}
