import type { LessonDesk } from 'millrace/testing';

// Clicks as they arrive: of each, who and when.
export default async function clicks({ context, clock, printRDD }: LessonDesk): Promise<void> {
  const ssc = context('10 seconds');
  ssc
    .queueStream<readonly [string, string]>([
      [['ann', '12:00:03']],
      [
        ['ann', '12:00:09'],
        ['ann', '12:00:14'],
      ],
    ])
    .map(([user]) => [user, 1] as const)
    .reduceByKey((x, y) => x + y)
    .foreachRDD(printRDD);
  await ssc.start();
  await clock.advance(20_000);
}
