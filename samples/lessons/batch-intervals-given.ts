import type { LessonDesk } from 'millrace/testing';

// Words of four seconds, counted in batches of one.
export default async function batchIntervals({ context, clock, printRDD }: LessonDesk): Promise<void> {
  const ssc = context('1 second');
  ssc
    .queueStream([['a b'], ['a'], [], ['b b']])
    .flatMap((line) => line.split(' '))
    .map((word) => [word, 1] as const)
    .reduceByKey((x, y) => x + y)
    .foreachRDD(printRDD);
  await ssc.start();
  await clock.advance(4000);
}
