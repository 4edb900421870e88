// Joins orders with the payments that come within 30 seconds. One sees a pair when its second half is there, and an order without a
// payment when the watermarks say that none can come any more.
import { type ProgramEnv, Session, type StreamingQuery } from 'millrace';
import { expr } from 'millrace/functions';

export default async function streamStreamJoin(env: ProgramEnv): Promise<StreamingQuery> {
  const spark = Session.builder().appName('join').config('spark.sql.session.timeZone', 'UTC').getOrCreate();
  const read = (kind: string) =>
    spark.readStream
      .schema('id INT, amount INT, at TIMESTAMP')
      .option('maxFilesPerTrigger', 1)
      .option('pathGlobFilter', `${kind}-*.json`)
      .json(env.args[0] ?? '.')
      .withWatermark('at', '5 seconds');
  const orders = read('orders').selectExpr('id AS order', 'amount', 'at AS ordered');
  const payments = read('payments').selectExpr('id AS payment', 'at AS paid');
  return await orders
    .join(payments, expr('payment = order AND paid >= ordered AND paid <= ordered + INTERVAL 30 SECONDS'), 'left_outer')
    .select('order', 'amount', 'ordered', 'paid')
    .writeStream.outputMode('append')
    .format('console')
    .trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir)
    .start();
}
