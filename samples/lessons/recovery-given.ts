import { InputDStream, StreamingContext } from 'millrace';
import type { LessonDesk } from 'millrace/testing';

/** Gives the same words for the same second, also in another run. */
class Words extends InputDStream<string> {
  override get isRepeatable() {
    return true;
  }
  start() {}
  stop() {}
  compute(time: number) {
    return this.context.sparkContext.parallelize([['a', 'b'], ['a'], ['a']][((time / 1000) % 60) - 1] ?? []);
  }
}

// A running count, stopped after two seconds and started again.
export default async function recovery({ context, clock, printRDD }: LessonDesk): Promise<void> {
  const build = () => {
    const ssc = context('1 second');
    new Words(ssc)
      .map((word) => [word, 1] as const)
      .updateStateByKey<string, number, number>((values, count) => values.length + (count ?? 0))
      .foreachRDD(printRDD);
    return ssc;
  };
  const first = await StreamingContext.getOrCreate('words', build);
  await first.start();
  await clock.advance(2000);
  await first.stop();
  const second = await StreamingContext.getOrCreate('words-2', build);
  await second.start();
  await clock.advance(1000);
}
