// Reads orders as JSON from one topic, keeps what is valid, and writes it to another topic.
// One sees how many orders of each batch were good and bad; at the end the topic `clean-orders` holds the good ones.
import { type ProgramEnv, StreamingContext } from 'millrace';

interface Order {
  readonly id: number;
  readonly user: string;
  readonly amount: number;
}

/** The order in a text, or nothing when the text is no valid order. */
function parse(text: string): Order[] {
  try {
    const order = JSON.parse(text) as Order;
    return order.amount > 0 ? [order] : [];
  } catch {
    return [];
  }
}

export default function kafkaEtl(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({ appName: 'kafka-etl', batchInterval: env.batchInterval });
  const records = ssc.kafkaStream({
    brokers: env.brokers,
    topics: ['orders'],
    startingOffsets: 'earliest',
    maxRatePerPartition: 4,
  });

  const orders = records.flatMap((record) => parse(record.value));
  records
    .map((record) => [parse(record.value).length > 0 ? 'good' : 'bad', 1] as const)
    .reduceByKey((a, b) => a + b)
    .print();
  // At least once: a batch that runs again after a crash is sent again.
  orders
    .map((order) => ({ key: order.user, value: JSON.stringify(order) }))
    .toKafka('clean-orders', { brokers: env.brokers });

  return ssc;
}
