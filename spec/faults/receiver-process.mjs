// A program with a receiver whose log is on, to be killed: node receiver-process.mjs CHECKPOINT FIRST
// It stores numbers from FIRST on, says which ones are acknowledged, and counts in its state how often each was processed. Without FIRST
// it stores nothing, processes what is left, and says what its state holds.
import { writeSync } from 'node:fs';
import { Receiver, StreamingContext } from '../../dist/index.js';

const [directory, first] = process.argv.slice(2);

function say(message) {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

class Numbers extends Receiver {
  onStart() {
    if (first !== undefined) void this.receive(Number(first));
  }

  onStop() {
    // The loop ends when nothing is taken any more.
  }

  async receive(from) {
    for (let next = from; ; next += 10) {
      if (!(await this.storeMany(Array.from({ length: 10 }, (_, i) => next + i)))) return;
      say({ acknowledged: next + 9 });
    }
  }
}

const startedAt = Date.now();
const context = await StreamingContext.getOrCreate(directory, () => {
  const ssc = new StreamingContext({
    appName: 'numbers',
    batchInterval: 50,
    config: { 'spark.streaming.receiver.writeAheadLog.enable': true, 'spark.streaming.receiver.maxRate': 20_000 },
  });
  const counts = ssc
    .receiverStream(new Numbers())
    .map((n) => [n, 1])
    .updateStateByKey((values, state) => (state ?? 0) + values.length);
  counts.foreachRDD(async (rdd, time) => {
    say({ batch: time });
    // By then everything that was left has had its batch: those that were planned already come first.
    if (first !== undefined || time < startedAt + 200) return;
    say({ counts: await rdd.collect() });
    setImmediate(() => void ssc.stop());
  });
  return ssc;
});
await context.start();
await context.awaitTermination();
