// A count for each word since the beginning, of lines that come at a steady rate, twenty batches a second.
import { InputDStream, StreamingContext } from 'millrace';

import { measured } from './measured.mjs';

const linesPerBatch = Number(process.env.UI_COST_RECORDS ?? '10000');
const lines = Array.from(
  { length: linesPerBatch },
  (_, i) => `user${i % 1000} opened page${(i * 7) % 300} from region${i % 12} with device${i % 5}`,
);

class Steady extends InputDStream {
  start() {}
  stop() {}
  get isRepeatable() {
    return true;
  }
  compute(time) {
    this.reportInfo(time, lines.length);
    return this.context.sparkContext.parallelize(lines, 2);
  }
}

export default function steadyWords() {
  const ssc = new StreamingContext({ appName: 'words', batchInterval: '50 ms' });
  new Steady(ssc)
    .flatMap((line) => line.split(' '))
    .map((word) => [word, 1])
    .updateStateByKey((added, before) => added.reduce((a, b) => a + b, before ?? 0))
    .foreachRDD(async (rdd) => {
      await rdd.count();
    });
  const tell = measured(() => ssc.stop());
  ssc.addStreamingListener({
    onBatchCompleted: ({ batchInfo }) => {
      tell(batchInfo.numRecords, batchInfo.processingDelay);
    },
  });
  return ssc;
}
