// Joins each batch of orders with a table of prices that does not change; any RDD operation can be used inside transform.
// One sees what each batch is worth, order by order; what is not in the table is left out.
import { type ProgramEnv, StreamingContext } from 'millrace';

export default function transformJoin(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'transform-join', batchInterval: env.batchInterval });
  const prices = ssc.sparkContext.parallelize<readonly [string, number]>([
    ['tea', 4],
    ['cake', 3],
    ['soup', 6],
  ]);

  const orders = ssc.queueStream<readonly [string, number]>([
    [
      ['tea', 2],
      ['cake', 1],
    ],
    [['soup', 1]],
    [
      ['tea', 1],
      ['stone', 9],
    ],
  ]);

  orders
    .transform((rdd) => rdd.join(prices).sortByKey())
    .map(([item, [pieces, price]]) => `${pieces} x ${item} = ${pieces * price}`)
    .print();

  return ssc;
}
