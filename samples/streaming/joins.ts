// Joins orders with payments batch by batch (inner, left, right, full), over windows of two batches, and with a table of customers
// that does not change. One sees that ann's payment, which comes a batch after her order, is found by the join of windows only.
import { type DStream, type ProgramEnv, StreamingContext } from 'millrace';

type Pairs<V> = DStream<readonly [string, V]>;

function show(name: string, stream: Pairs<unknown>): void {
  stream.foreachRDD(async (rdd) => {
    const pairs = await rdd.sortByKey().collect();
    console.log(
      `${name.padEnd(8)} ${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join('  ')}`.trimEnd(),
    );
  });
}

export default function joins(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'joins', batchInterval: env.batchInterval });
  const orders: Pairs<string> = ssc.queueStream<readonly [string, string]>([
    [
      ['ann', 'tea'],
      ['bob', 'cake'],
    ],
    [['cid', 'soup']],
  ]);
  const payments: Pairs<number> = ssc.queueStream<readonly [string, number]>([
    [
      ['bob', 3],
      ['eve', 9],
    ],
    [['ann', 4]],
  ]);

  let batch = 0;
  orders.foreachRDD(() => {
    console.log(`Batch ${++batch}`);
  });
  show('inner', orders.join(payments));
  show('left', orders.leftOuterJoin(payments));
  show('right', orders.rightOuterJoin(payments));
  show('full', orders.fullOuterJoin(payments));

  const twoBatches = 2 * ssc.batchMs;
  show('windows', orders.window(twoBatches).join(payments.window(twoBatches)));

  const customers = ssc.sparkContext.parallelize<readonly [string, string]>([
    ['ann', 'Paris'],
    ['bob', 'Oslo'],
  ]);
  show(
    'table',
    orders.transform((rdd) => rdd.leftOuterJoin(customers)),
  );
  return ssc;
}
