import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';

import { StreamingContext } from 'millrace';

import { cacheDir } from '../../kafka/cache-dir.mjs';
import { median, percentile } from '../statistics.mjs';
import { BatchTimes } from './batch-times.mjs';
import { w1 } from './w1.mjs';
import { w2 } from './w2.mjs';
import { runQuery } from './run-structured.mjs';
import { w4, w4t } from './w4.mjs';
import { w5 } from './w5.mjs';
import { w6 } from './w6.mjs';

/** What can be run, by the peers' names; W4t is W4 with `touchedOnly`. */
export const workloads = { W1: w1, W2: w2, W4: w4, W4t: w4t, W5: w5, W6: w6 };

const defaultRecordsPerBatch = 500_000;
/**
 * Short, so that every batch is planned while an earlier one still runs: batches run back to back, and none finds records that were
 * read ahead while the engine only waited for its timer.
 */
const backToBackMs = 50;

/**
 * Runs one workload on topics that are loaded, through the public API with the default durability, and gives the peers' fields.
 *
 * `seconds` is the sum of the batches' processing times, commit included; `wallSeconds` goes from the start of the first batch to
 * the end of the last; `steadyRecsPerSec` is the rate of the median batch after the first two.
 */
export async function runOurs(name, { brokers, prefix }) {
  const workload = workloads[name];
  const base = cacheDir('bench-checkpoints');
  mkdirSync(base, { recursive: true });
  // Not in the folder for temporary files: that may be memory, and a commit to memory is no commit.
  const directory = mkdtempSync(path.join(base, `${name}-`));
  try {
    return name === 'W6'
      ? await runPaced(workload, { brokers, prefix, directory })
      : await runLoaded(name, workload, { brokers, prefix, directory });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runLoaded(name, workload, { brokers, prefix, directory }) {
  const { recordsPerBatch = defaultRecordsPerBatch, records, steadyFrom = 2 } = workload;
  const { batches, cpu, out } = workload.isStructured
    ? await runQuery(workload, { brokers, prefix, directory, recordsPerBatch })
    : await runStream(name, workload, { brokers, prefix, directory, recordsPerBatch });
  const read = batches.reduce((sum, batch) => sum + batch.records, 0);
  const seconds = batches.reduce((sum, batch) => sum + batch.processingMs, 0) / 1000;
  const steady = batches.slice(steadyFrom);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  return {
    workload: name,
    peer: 'ours',
    records: read,
    seconds: round(seconds, 3),
    recsPerSec: Math.round(read / seconds),
    steadyRecsPerSec: Math.round(median(steady.map((batch) => (batch.records / batch.processingMs) * 1000))),
    wallSeconds: round((batches.at(-1).endedAt - batches[0].startedAt) / 1000, 3),
    cpuSeconds: round(cpuSeconds, 2),
    recsPerCpuSec: Math.round(read / cpuSeconds),
    out: out(),
    isRight: out() === workload.expected && read === records,
    procMs: batches.map((batch) => Math.round(batch.processingMs)),
    ...(name.startsWith('W4') ? commitsOf(steady) : {}),
  };
}

async function runStream(name, workload, { brokers, prefix, directory, recordsPerBatch }) {
  const ssc = new StreamingContext({ appName: `bench-${name}`, batchInterval: backToBackMs });
  ssc.checkpoint(directory);
  const result = workload.define(ssc, (topic) =>
    ssc.kafkaStream({
      brokers: brokers.split(','),
      topics: [prefix + topic],
      startingOffsets: 'earliest',
      maxRatePerPartition: (recordsPerBatch / 2 / backToBackMs) * 1000,
    }),
  );
  const times = new BatchTimes(workload.records);
  ssc.addStreamingListener(times);
  const cpuBefore = process.cpuUsage();
  await ssc.start();
  await Promise.race([times.done, ssc.awaitTermination()]);
  const cpu = process.cpuUsage(cpuBefore);
  await ssc.stop();
  return { batches: times.batches, cpu, out: () => result.out() };
}

function commitsOf(batches) {
  const commitMs = batches.map((batch) => batch.commitMs);
  return {
    batchMs100k: round(median(batches.map((batch) => batch.processingMs)), 1),
    commitMs100k: round(median(commitMs), 1),
    maxCommitMs100k: round(Math.max(...commitMs), 1),
    deltaKeys100k: median(batches.map((batch) => batch.deltaKeys)),
    deltaBytes100k: median(batches.map((batch) => batch.deltaBytes)),
  };
}

async function runPaced(workload, { brokers, prefix, directory }) {
  const topic = prefix + workload.topic;
  const producer = await workload.produce({ brokers, topic });
  try {
    const ssc = new StreamingContext({ appName: 'bench-W6', batchInterval: workload.intervalMs });
    ssc.checkpoint(directory);
    const result = workload.define(ssc, () =>
      ssc.kafkaStream({ brokers: brokers.split(','), topics: [topic], startingOffsets: 'latest' }),
    );
    const times = new BatchTimes(Infinity);
    ssc.addStreamingListener(times);
    const cpuBefore = process.cpuUsage();
    await ssc.start();
    const delays = await Promise.race([
      workload.measure(result),
      ssc.awaitTermination().then(() => {
        throw new Error('the context ended while it was measured');
      }),
    ]);
    const cpu = process.cpuUsage(cpuBefore);
    await ssc.stop();
    return {
      workload: 'W6',
      peer: 'ours',
      intervalMs: workload.intervalMs,
      samples: delays.length,
      p50: percentile(delays, 0.5),
      p99: percentile(delays, 0.99),
      max: delays.at(-1),
      meanProcMs: Math.round(times.batches.reduce((sum, b) => sum + b.processingMs, 0) / times.batches.length),
      cpuSeconds: round((cpu.user + cpu.system) / 1e6, 2),
      isRight: delays.length > 2000,
    };
  } finally {
    producer.kill();
  }
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}
