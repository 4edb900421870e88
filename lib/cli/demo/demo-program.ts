import { type ProgramEnv, type RDD, seconds, StreamingContext } from '../../index.ts';
import type { ShopEvent } from './shop-events.ts';

/** What a batch of the demo shows, part by part in the order of the program. */
export interface DemoOutput {
  /** Before the parts of each batch; `isPassed` says that it is an empty one of the time before this start. */
  batch(time: number, isPassed: boolean): void;
  /** Events of the batch by kind. */
  events(time: number, kinds: readonly (readonly [kind: string, events: number])[]): void;
  /** Most wanted products of the last 30 s. */
  products(time: number, products: readonly (readonly [product: string, events: number])[]): void;
  /** Money spent since the first start, by the users who bought something in this batch. */
  buyers(time: number, buyers: readonly (readonly [user: string, cents: number])[]): void;
}

export const demoTopic = 'shop-events';
const shownRows = 5;

/**
 * The program of the demo, as a user would write it: counts for each batch, a sliding window that adds what enters and takes off what
 * leaves, and totals by key that are kept in the checkpoint.
 */
export function demoProgram(output: DemoOutput): (env: ProgramEnv) => StreamingContext {
  return (env) => {
    const ssc = new StreamingContext({ appName: 'millrace-demo', batchInterval: env.batchInterval });
    ssc.checkpoint(env.checkpointDir);
    ssc.addStreamingListener({
      onBatchStarted: ({ batchInfo: { batchTime, isCatchUp, numRecords } }) => {
        output.batch(batchTime, isCatchUp && numRecords === 0);
      },
    });
    const events = ssc
      .kafkaStream<string, ShopEvent>({
        brokers: env.brokers,
        topics: [demoTopic],
        startingOffsets: 'earliest',
        deserialize: { value: 'json' },
      })
      .map((record) => record.value);

    events
      .map((event) => [event.kind, 1] as const)
      .reduceByKey(add)
      .foreachRDD(async (rdd, time) => {
        output.events(time, await top(rdd, 3));
      });

    events
      .map((event) => [event.product, 1] as const)
      .reduceByKeyAndWindow(add, subtract, seconds(30), env.batchInterval, { filter: ([, count]) => count > 0 })
      .name('products-of-30s')
      .foreachRDD(async (rdd, time) => {
        output.products(time, await top(rdd, shownRows));
      });

    events
      .filter((event) => event.kind === 'buy')
      .map((event) => [event.user, event.price] as const)
      .updateStateByKey<string, number, number>((prices, total) => prices.reduce(add, total ?? 0), {
        touchedOnly: true,
      })
      .name('spent-by-user')
      .foreachRDD(async (rdd, time) => {
        output.buyers(time, await top(rdd, shownRows));
      });

    return ssc;
  };
}

/** The pairs with the largest values, largest first, equal ones by name. */
async function top(rdd: RDD<readonly [string, number]>, n: number): Promise<readonly (readonly [string, number])[]> {
  const pairs = await rdd.collect();
  return pairs.toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, n);
}

function add(a: number, b: number): number {
  return a + b;
}

function subtract(a: number, b: number): number {
  return a - b;
}
