import type { LessonDesk } from 'millrace/testing';

// Points by player.
export default async function points({ context, clock, printRDD }: LessonDesk): Promise<void> {
  const ssc = context('1 second');
  ssc
    .queueStream<readonly [string, number]>([
      [['ann', 3]],
      [
        ['ann', 1],
        ['bob', 2],
      ],
      [['bob', 5]],
    ])
    .reduceByKey((x, y) => x + y)
    .foreachRDD(printRDD);
  await ssc.start();
  await clock.advance(3000);
}
