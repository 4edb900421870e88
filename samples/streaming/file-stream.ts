// Reads each file that appears in a folder once: total amounts by customer, batch by batch. `samples run` brings a folder with two
// files and a hidden one, which is left out; with your own: millrace samples run file-stream -- ./orders
// Write files elsewhere and move them in, or they are read while they are half written.
import { type ProgramEnv, StreamingContext } from 'millrace';

export default function fileStream(env: ProgramEnv): StreamingContext {
  const [folder = './orders'] = env.args;
  const ssc = new StreamingContext({ appName: 'file-stream', batchInterval: env.batchInterval });

  // textFileStream(folder) reads only what comes after the start.
  const lines = ssc.fileStream(folder, { newFilesOnly: false });
  lines
    .map((line) => {
      const [customer = '', amount] = line.split(',');
      return [customer, Number(amount)] as const;
    })
    .reduceByKey((a, b) => a + b)
    .print();

  return ssc;
}
