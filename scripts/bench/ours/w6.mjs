import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const warmUpMs = 12_000;
const measuredMs = 25_000;
const ratePerSecond = 5000;

/**
 * W6: from the time a record was made until the program's function sees it, at 5,000 records a second and one batch each 100 ms.
 *
 * Resolves after the warm-up and the measured time, with the delays of the lines that contain a word.
 */
export const w6 = {
  topic: 'lat',
  intervalMs: 100,
  define(ssc, read) {
    const delays = [];
    read('lat')
      .filter((record) => record.value.includes('ERROR'))
      .map((record) => record.timestamp)
      .foreachRDD(async (rdd) => {
        const made = await rdd.collect();
        const now = Date.now();
        for (const time of made) delays.push(now - time);
      });
    return { delays };
  },
  async produce({ brokers, topic }) {
    const seconds = (warmUpMs + measuredMs) / 1000 + 8;
    const args = [brokers, topic, String(ratePerSecond), String(seconds)];
    const producer = spawn(process.execPath, [fileURLToPath(new URL('paced.mjs', import.meta.url)), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(producer.stdout, 'data');
    return producer;
  },
  async measure({ delays }) {
    await sleep(warmUpMs);
    delays.length = 0;
    await sleep(measuredMs);
    return delays.toSorted((a, b) => a - b);
  },
};

function sleep(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
