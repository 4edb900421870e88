// The sample stateful-count, with a durable line for each batch that ran: its time and the totals it saw.
import { openSync, writeFileSync, writeSync, constants } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { type ProgramEnv, StreamingContext } from 'millrace';

export default function statefulCount(env: ProgramEnv): StreamingContext {
  const [topic = '', log = '', stateStore = 'memory-table'] = env.args;
  const config = { 'millrace.state.store': stateStore };
  const ssc = new StreamingContext({ appName: 'stateful-count', batchInterval: env.batchInterval, config });
  ssc.checkpoint(env.checkpointDir);
  const lines = ssc.kafkaStream({ brokers: env.brokers, topics: [topic], startingOffsets: 'earliest' });
  const file = openSync(log, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_DSYNC);
  lines
    .flatMap((record) => {
      if (!isMainThread && Math.random() < 1 / 200) dieOnce(log);
      return record.value.split(' ');
    })
    .map((word) => [word, 1] as const)
    .updateStateByKey<string, number, number>((values, total) => values.reduce((a, b) => a + b, total ?? 0))
    .name('totals')
    .foreachRDD(async (rdd, time) => {
      const totals = await rdd.collect();
      // On a line of its own, even where a kill has cut off the one before.
      writeSync(file, `\n${JSON.stringify({ pid: process.pid, time, totals })}\n`);
    });
  return ssc;
}

/** Ends a thread of this process: the first that comes here, and no other. */
function dieOnce(log: string): void {
  try {
    writeFileSync(`${log}.${process.pid}`, '', { flag: 'wx' });
  } catch {
    return;
  }
  process.exit(3);
}
