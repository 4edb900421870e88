import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const warmUpMs = 12_000;
const measuredMs = 25_000;
const ratePerSecond = 5000;
const keptOneIn = 50;

/** W6: from the time a record was made until the program's function sees it, at 5,000 records a second and one batch each 100 ms. */
export const w6 = () => paced(100, 'lat');
/** The same with a batch each 10 ms, for minutes. */
export const w6of10 = () => paced(10, 'lat10');

function paced(intervalMs, topic) {
  return {
    isPaced: true,
    topic,
    startingOffsets: 'latest',
    intervalMs,
    define(read) {
      const delays = [];
      read()
        .filter((record) => record.value.includes('ERROR'))
        .map((record) => record.timestamp)
        .foreachRDD(async (rdd) => {
          const made = await rdd.collect();
          const now = Date.now();
          for (const time of made) delays.push(now - time);
        });
      return { delays };
    },
  };
}

/** Starts the producer, for the warm-up and so many minutes; without `minutes` for the 25 s of the peers. */
export async function produce({ brokers, topic, minutes }) {
  const seconds = (warmUpMs + measuredFor(minutes)) / 1000 + 8;
  const args = [brokers, topic, String(ratePerSecond), String(seconds)];
  const producer = spawn(process.execPath, [fileURLToPath(new URL('paced.mjs', import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(producer.stdout, 'data');
  return producer;
}

/** Resolves after the warm-up and the measured time with the delays, in the order in which they were seen. */
export async function measure({ delays }, minutes) {
  await sleep(warmUpMs);
  delays.length = 0;
  await sleep(measuredFor(minutes));
  return [...delays];
}

/** How many results there are in the measured time. */
export function samplesIn(minutes) {
  return ((measuredFor(minutes) / 1000) * ratePerSecond) / keptOneIn;
}

function measuredFor(minutes) {
  return minutes === undefined ? measuredMs : minutes * 60_000;
}

function sleep(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
