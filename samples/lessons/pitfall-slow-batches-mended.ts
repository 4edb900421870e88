import type { LessonDesk } from 'millrace/testing';

// A batch with records takes one and a half seconds, however many they are.
export default async function slowBatches({ context, clock, print, work }: LessonDesk): Promise<void> {
  const ssc = context('2 seconds');
  ssc.addStreamingListener({
    onBatchCompleted: ({ batchInfo: { schedulingDelay, processingDelay } }) => {
      print(`processing ${processingDelay} ms, waited ${schedulingDelay} ms`);
    },
  });
  ssc.queueStream([['a'], ['b'], ['c'], ['d']]).foreachRDD(async (rdd) => {
    if (!(await rdd.isEmpty())) await work(1500);
  });
  await ssc.start();
  await clock.advance(10_000);
}
